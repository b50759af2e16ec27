-- What was done by whom, append-only, written by the statement that does it.

-- A version 7 UUID: its time from the caller, the rest random. For rows that a function adds by itself.
create function uuid_v7(p_now timestamptz) returns uuid language sql volatile parallel safe
return encode(
    set_bit(set_bit(
        overlay(
            uuid_send(gen_random_uuid())
            placing substring(int8send((extract(epoch from p_now) * 1000)::bigint) from 3)
            from 1 for 6
        ),
        52, 1
    ), 53, 1),
    'hex'
)::uuid;

create table audit_log (
    id uuid primary key,
    at timestamptz not null,
    -- The person who did it; null for an integration, a command or a job.
    actor_id uuid,
    -- The integration's key, where one did it.
    api_key_id uuid,
    -- Whose business it is; null for the programme's own.
    merchant_id uuid,
    -- What was done, as subject.verb.
    action text not null check (action ~ '^[a-z_]+\.[a-z_]+$'),
    subject_id uuid,
    details jsonb not null default '{}'
);
create index audit_log_merchant_idx on audit_log (merchant_id, id desc);
create index audit_log_subject_idx on audit_log (subject_id, id desc);
create trigger audit_log_append_only before update or delete or truncate on audit_log
for each statement execute function refuse_change();

create function audit(
    p_now timestamptz, p_actor uuid, p_api_key uuid, p_merchant uuid, p_action text, p_subject uuid, p_details jsonb
) returns void language sql as $$
    insert into audit_log (id, at, actor_id, api_key_id, merchant_id, action, subject_id, details)
    values (uuid_v7(p_now), p_now, p_actor, p_api_key, p_merchant, p_action, p_subject, p_details);
$$;
