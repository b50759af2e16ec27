-- $1 source, $2 as of, then one array per column.
-- A station that a newer file has described is left alone.
with change as (
    select
        known.id,
        given.permit,
        given.name,
        coalesce(given.brand, known.brand) as brand,
        coalesce(given.address, known.address) as address,
        st_makepoint(given.longitude, given.latitude)::geography as location,
        given.time_zone,
        coalesce(given.is_24_hours, known.is_24_hours) as is_24_hours,
        coalesce(string_to_array(given.amenities, ','), known.amenities) as amenities,
        -- A file older than the one that closed the station does not open it again.
        known.status = 'closed' and known.closed_at <= $2 as is_reopened
    from stations as known
    inner join unnest(
        $3::text [], $4::text [], $5::text [], $6::text [], $7::text [],
        $8::float8 [], $9::float8 [], $10::text [], $11::bool [], $12::text []
    ) as given (
        key, permit, name, brand, address, longitude, latitude, time_zone, is_24_hours, amenities
    ) on known.source_key = given.key
    where known.source = $1::text::station_source and known.listed_at <= $2
),

compared as (
    select
        change.*,
        (
            known.permit, known.name, known.brand, known.address,
            st_x(known.location::geometry), st_y(known.location::geometry),
            known.time_zone, known.is_24_hours, known.amenities
        ) is distinct from (
            change.permit, change.name, change.brand, change.address,
            st_x(change.location::geometry), st_y(change.location::geometry),
            change.time_zone, change.is_24_hours, change.amenities
        ) as is_changed
    from change
    inner join stations as known on change.id = known.id
)

update stations as known
set
    permit = compared.permit,
    name = compared.name,
    brand = compared.brand,
    address = compared.address,
    location = compared.location,
    time_zone = compared.time_zone,
    is_24_hours = compared.is_24_hours,
    amenities = compared.amenities,
    listed_at = $2,
    status = case when compared.is_reopened then 'open' else known.status end,
    closed_at = case when compared.is_reopened then null else known.closed_at end
from compared
where
    known.id = compared.id
    and (compared.is_changed or compared.is_reopened or known.listed_at < $2)
returning compared.is_changed as "is_changed!", compared.is_reopened as "is_reopened!"
