-- Fuel stations and the full history of their prices.

create type fuel_type as enum ('REGULAR', 'PREMIUM', 'DIESEL');
create type station_source as enum ('cre', 'demo', 'manual');
create type station_status as enum ('open', 'closed');

create table stations (
    id uuid primary key,
    source station_source not null,
    -- The station's key in its source: the regulator's place_id for 'cre'.
    source_key text not null,
    -- The regulator's permit, e.g. PL/658/EXP/ES/2015.
    permit text,
    name text not null check (length(name) between 1 and 200),
    brand text,
    address text,
    location geography (point, 4326) not null,
    time_zone text not null,
    is_24_hours boolean not null default false,
    amenities text [] not null default '{}',
    status station_status not null default 'open',
    -- The date of the newest import that listed the station; it decides what a later file closes.
    listed_at timestamptz not null,
    closed_at timestamptz,
    merchant_id uuid references merchants (id),
    constraint stations_source_key unique (source, source_key),
    constraint stations_closed_at_matches_status check ((status = 'closed') = (closed_at is not null))
);
create index stations_open_location_idx on stations using gist (location) where status = 'open';
create index stations_merchant_id_idx on stations (merchant_id) where merchant_id is not null;

-- A row says: from this time on, this price; the newest row of a station and fuel is the current price.
create table station_prices (
    station_id uuid not null references stations (id),
    fuel fuel_type not null,
    valid_from timestamptz not null,
    -- When the source last said the same. It tells a price that holds from one that nobody renews,
    -- and lets an older file that is imported late find its place.
    confirmed_at timestamptz not null,
    -- Centavos per litre.
    price_minor integer not null check (price_minor > 0),
    source station_source not null,
    primary key (station_id, fuel, valid_from),
    constraint station_prices_confirmed_later check (confirmed_at >= valid_from)
);

-- The files that have been imported: a station that only an older one lists was closed by the next.
create table station_imports (
    source station_source not null,
    -- The date the file speaks of.
    as_of timestamptz not null,
    imported_at timestamptz not null,
    primary key (source, as_of)
);

-- What a search compares: lower case, without accents. unaccent() alone is not immutable, because
-- its dictionary could be replaced; naming the dictionary settles it.
create function search_text(text) returns text
language sql immutable strict parallel safe
return lower(public.unaccent('public.unaccent'::regdictionary, $1));

create index stations_name_search_idx on stations using gin (search_text(name) gin_trgm_ops);
create index stations_permit_search_idx on stations using gin (search_text(permit) gin_trgm_ops);

-- The current price of each fuel, in the order of the fuels, as an array of objects.
create function current_prices(station uuid) returns jsonb
language sql stable parallel safe
return (
    select coalesce(jsonb_agg(to_jsonb(newest) order by newest.fuel), '[]')
    from (
        select distinct on (fuel) fuel, price_minor as price, valid_from, confirmed_at
        from station_prices
        where station_id = station
        order by fuel, valid_from desc
    ) as newest
);
