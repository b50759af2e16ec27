-- Webhooks: what happens at a merchant, written with what it tells of, on its way to the merchant's own systems.

create table webhook_endpoints (
    id uuid primary key,
    merchant_id uuid not null references merchants (id),
    -- A merchant has ten places; two that are made at once cannot take the same.
    place smallint not null check (place between 1 and 10),
    url text not null check (length(url) <= 500),
    events text [] not null check (
        cardinality(events) > 0
        and events <@ array[
            'redemption.created', 'redemption.confirmed', 'redemption.cancelled', 'redemption.expired',
            'offer.sold_out', 'accrual.created'
        ]
    ),
    enabled boolean not null,
    -- Why it was switched off, if nobody did it.
    disabled_reason text check (disabled_reason is null or not enabled),
    created_at timestamptz not null,
    -- In clear: whoever signs needs it.
    secret text not null,
    previous_secret text,
    previous_secret_until timestamptz,
    constraint webhook_endpoints_place unique (merchant_id, place),
    check ((previous_secret is null) = (previous_secret_until is null))
);

create table webhook_events (
    id uuid primary key,
    merchant_id uuid not null references merchants (id),
    kind text not null,
    -- What is sent, whole: every try sends the same.
    payload jsonb not null,
    occurred_at timestamptz not null
);
create index webhook_events_occurred_idx on webhook_events (occurred_at);

create table webhook_deliveries (
    id uuid primary key,
    event_id uuid not null references webhook_events (id),
    endpoint_id uuid not null references webhook_endpoints (id) on delete cascade,
    status text not null default 'pending' check (status in ('pending', 'delivered', 'dead')),
    attempts integer not null default 0 check (attempts >= 0),
    created_at timestamptz not null,
    -- Due then; of one that is under way, lost then.
    next_attempt_at timestamptz,
    -- Who has it under way: nobody else may say what became of it.
    lease uuid,
    last_attempt_at timestamptz,
    response_status integer,
    error text,
    latency_ms integer,
    constraint webhook_deliveries_once unique (event_id, endpoint_id),
    check ((status = 'pending') = (next_attempt_at is not null)),
    check (lease is null or status = 'pending')
);
create index webhook_deliveries_due_idx on webhook_deliveries (endpoint_id, next_attempt_at) where status = 'pending';
create index webhook_deliveries_endpoint_idx on webhook_deliveries (endpoint_id, id desc);
create index webhook_deliveries_done_idx on webhook_deliveries (coalesce(last_attempt_at, created_at)) where status <> 'pending';

-- A moment as the API writes it.
create function rfc3339(p_at timestamptz) returns text language sql immutable as $$
    select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
$$;

create function webhook_payload(
    p_event uuid, p_kind text, p_subject uuid, p_at timestamptz, p_data jsonb
) returns jsonb language sql immutable as $$
    select jsonb_build_object(
        'type', p_kind, 'timestamp', rfc3339(p_at), 'event_id', p_event, 'aggregate_id', p_subject,
        'occurred_at', rfc3339(p_at), 'version', 1, 'data', p_data
    );
$$;

create function webhook_wanted(p_merchant uuid, p_kind text) returns boolean language sql stable as $$
    select exists (
        select from webhook_endpoints e where e.merchant_id = p_merchant and e.enabled and p_kind = any (e.events)
    );
$$;

-- Writes an event for every endpoint that wants it. An endpoint that is being deleted is passed over: a change
-- neither waits for it nor fails because of it.
create function emit_webhook(
    p_merchant uuid, p_kind text, p_subject uuid, p_at timestamptz, p_data jsonb
) returns void language plpgsql as $$
declare
    event constant uuid := uuid_v7(p_at);
begin
    insert into webhook_events (id, merchant_id, kind, payload, occurred_at)
    values (event, p_merchant, p_kind, webhook_payload(event, p_kind, p_subject, p_at, p_data), p_at);
    insert into webhook_deliveries (id, event_id, endpoint_id, created_at, next_attempt_at)
    select uuid_v7(p_at), event, wanting.id, p_at, p_at
    from (
        select e.id from webhook_endpoints e
        where e.merchant_id = p_merchant and e.enabled and p_kind = any (e.events)
        for key share skip locked
    ) as wanting;
    perform pg_notify('webhook', '');
end;
$$;

-- Nothing of this tells who the consumer is, and no code by which the redemption could be taken.
create function redemption_webhook() returns trigger language plpgsql as $$
declare
    kind constant text := 'redemption.' || case new.status when 'pending' then 'created' else new.status::text end;
begin
    if webhook_wanted(new.merchant_id, kind) then
        perform emit_webhook(
            new.merchant_id, kind, new.id,
            case new.status
                when 'confirmed' then new.confirmed_at when 'cancelled' then new.cancelled_at
                when 'expired' then new.expires_at else new.created_at
            end,
            jsonb_build_object(
                'redemption_id', new.id, 'offer_id', new.offer_id, 'offer_name', new.offer_name,
                'points_spent', new.points_spent, 'status', new.status, 'created_at', rfc3339(new.created_at),
                'expires_at', rfc3339(new.expires_at), 'confirmed_at', rfc3339(new.confirmed_at),
                'cancelled_at', rfc3339(new.cancelled_at), 'terminal_id', new.terminal_id
            )
        );
    end if;
    return null;
end;
$$;
create trigger redemptions_webhook_created after insert on redemptions
for each row execute function redemption_webhook();
create trigger redemptions_webhook_ended after update of status on redemptions
for each row when (old.status <> new.status) execute function redemption_webhook();

-- Runs when the transaction is about to commit: by then the redemption that took the last unit is there, which knows
-- the product's time. The offer's row does not, nor does anyone who changes it by hand.
create function sold_out_webhook() returns trigger language plpgsql as $$
begin
    if webhook_wanted(new.merchant_id, 'offer.sold_out') then
        perform emit_webhook(
            new.merchant_id, 'offer.sold_out', new.id,
            coalesce(
                (select r.created_at from redemptions r
                 where r.offer_id = new.id and r.status = 'pending' order by r.id desc limit 1),
                now()
            ),
            jsonb_build_object(
                'offer_id', new.id, 'offer_name', new.name, 'stock_quantity', new.stock_quantity,
                'stock_remaining', 0
            )
        );
    end if;
    return null;
end;
$$;
create constraint trigger offers_webhook after update of stock_taken on offers deferrable initially deferred
for each row when (new.stock_taken > old.stock_taken and new.stock_taken = new.stock_quantity)
execute function sold_out_webhook();

create function accrual_webhook() returns trigger language plpgsql as $$
begin
    if webhook_wanted(new.merchant_id, 'accrual.created') then
        perform emit_webhook(
            new.merchant_id, 'accrual.created', new.id, new.created_at,
            jsonb_build_object(
                'accrual_id', new.id, 'receipt', new.receipt, 'amount', new.sale_minor, 'points', new.points,
                'points_due', new.points_due, 'multiplier', new.multiplier, 'created_at', rfc3339(new.created_at)
            )
        );
    end if;
    return null;
end;
$$;
create trigger accruals_webhook after insert on accruals
for each row execute function accrual_webhook();

-- Takes what is due under a lease: at most p_each under way for one endpoint, whoever sends them, and p_most in
-- this call, first of the endpoints that have least under way. A lease that has run out is due again. The
-- endpoints are locked before what is under way is counted, so that two who claim at once count one another's.
create function claim_webhooks(
    p_lease uuid, p_until timestamptz, p_each integer, p_most bigint, p_now timestamptz
) returns table (
    delivery_id uuid, event_id uuid, endpoint_id uuid, attempts integer, url text, secret text,
    previous_secret text, kind text, body text
) language plpgsql as $$
#variable_conflict use_column
declare
    ready uuid [];
begin
    select array_agg(id) into ready from (
        select e.id from webhook_endpoints e
        where exists (
            select from webhook_deliveries d
            where d.endpoint_id = e.id and d.status = 'pending' and d.next_attempt_at <= p_now
        )
        for no key update skip locked
    ) as locked;
    return query
    with turns as materialized (
        select due.id
        from unnest(ready) as e (id),
            lateral (
                select count(*) as under_way from webhook_deliveries d
                where d.endpoint_id = e.id and d.status = 'pending' and d.lease is not null
                    and d.next_attempt_at > p_now
            ) as busy,
            lateral (
                select d.id, d.next_attempt_at, row_number() over (order by d.next_attempt_at, d.id) as turn
                from webhook_deliveries d
                where d.endpoint_id = e.id and d.status = 'pending' and d.next_attempt_at <= p_now
                order by d.next_attempt_at, d.id limit greatest(p_each - busy.under_way, 0)
            ) as due
        order by busy.under_way + due.turn, due.next_attempt_at
        limit p_most
    ),
    taken as (
        update webhook_deliveries d
        set lease = p_lease, attempts = d.attempts + 1, next_attempt_at = p_until, last_attempt_at = p_now
        where d.id in (
            select x.id from webhook_deliveries x
            where x.id in (select t.id from turns t) and x.status = 'pending' and x.next_attempt_at <= p_now
            for update skip locked
        )
        returning d.id, d.event_id, d.endpoint_id, d.attempts
    )
    select t.id, t.event_id, t.endpoint_id, t.attempts, e.url, e.secret,
        case when e.previous_secret_until > p_now then e.previous_secret end, v.kind, v.payload::text
    from taken t
    join webhook_endpoints e on e.id = t.endpoint_id
    join webhook_events v on v.id = t.event_id;
end;
$$;
