-- $1 longitude, $2 latitude, $3 fuel or null, $4 and $5 distance and id of the last station seen.
-- `<->` on geography measures on the sphere, and the inner query walks the index by it. The index
-- serves only where nothing else is sorted by and the limit is a constant that the planner can see, so
-- equal distances are put in order outside; fifty stations at one distance are more than there are.
-- What the walk finds is sorted already: a radius is for the caller to cut.
with nearest as (
    select
        id,
        location <-> st_makepoint($1, $2)::geography as metres
    from stations
    where
        status = 'open'
        and location <-> st_makepoint($1, $2)::geography >= $4
        and (
            $3::text is null
            or (
                select true
                from station_prices
                where station_id = stations.id and fuel = $3::text::fuel_type
                limit 1
            )
        )
    order by location <-> st_makepoint($1, $2)::geography
    limit 101
)

select
    id,
    metres as "metres!"
from nearest
where (metres, id) > ($4, $5)
order by metres, id
limit 51
