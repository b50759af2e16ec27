-- Requests that their callers name (Idempotency-Key): the same name stands for the same request.

create table named_requests (
    -- Whose name it is: a person or an integration's key.
    actor_id uuid not null,
    name text not null check (length(name) between 1 and 64),
    -- SHA-256 of the method, the path and the body.
    request_hash bytea not null,
    -- What the request makes, if it makes one thing: the same for whoever takes it over.
    id uuid not null,
    -- When somebody last began to carry it out.
    claimed_at timestamptz not null,
    -- The first answer; null while it is being made, and for what is answered by its own rows.
    status integer,
    answer text,
    primary key (actor_id, name),
    constraint named_requests_answered check ((status is null) = (answer is null))
);
create index named_requests_claimed_at_idx on named_requests (claimed_at);

-- Notes what a name stands for; false when it stands for something else. For statements whose own rows say
-- what the first answer was.
create function remember_request(p_actor uuid, p_name text, p_hash bytea, p_id uuid, p_now timestamptz)
returns boolean language sql as $$
    insert into named_requests as r (actor_id, name, request_hash, id, claimed_at)
    values (p_actor, p_name, p_hash, p_id, p_now)
    on conflict (actor_id, name) do update set claimed_at = r.claimed_at
    returning r.request_hash = p_hash;
$$;

-- What the API lists.
create index redemptions_merchant_recent_idx on redemptions (merchant_id, id desc);
create index redemptions_merchant_pending_idx on redemptions (merchant_id, expires_at, id) where status = 'pending';
