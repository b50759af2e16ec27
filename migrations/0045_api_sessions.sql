-- Sessions of programs that sign in for a person by the API: an access token names its session, and the session
-- is renewed by refresh tokens, each good once.

create table api_sessions (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    -- The person's epoch when they signed in: ending all sessions ends these, too.
    session_epoch integer not null,
    created_at timestamptz not null,
    closed_at timestamptz
);
create index api_sessions_user_id_idx on api_sessions (user_id);

-- A used token stays until it would have expired, so that a second use is known as one.
create table refresh_tokens (
    -- SHA-256 of 256 random bits.
    token_hash bytea primary key,
    session_id uuid not null references api_sessions (id) on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index refresh_tokens_session_id_idx on refresh_tokens (session_id);
create index refresh_tokens_expires_at_idx on refresh_tokens (expires_at);

-- Opens a session with its first refresh token.
create function open_api_session(
    p_session uuid, p_user uuid, p_epoch integer, p_hash bytea, p_now timestamptz, p_expires_at timestamptz
) returns void language plpgsql as $$
begin
    insert into api_sessions (id, user_id, session_epoch, created_at) values (p_session, p_user, p_epoch, p_now);
    insert into refresh_tokens (token_hash, session_id, created_at, expires_at)
    values (p_hash, p_session, p_now, p_expires_at);
    perform audit(p_now, p_user, null, null, 'session.open', p_session, '{"by": "api"}');
end;
$$;

-- Takes a refresh token and gives its successor's hash a place. Whoever presents a used one has stolen it, or
-- was stolen from: the session ends, whichever of the two it is. Presented many times at once it is good for
-- the first, and the session ends.
create function rotate_refresh_token(p_hash bytea, p_next bytea, p_now timestamptz, p_expires_at timestamptz)
returns table (outcome text, session_id uuid, user_id uuid) language plpgsql as $$
#variable_conflict use_column
declare
    t refresh_tokens;
    s api_sessions;
    answer text;
begin
    -- Those who present the same token queue here; each sees what the one before has done.
    select * into t from refresh_tokens x where x.token_hash = p_hash for update;
    if not found or t.expires_at <= p_now then
        return;
    end if;
    select x.* into strict s from api_sessions x where x.id = t.session_id;
    if t.used_at is not null then
        answer := 'reused';
        update api_sessions x set closed_at = p_now where x.id = s.id and x.closed_at is null;
        if found then
            perform audit(p_now, s.user_id, null, null, 'session.reuse', s.id, '{}');
        end if;
    elsif s.closed_at is not null or not exists (
        select from users u where u.id = s.user_id and u.session_epoch = s.session_epoch
    ) then
        answer := 'closed';
    else
        answer := 'rotated';
        update refresh_tokens x set used_at = p_now where x.token_hash = p_hash;
        insert into refresh_tokens (token_hash, session_id, created_at, expires_at)
        values (p_next, s.id, p_now, p_expires_at);
    end if;
    return query select answer, s.id, s.user_id;
end;
$$;

-- Ends the session of a refresh token, used or not. An unknown token ends nothing.
create function close_api_session(p_hash bytea, p_now timestamptz) returns void language sql as $$
    with closed as (
        update api_sessions s set closed_at = p_now from refresh_tokens t
        where t.token_hash = p_hash and t.expires_at > p_now and s.id = t.session_id and s.closed_at is null
        returning s.id, s.user_id
    )
    select audit(p_now, user_id, null, null, 'session.close', id, '{"by": "api"}') from closed;
$$;
