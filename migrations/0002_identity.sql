-- Who may sign in, what they are, and the one-time links mailed to them.

create table merchants (
    id uuid primary key,
    name text not null check (length(name) between 1 and 120),
    created_at timestamptz not null
);
create unique index merchants_name_key on merchants (lower(name));

create type role as enum ('consumer', 'attendant', 'manager', 'admin');

create table users (
    id uuid primary key,
    -- Normalised by the application: trimmed and lower-cased.
    email text not null constraint users_email_key unique check (email = lower(email)),
    name text not null check (length(name) between 1 and 120),
    -- Null until the invited person has chosen a password.
    password_hash text,
    role role not null,
    merchant_id uuid references merchants (id),
    email_verified_at timestamptz,
    -- Every session carries the epoch it was opened in; raising it ends them all.
    session_epoch integer not null default 0,
    created_at timestamptz not null,
    constraint users_staff_have_a_merchant
        check ((role in ('attendant', 'manager')) = (merchant_id is not null))
);
create index users_merchant_id_idx on users (merchant_id) where merchant_id is not null;

-- Failures are counted by address, known or not, so that a lock tells nothing about who has an account.
create table sign_in_attempts (
    email text primary key,
    failures integer not null,
    window_started_at timestamptz not null,
    locked_until timestamptz
);

create type one_time_token_kind as enum ('verify_email', 'reset_password');

-- A used or replaced token stays until it would have expired, so that it cannot come back to life.
create table one_time_tokens (
    token_hash bytea primary key,
    user_id uuid not null references users (id) on delete cascade,
    kind one_time_token_kind not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index one_time_tokens_user_id_idx on one_time_tokens (user_id);
create index one_time_tokens_expires_at_idx on one_time_tokens (expires_at);

-- Browser sessions, as the session layer hands them over.
create table sessions (
    id text primary key,
    data jsonb not null,
    expires_at timestamptz not null
);
create index sessions_expires_at_idx on sessions (expires_at);
