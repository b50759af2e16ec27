-- What people type at a shared till in place of their password.

create table pins (
    user_id uuid primary key references users (id),
    -- A slow hash, as of a password.
    pin_hash text not null,
    set_at timestamptz not null,
    failures integer not null default 0,
    window_started_at timestamptz not null,
    locked_until timestamptz
);

-- Whoever leaves a merchant leaves its tills.
create function forget_pin() returns trigger language plpgsql as $$
begin
    delete from pins where user_id = new.id;
    return null;
end;
$$;
create trigger users_forget_pin after update of merchant_id on users
for each row when (old.merchant_id is distinct from new.merchant_id) execute function forget_pin();
