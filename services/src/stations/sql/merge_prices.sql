-- $1 source, $2 as of, then the arrays: station keys, fuels, prices.
-- Each price is compared with the row in force at that date and with the one after it:
--   same       the row in force says so already, and was confirmed then or later
--   confirm    the row in force says so; it is confirmed up to this date
--   correct    the same file's date has another price: the new one replaces it
--   interrupt  the row in force was confirmed later than this date: it ends here, and goes on where it
--              was confirmed
--   extend     the row after says so: it begins at this date
--   insert     a new row
-- A statement's parts all see the tables as they were before it, and each touches other rows.
with given as (
    select
        stations.id as station_id,
        given.fuel::fuel_type as fuel,
        given.price
    from unnest($3::text [], $4::text [], $5::int [])
        as given (key, fuel, price)
    -- The limit keeps this a look-up per row, whatever the planner thinks of the table's size.
    cross join lateral (
        select id
        from stations
        where source = $1::text::station_source and source_key = given.key
        limit 1
    ) as stations
),

judged as (
    select
        given.station_id,
        given.fuel,
        given.price,
        before.valid_from as before_from,
        before.confirmed_at as before_confirmed,
        before.price_minor as before_price,
        before.source as before_source,
        after.valid_from as after_from,
        case
            when before.price_minor = given.price and before.confirmed_at >= $2 then 'same'
            when before.price_minor = given.price then 'confirm'
            -- What somebody entered by hand at that very moment stands.
            when before.valid_from = $2 and before.source <> $1::text::station_source then 'same'
            when before.valid_from = $2 then 'correct'
            when before.confirmed_at >= $2 then 'interrupt'
            when
                after.price_minor = given.price and after.source = $1::text::station_source
                then 'extend'
            else 'insert'
        end as action
    from given
    left join lateral (
        select price.*
        from station_prices as price
        where
            price.station_id = given.station_id
            and price.fuel = given.fuel
            and price.valid_from <= $2
        order by price.valid_from desc
        limit 1
    ) as before on true
    left join lateral (
        select price.*
        from station_prices as price
        where
            price.station_id = given.station_id
            and price.fuel = given.fuel
            and price.valid_from > $2
        order by price.valid_from
        limit 1
    ) as after on true
),

changed as (
    update station_prices as price
    set
        valid_from = case when judged.action = 'extend' then $2 else price.valid_from end,
        confirmed_at = case judged.action
            when 'confirm' then $2
            when 'interrupt' then price.valid_from
            else price.confirmed_at
        end,
        price_minor = case
            when judged.action = 'correct' then judged.price else price.price_minor
        end
    from judged
    where
        judged.action in ('confirm', 'correct', 'interrupt', 'extend')
        and price.station_id = judged.station_id
        and price.fuel = judged.fuel
        and price.valid_from = case
            when judged.action = 'extend' then judged.after_from else judged.before_from
        end
),

inserted as (
    insert into station_prices (
        station_id, fuel, valid_from, confirmed_at, price_minor, source
    )
    select
        station_id, fuel, $2, $2, price, $1::text::station_source
    from judged
    where action in ('insert', 'interrupt')
    union all
    select
        station_id, fuel, before_confirmed, before_confirmed, before_price, before_source
    from judged
    where action = 'interrupt' and before_confirmed > $2
)

select
    action as "action!",
    count(*) as "rows!"
from judged
group by action
