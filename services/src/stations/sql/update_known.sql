-- $1 source, $2 as of, then one array per column.
-- A station that a newer file has described is left alone.
with change as (
    select
        known.id,
        wanted.*,
        known.listed_at < $2 as is_later,
        -- A file older than the one that closed the station does not open it again.
        known.status = 'closed' and known.closed_at <= $2 as is_reopened,
        (
            known.permit, known.name, known.brand, known.address,
            st_x(known.location::geometry), st_y(known.location::geometry),
            known.time_zone, known.is_24_hours, known.amenities
        ) is distinct from (
            wanted.permit, wanted.name, wanted.brand, wanted.address,
            wanted.longitude, wanted.latitude,
            wanted.time_zone, wanted.is_24_hours, wanted.amenities
        ) as is_changed
    from unnest(
        $3::text [], $4::text [], $5::text [], $6::text [], $7::text [],
        $8::float8 [], $9::float8 [], $10::text [], $11::bool [], $12::text []
    ) as given (
        key, permit, name, brand, address, longitude, latitude, time_zone, is_24_hours, amenities
    )
    -- The limit keeps this a look-up per row, whatever the planner thinks of the table's size.
    cross join lateral (
        select *
        from stations
        where source = $1::text::station_source and source_key = given.key
        limit 1
    ) as known
    cross join lateral (
        select
            given.permit,
            given.name,
            coalesce(given.brand, known.brand) as brand,
            coalesce(given.address, known.address) as address,
            given.longitude,
            given.latitude,
            given.time_zone,
            coalesce(given.is_24_hours, known.is_24_hours) as is_24_hours,
            coalesce(string_to_array(given.amenities, ','), known.amenities) as amenities
    ) as wanted
    where known.listed_at <= $2
)

update stations
set
    permit = change.permit,
    name = change.name,
    brand = change.brand,
    address = change.address,
    location = st_makepoint(change.longitude, change.latitude)::geography,
    time_zone = change.time_zone,
    is_24_hours = change.is_24_hours,
    amenities = change.amenities,
    listed_at = $2,
    status = case when change.is_reopened then 'open' else stations.status end,
    closed_at = case when change.is_reopened then null else stations.closed_at end
from change
where
    stations.id = change.id
    and (change.is_changed or change.is_reopened or change.is_later)
returning change.is_changed as "is_changed!", change.is_reopened as "is_reopened!"
