-- A new one-time link in place of the earlier ones of its kind, in one statement for the application.
--
-- The answer is null; or, where the person was sent p_at_most of the kind within an hour, the time from which
-- they may be sent another, and no change. Without p_at_most there is no such limit.
create function issue_link(
    p_hash bytea, p_user uuid, p_kind one_time_token_kind, p_now timestamptz, p_expires timestamptz,
    p_at_most integer
) returns timestamptz language plpgsql as $$
declare
    next_at timestamptz;
begin
    -- Of two at the same moment, the later has to see the earlier's link to count and to replace it.
    perform from users where id = p_user for no key update;

    select t.created_at + interval '1 hour' into next_at from one_time_tokens t
    where p_at_most > 0 and t.user_id = p_user and t.kind = p_kind
        and t.created_at > p_now - interval '1 hour'
    order by t.created_at desc offset p_at_most - 1 limit 1;
    if found then
        return next_at;
    end if;

    update one_time_tokens set used_at = p_now
    where user_id = p_user and kind = p_kind and used_at is null;
    insert into one_time_tokens (token_hash, user_id, kind, created_at, expires_at)
    values (p_hash, p_user, p_kind, p_now, p_expires);
    return null;
end;
$$;
