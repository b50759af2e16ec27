-- The role that the application works as (docs/adr/0011). It owns nothing: what must not change, it cannot change, and
-- what it could not have made, it cannot drop. Whoever owns the database runs the migrations.

-- Roles belong to the whole cluster, where other databases may make the same one at the same moment.
do $$
begin
    if not exists (select from pg_roles where rolname = 'surtidor_app') then
        create role surtidor_app nologin;
    end if;
exception
    when duplicate_object or unique_violation then
        null;
    when insufficient_privilege then
        raise exception 'the role surtidor_app is missing, and % may not create it', current_user
            using hint = format(
                'A superuser does so once for the cluster: create role surtidor_app nologin; grant surtidor_app to %I;',
                current_user
            );
end;
$$;

-- Whoever migrates may work as it, too: a single address of the database is enough.
do $$
begin
    if not (select rolsuper from pg_roles where rolname = current_user) then
        execute format('grant surtidor_app to %I', current_user);
    end if;
exception
    when insufficient_privilege then
        if not pg_has_role(current_user, 'surtidor_app', 'member') then
            raise exception '% may not become surtidor_app', current_user
                using hint = format('A superuser allows it once: grant surtidor_app to %I;', current_user);
        end if;
end;
$$;

-- Temporary tables are for imports.
do $$
begin
    execute format('grant connect, temporary on database %I to surtidor_app', current_database());
end;
$$;
grant usage on schema public to surtidor_app;

-- Our own tables, and not those of extensions.
do $$
declare
    relation regclass;
begin
    for relation in
        select c.oid::regclass from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
            and not exists (
                select from pg_depend d
                where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
            )
    loop
        execute format('grant select, insert, update, delete on %s to surtidor_app', relation);
    end loop;
end;
$$;
alter default privileges in schema public grant select, insert, update, delete on tables to surtidor_app;
alter default privileges in schema public grant usage on sequences to surtidor_app;
grant usage on all sequences in schema public to surtidor_app;

-- What was done, and what moved, stays as it was written.
revoke update, delete on audit_log, transfers from surtidor_app;

-- What migrations have made this database is the owner's to say.
do $$
begin
    if to_regclass('_sqlx_migrations') is not null then
        revoke insert, update, delete on _sqlx_migrations from surtidor_app;
    end if;
end;
$$;

-- Counting a table anew is its owner's right; imports need it.
create function analyze_stations() returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
    analyze stations, station_prices;
end;
$$;
