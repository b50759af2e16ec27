-- What acts for a merchant beside its people: devices at the till, and integrations.

-- A shared device at the counter or the pump.
create table terminals (
    id uuid primary key,
    merchant_id uuid not null references merchants (id),
    name text not null check (length(name) between 1 and 40),
    station_id uuid references stations (id),
    -- SHA-256 of the secret that the device keeps.
    secret_hash bytea not null constraint terminals_secret_key unique,
    created_at timestamptz not null,
    retired_at timestamptz
);
create unique index terminals_name_key on terminals (merchant_id, lower(name)) where retired_at is null;

-- A key for a point of sale or another program. It is shown once and kept as a hash.
create table api_keys (
    id uuid primary key,
    merchant_id uuid not null references merchants (id),
    name text not null check (length(name) between 1 and 60),
    -- SHA-256: the key is 256 random bits, so nothing slower protects it better.
    key_hash bytea not null constraint api_keys_hash_key unique,
    -- Its last four characters, to tell one from another.
    hint text not null check (length(hint) = 4),
    created_by uuid not null references users (id),
    created_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz
);
create index api_keys_merchant_idx on api_keys (merchant_id, created_at desc);

alter table redemptions
    add column confirmed_key_id uuid references api_keys (id),
    add column terminal_id uuid references terminals (id),
    add column station_id uuid references stations (id),
    add column cancellation_reason text check (length(cancellation_reason) <= 200),
    -- The idempotency keys of the calls that ended it: a retry is answered as the first was.
    add column confirm_key text,
    add column cancel_key text,
    drop constraint redemptions_confirmed,
    add constraint redemptions_confirmed check (
        (status = 'confirmed') = (confirmed_at is not null)
        and (status = 'confirmed') = (num_nonnulls(confirmed_by, confirmed_key_id) = 1)
    );
