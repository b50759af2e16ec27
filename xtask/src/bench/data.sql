-- What `cargo xtask bench` works on: people with points and a session each, a hot offer, and many others.
-- Identifiers are numbered, so that the script for pgbench can make them up.

create function numbered(p_kind integer, p_number integer) returns uuid language sql immutable as $$
    select (lpad(to_hex(p_kind), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(p_number), 12, '0'))::uuid;
$$;

insert into merchants (id, name, created_at)
select numbered(1, n), 'Merchant ' || n, now() from generate_series(0, 19) as n;

insert into users (id, email, name, role, created_at)
select numbered(2, n), 'person' || n || '@bench.test', 'Person', 'consumer', now()
from generate_series(1, 20000) as n;

-- Offer 0 is the hot one. All have a stock, so that every redemption has to change its offer's row.
insert into offers (
    id, merchant_id, name, description, category, points_cost, stock_quantity, max_per_user, lifetime_minutes,
    valid_from, valid_to, status, created_at
)
select
    numbered(3, n), numbered(1, n % 20), 'Coffee ' || n, repeat('A large one, with milk. ', 10), 'food', 10,
    1000000000, 1000000, 43200, now() - interval '1 day', now() + interval '1 year', 'active', now()
from generate_series(0, 400) as n;

-- A lot of a million points for everyone.
with paid as (
    insert into transfers (id, debit_account_id, credit_account_id, amount, kind, created_at)
    select
        uuid_v7(now()), (select id from accounts where kind = 'issuance' and merchant_id is null),
        a.id, 1000000, 'bonus', now()
    from accounts as a where a.kind = 'available'
    returning id, credit_account_id
)
insert into lots (id, user_id, kind, source, amount, remaining, earned_at, expires_at)
select p.id, a.user_id, 'standard', 'bonus', 1000000, 1000000, now(), now() + interval '1 year'
from paid as p join accounts as a on a.id = p.credit_account_id;
update accounts set balance = 1000000 where kind = 'available';
update accounts set balance = -(select sum(balance) from accounts where kind = 'available')
where kind = 'issuance' and merchant_id is null;

-- A session's name is 128 bits in the base 64 of addresses.
insert into sessions (id, data, expires_at)
select
    translate(encode(uuid_send(gen_random_uuid()), 'base64'), '+/=', '-_'),
    jsonb_build_object('signed_in', jsonb_build_object(
        'user', u.id, 'epoch', 0, 'since', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'seen', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    )),
    now() + interval '7 days'
from users as u;
