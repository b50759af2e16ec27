-- The second step of signing in, for managers and admins: the codes of an app (RFC 6238), and recovery codes for whoever
-- has lost it.

create table second_steps (
    user_id uuid primary key references users (id) on delete cascade,
    -- What the app and we share, sealed under a key that the database does not have; null until a first code was right.
    secret text,
    activated_at timestamptz,
    -- Codes up to this step of 30 seconds are used up.
    used_step bigint not null default 0,
    -- A sealed secret that waits for its first code, maybe in place of the one in force.
    pending text,
    constraint second_steps_activated check ((secret is null) = (activated_at is null)),
    constraint second_steps_something check (num_nonnulls(secret, pending) > 0)
);

create table recovery_codes (
    -- HMAC of the person and the code, under a key that the database does not have.
    code_hash text primary key,
    user_id uuid not null references second_steps (user_id) on delete cascade,
    used_at timestamptz
);
create index recovery_codes_user_id_idx on recovery_codes (user_id);

-- Nobody else is asked for a second step, or could switch it off.
create function forget_second_step() returns trigger language plpgsql as $$
begin
    delete from second_steps where user_id = new.id;
    return null;
end;
$$;
create trigger users_forget_second_step after update of role on users
for each row when (new.role not in ('manager', 'admin')) execute function forget_second_step();

-- Whether someone signs in with a second step.
create function has_second_step(p_user uuid) returns boolean language sql stable
return exists (select from second_steps where user_id = p_user and secret is not null);

-- Uses a code up, once: a step of the app's, or a recovery code. False when it was used before, or when the secret that
-- it was checked against is not in force any more. Of many at once, the row lets one through.
create function use_second_step(
    p_user uuid, p_secret text, p_step bigint, p_recovery text, p_now timestamptz
) returns boolean language plpgsql as $$
begin
    if p_step is not null then
        update second_steps set used_step = p_step
        where user_id = p_user and secret = p_secret and used_step < p_step;
        return found;
    end if;
    update recovery_codes set used_at = p_now
    where code_hash = p_recovery and user_id = p_user and used_at is null;
    if not found then
        return false;
    end if;
    perform audit(
        p_now, u.id, null, u.merchant_id, 'recovery_code.use', u.id,
        jsonb_build_object(
            'left', (select count(*) from recovery_codes c where c.user_id = u.id and c.used_at is null)
        )
    ) from users u where u.id = p_user;
    return true;
end;
$$;

-- Lets someone in whose password was right in this epoch, and whose code where they have a second step: uses the code
-- up, forgets the failures before, and writes it down. Or does nothing and says false.
create function sign_in(
    p_user uuid, p_epoch integer, p_secret text, p_step bigint, p_recovery text, p_now timestamptz
) returns boolean language plpgsql as $$
declare
    u users;
    told text := 'password.sign_in';
    details jsonb := '{}';
begin
    select * into u from users x where x.id = p_user and x.session_epoch = p_epoch;
    if not found then
        return false;
    end if;
    if p_step is not null or p_recovery is not null then
        if not use_second_step(p_user, p_secret, p_step, p_recovery, p_now) then
            return false;
        end if;
        told := 'second_step.sign_in';
        details := jsonb_build_object('with', case when p_step is null then 'recovery_code' else 'code' end);
    elsif has_second_step(p_user) then
        return false;
    end if;
    delete from sign_in_attempts where email = u.email;
    perform audit(p_now, u.id, null, u.merchant_id, told, u.id, details);
    return true;
end;
$$;

-- Keeps a secret until its first code. Whoever has a second step already gives a code of that one.
create function begin_second_step(
    p_user uuid, p_pending text, p_secret text, p_step bigint, p_recovery text, p_now timestamptz
) returns boolean language plpgsql as $$
begin
    if has_second_step(p_user) and not use_second_step(p_user, p_secret, p_step, p_recovery, p_now) then
        return false;
    end if;
    insert into second_steps (user_id, pending)
    select id, p_pending from users where id = p_user and role in ('manager', 'admin')
    on conflict (user_id) do update set pending = excluded.pending;
    return found;
end;
$$;

-- Puts a secret in force whose first code was right, with recovery codes of its own, and ends all sessions: they were
-- opened without it. The answer is the epoch to open the next one in; none when that secret does not wait any more.
create function activate_second_step(
    p_user uuid, p_pending text, p_step bigint, p_codes text[], p_now timestamptz
) returns integer language plpgsql as $$
declare
    u users;
begin
    update second_steps set secret = pending, pending = null, activated_at = p_now, used_step = p_step
    where user_id = p_user and pending = p_pending;
    if not found then
        return null;
    end if;
    delete from recovery_codes where user_id = p_user;
    insert into recovery_codes (code_hash, user_id) select unnest(p_codes), p_user;
    update users set session_epoch = session_epoch + 1 where id = p_user returning * into u;
    perform audit(p_now, u.id, null, u.merchant_id, 'second_step.activate', u.id, '{}');
    return u.session_epoch;
end;
$$;

-- Other recovery codes in place of those before, for a code.
create function renew_recovery_codes(
    p_user uuid, p_codes text[], p_secret text, p_step bigint, p_recovery text, p_now timestamptz
) returns boolean language plpgsql as $$
begin
    if not use_second_step(p_user, p_secret, p_step, p_recovery, p_now) then
        return false;
    end if;
    delete from recovery_codes where user_id = p_user;
    insert into recovery_codes (code_hash, user_id) select unnest(p_codes), p_user;
    perform audit(p_now, u.id, null, u.merchant_id, 'recovery_code.renew', u.id, '{}') from users u where u.id = p_user;
    return true;
end;
$$;

-- Switches a second step off, for a code.
create function disable_second_step(
    p_user uuid, p_secret text, p_step bigint, p_recovery text, p_now timestamptz
) returns boolean language plpgsql as $$
begin
    if not use_second_step(p_user, p_secret, p_step, p_recovery, p_now) then
        return false;
    end if;
    delete from second_steps where user_id = p_user;
    perform audit(p_now, u.id, null, u.merchant_id, 'second_step.disable', u.id, '{}') from users u where u.id = p_user;
    return true;
end;
$$;
