-- Points have an age: what was earned together is a lot, spent oldest expiry first.

alter table accounts
    drop constraint accounts_kind_has_its_owner,
    drop constraint accounts_balance_not_negative,
    add constraint accounts_kind_has_its_owner check (
        (kind in ('available', 'reserved', 'owed')) = (user_id is not null)
        -- A merchant issues the points of its own sales.
        and (merchant_id is null or kind in ('settlement', 'issuance'))
        and (kind <> 'settlement' or merchant_id is not null)
    ),
    add constraint accounts_balance_not_negative check (balance >= 0 or kind in ('issuance', 'owed')),
    add constraint accounts_owed_not_positive check (kind <> 'owed' or balance <= 0);

create or replace function open_user_accounts() returns trigger language plpgsql as $$
begin
    insert into accounts (id, kind, user_id)
    values (gen_random_uuid(), 'available', new.id), (gen_random_uuid(), 'reserved', new.id),
        (gen_random_uuid(), 'owed', new.id);
    return null;
end;
$$;
create or replace function open_merchant_account() returns trigger language plpgsql as $$
begin
    insert into accounts (id, kind, merchant_id)
    values (gen_random_uuid(), 'settlement', new.id), (gen_random_uuid(), 'issuance', new.id);
    return null;
end;
$$;
insert into accounts (id, kind, user_id) select gen_random_uuid(), 'owed', id from users;
insert into accounts (id, kind, merchant_id) select gen_random_uuid(), 'issuance', id from merchants;
insert into accounts (id, kind) values (gen_random_uuid(), 'breakage');

-- What else than a redemption the points moved for: an accrual, an adjustment, a referral.
alter table transfers add column reference uuid;
create unique index transfers_once_per_reference on transfers (reference, kind, credit_account_id)
where reference is not null;

drop function post_transfer(uuid, uuid, uuid, bigint, transfer_kind, uuid, timestamptz);
create function post_transfer(
    p_id uuid, p_debit uuid, p_credit uuid, p_amount bigint, p_kind transfer_kind,
    p_redemption uuid, p_now timestamptz, p_reference uuid default null
) returns void language plpgsql as $$
begin
    update accounts set balance = balance - p_amount where id = p_debit;
    update accounts set balance = balance + p_amount where id = p_credit;
    insert into transfers (
        id, debit_account_id, credit_account_id, amount, kind, redemption_id, reference, created_at
    ) values (p_id, p_debit, p_credit, p_amount, p_kind, p_redemption, p_reference, p_now);
end;
$$;

create type lot_kind as enum ('standard', 'promotional', 'gift');

create table lots (
    -- The transfer that brought the points.
    id uuid primary key references transfers (id),
    user_id uuid not null references users (id),
    kind lot_kind not null,
    source transfer_kind not null,
    amount bigint not null check (amount > 0),
    -- What of it is still available; pending redemptions hold what they took in lot_spends.
    remaining bigint not null,
    earned_at timestamptz not null,
    expires_at timestamptz not null,
    -- Set when the sale was reversed: it no longer counts towards tier and daily cap.
    reversed_at timestamptz,
    constraint lots_remaining check (remaining between 0 and amount),
    constraint lots_expire_later check (expires_at > earned_at)
);
create index lots_open_idx on lots (user_id, expires_at, id) where remaining > 0;
create index lots_due_idx on lots (expires_at) where remaining > 0;
create index lots_earned_idx on lots (user_id, earned_at) include (amount, source) where reversed_at is null;

-- Which lots paid for a redemption, so that a refund can give them back with their dates.
create table lot_spends (
    redemption_id uuid not null,
    lot_id uuid not null references lots (id),
    amount bigint not null check (amount > 0),
    primary key (redemption_id, lot_id)
);

-- Points from before lots begin a year now. Their lot hangs on the newest transfer that brought any.
insert into lots (id, user_id, kind, source, amount, remaining, earned_at, expires_at)
select
    (select t.id from transfers t where t.credit_account_id = a.id and t.kind = 'bonus' order by t.id desc limit 1),
    a.user_id, 'standard', 'bonus', a.balance + r.balance, a.balance, now(), now() + interval '12 months'
from accounts as a join accounts as r on r.user_id = a.user_id and r.kind = 'reserved'
where a.kind = 'available' and a.balance + r.balance > 0;
insert into lot_spends (redemption_id, lot_id, amount)
select r.id, l.id, r.points_spent from redemptions as r join lots as l on l.user_id = r.consumer_id
where r.status = 'pending';

-- Moves lots past their date to breakage. The caller holds the available account; the answer is how much
-- less there is.
create function expire_lots(p_user uuid, p_available uuid, p_now timestamptz) returns bigint
language plpgsql as $$
declare
    expired bigint;
begin
    with due as (
        select id, remaining from lots where user_id = p_user and remaining > 0 and expires_at <= p_now
    ), emptied as (
        update lots l set remaining = 0 from due where l.id = due.id
    )
    select coalesce(sum(remaining), 0) into expired from due;
    if expired > 0 then
        perform post_transfer(
            uuid_v7(p_now), p_available, (select id from accounts where kind = 'breakage'),
            expired, 'lot_expiry', null, p_now
        );
    end if;
    return expired;
end;
$$;

-- Takes points out of lots, oldest expiry first. The caller holds the available account and has expired what
-- was due; a redemption's part of each lot is remembered.
create function spend_lots(p_user uuid, p_amount bigint, p_redemption uuid) returns void
language plpgsql as $$
declare
    lot record;
    missing bigint := p_amount;
    part bigint;
begin
    for lot in
        select id, remaining from lots where user_id = p_user and remaining > 0 order by expires_at, id
    loop
        exit when missing = 0;
        part := least(lot.remaining, missing);
        update lots set remaining = remaining - part where id = lot.id;
        if p_redemption is not null then
            insert into lot_spends (redemption_id, lot_id, amount) values (p_redemption, lot.id, part);
        end if;
        missing := missing - part;
    end loop;
    if missing > 0 then
        raise exception 'the lots of % lack % points', p_user, missing;
    end if;
end;
$$;

-- New or returned points pay first what is owed. The caller holds the available account.
create function repay_owed(p_user uuid, p_available uuid, p_now timestamptz) returns void
language plpgsql as $$
declare
    owed accounts;
    part bigint;
begin
    select * into strict owed from accounts a where a.user_id = p_user and a.kind = 'owed';
    if owed.balance = 0 then
        return;
    end if;
    -- Points past their date pay nothing any more.
    perform expire_lots(p_user, p_available, p_now);
    select least(-owed.balance, a.balance) into strict part from accounts a where a.id = p_available;
    if part > 0 then
        perform spend_lots(p_user, part, null);
        perform post_transfer(uuid_v7(p_now), p_available, owed.id, part, 'repayment', null, p_now);
    end if;
end;
$$;

-- Credits points as a lot. The merchant, if any, issues them; else the programme does.
create function earn(
    p_transfer uuid, p_user uuid, p_amount bigint, p_kind transfer_kind, p_lot lot_kind, p_merchant uuid,
    p_reference uuid, p_expires_at timestamptz, p_now timestamptz
) returns void language plpgsql as $$
declare
    available uuid;
begin
    select a.id into strict available from accounts a
    where a.user_id = p_user and a.kind = 'available' for update;
    perform post_transfer(
        p_transfer, (select a.id from accounts a
            where a.kind = 'issuance' and a.merchant_id is not distinct from p_merchant),
        available, p_amount, p_kind, null, p_now, p_reference
    );
    insert into lots (id, user_id, kind, source, amount, remaining, earned_at, expires_at)
    values (p_transfer, p_user, p_lot, p_kind, p_amount, p_amount, p_now, p_expires_at);
    perform repay_owed(p_user, available, p_now);
end;
$$;

-- Expires the lots of one consumer that are due. One consumer at a time: a transaction that held several
-- accounts could wait in a circle with their redeems.
create function expire_lots_of(p_user uuid, p_now timestamptz) returns bigint language sql as $$
    select expire_lots(p_user, a.id, p_now) from (
        select id from accounts where user_id = p_user and kind = 'available' for update
    ) as a;
$$;

-- Gives points and stock back; the caller has locked the redemption and set its final status.
create or replace function give_back(r redemptions, p_transfer uuid, p_kind transfer_kind, p_now timestamptz)
returns void language plpgsql as $$
declare
    available uuid;
    reserved uuid;
begin
    select a.id into strict available from accounts a
    where a.user_id = r.consumer_id and a.kind = 'available' for update;
    select a.id into strict reserved from accounts a
    where a.user_id = r.consumer_id and a.kind = 'reserved' for update;
    perform post_transfer(p_transfer, reserved, available, r.points_spent, p_kind, r.id, p_now);
    update lots l set remaining = l.remaining + s.amount from lot_spends s
    where s.redemption_id = r.id and l.id = s.lot_id;
    if r.takes_stock then
        update offers o set stock_taken = o.stock_taken - 1 where o.id = r.offer_id;
    end if;
    perform repay_owed(r.consumer_id, available, p_now);
end;
$$;

-- What must not be: a sum of all balances beside zero, a balance that is not its transfers' sum, an available
-- balance that is not its lots' sum, a pending redemption whose lots do not add up to its points.
create or replace view ledger_faults as
with moved as (
    select account_id, sum(amount) as amount
    from (
        select credit_account_id as account_id, amount from transfers
        union all
        select debit_account_id, -amount from transfers
    ) as entries
    group by account_id
),
open as (select user_id, sum(remaining) as points from lots where remaining > 0 group by user_id),
held as (
    select r.consumer_id as user_id, sum(s.amount) as points
    from redemptions as r join lot_spends as s on s.redemption_id = r.id
    where r.status = 'pending' group by r.consumer_id
)
select a.id as account_id, a.balance, coalesce(m.amount, 0)::bigint as transferred
from accounts as a left join moved as m on m.account_id = a.id
where a.balance <> coalesce(m.amount, 0)
union all
select null, sum(balance)::bigint, 0 from accounts having sum(balance) <> 0
union all
select a.id, a.balance, coalesce(o.points, 0)::bigint
from accounts as a left join open as o on o.user_id = a.user_id
where a.kind = 'available' and a.balance <> coalesce(o.points, 0)
union all
select a.id, a.balance, coalesce(h.points, 0)::bigint
from accounts as a left join held as h on h.user_id = a.user_id
where a.kind = 'reserved' and a.balance <> coalesce(h.points, 0);
