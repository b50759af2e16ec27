-- Offers and the redemptions of them.

create type offer_status as enum ('draft', 'active', 'paused', 'archived');
create type offer_category as enum ('fuel', 'food', 'car_wash', 'car_care', 'shop', 'other');

create table offers (
    id uuid primary key,
    merchant_id uuid not null references merchants (id),
    name text not null check (length(name) between 3 and 80),
    description text not null check (length(description) between 1 and 1000),
    terms text not null default '' check (length(terms) <= 4000),
    category offer_category not null,
    points_cost bigint not null check (points_cost > 0),
    -- Units ever given out, null for no limit; and how many are taken. What is left is the difference, so an
    -- edit of the quantity and a redemption at the same moment cannot undo one another.
    stock_quantity integer check (stock_quantity > 0),
    stock_taken integer not null default 0 check (stock_taken >= 0),
    max_per_user integer not null check (max_per_user > 0),
    lifetime_minutes integer not null check (lifetime_minutes between 1 and 43200),
    valid_from timestamptz not null,
    valid_to timestamptz not null,
    status offer_status not null default 'draft',
    -- Raised by every edit; a form that was opened before another's edit is told so.
    version integer not null default 1,
    created_at timestamptz not null,
    constraint offers_stock_not_oversold check (stock_taken <= stock_quantity),
    constraint offers_window check (valid_to > valid_from)
);
create index offers_active_idx on offers (created_at desc, id desc) where status = 'active';
create index offers_merchant_idx on offers (merchant_id, created_at desc);

create type redemption_status as enum ('pending', 'confirmed', 'cancelled', 'expired');

-- No foreign key to offers: it would lock the row of a hot offer for every redemption. redeem() checks
-- the offer in the statement that inserts, and offers are archived, never deleted.
create table redemptions (
    id uuid primary key,
    offer_id uuid not null,
    merchant_id uuid not null references merchants (id),
    consumer_id uuid not null references users (id),
    idempotency_key uuid not null,
    code text not null constraint redemptions_code_key unique,
    short_code text not null,
    points_spent bigint not null check (points_spent > 0),
    -- As the consumer saw it when redeeming.
    offer_name text not null,
    takes_stock boolean not null,
    status redemption_status not null default 'pending',
    created_at timestamptz not null,
    expires_at timestamptz not null check (expires_at > created_at),
    confirmed_at timestamptz,
    confirmed_by uuid references users (id),
    cancelled_at timestamptz,
    constraint redemptions_idempotency_key unique (consumer_id, idempotency_key),
    constraint redemptions_confirmed check (
        (status = 'confirmed') = (confirmed_at is not null)
        and (status = 'confirmed') = (confirmed_by is not null)
    ),
    constraint redemptions_cancelled check ((status = 'cancelled') = (cancelled_at is not null))
);
create unique index redemptions_short_code_key on redemptions (merchant_id, short_code) where status = 'pending';
-- The till also looks up what is not pending any more, to say so.
create index redemptions_merchant_idx on redemptions (merchant_id, short_code);
create index redemptions_due_idx on redemptions (expires_at) where status = 'pending';
create index redemptions_consumer_idx on redemptions (consumer_id, id desc);
create index redemptions_limit_idx on redemptions (consumer_id, offer_id) where status in ('pending', 'confirmed');
create index redemptions_offer_pending_idx on redemptions (offer_id) where status = 'pending';
create index redemptions_confirmed_by_idx on redemptions (confirmed_by, confirmed_at desc) where status = 'confirmed';

create function keep_final_status() returns trigger language plpgsql as $$
begin
    raise exception 'redemption % is %', old.id, old.status;
end;
$$;
create trigger redemptions_final_status before update on redemptions
for each row when (old.status <> 'pending') execute function keep_final_status();
