-- $1 source, $2 as of, then one array per column, the new identifiers last.
-- A station that only an older file lists was closed by the next file.
insert into stations (
    id, source, source_key, permit, name, brand, address, location, time_zone,
    is_24_hours, amenities, listed_at, status, closed_at
)
select
    given.id,
    $1::text::station_source,
    given.key,
    given.permit,
    given.name,
    given.brand,
    given.address,
    st_makepoint(given.longitude, given.latitude)::geography,
    given.time_zone,
    coalesce(given.is_24_hours, false),
    coalesce(string_to_array(given.amenities, ','), '{}'),
    $2,
    case when later.as_of is null then 'open' else 'closed' end::station_status,
    later.as_of
from unnest(
    $3::text [], $4::text [], $5::text [], $6::text [], $7::text [],
    $8::float8 [], $9::float8 [], $10::text [], $11::bool [], $12::text [], $13::uuid []
) as given (
    key, permit, name, brand, address, longitude, latitude, time_zone, is_24_hours, amenities, id
)
cross join (
    select min(as_of) as as_of
    from station_imports
    where source = $1::text::station_source and as_of > $2
) as later
on conflict (source, source_key) do nothing
