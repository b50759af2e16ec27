-- The ledger: double entry, written by post_transfer alone.

create type account_kind as enum (
    -- What a consumer can spend.
    'available',
    -- What a consumer's pending redemptions hold.
    'reserved',
    -- What a merchant has taken in by confirmed redemptions.
    'settlement',
    -- Where points come from: as far below zero as there are points about.
    'issuance'
);

create type transfer_kind as enum ('bonus', 'redeem', 'cancel', 'expire', 'confirm');

create table accounts (
    id uuid primary key,
    kind account_kind not null,
    user_id uuid references users (id),
    merchant_id uuid references merchants (id),
    -- Credits less debits, in points.
    balance bigint not null default 0,
    constraint accounts_owner unique nulls not distinct (kind, user_id, merchant_id),
    constraint accounts_kind_has_its_owner check (
        (kind in ('available', 'reserved')) = (user_id is not null)
        and (kind = 'settlement') = (merchant_id is not null)
    ),
    constraint accounts_balance_not_negative check (balance >= 0 or kind = 'issuance')
);
create index accounts_user_id_idx on accounts (user_id, kind) where user_id is not null;

create table transfers (
    id uuid primary key,
    debit_account_id uuid not null references accounts (id),
    credit_account_id uuid not null references accounts (id),
    amount bigint not null check (amount > 0),
    kind transfer_kind not null,
    -- The redemption the points moved for, if they moved for one.
    redemption_id uuid,
    created_at timestamptz not null,
    check (debit_account_id <> credit_account_id)
);
create index transfers_debit_idx on transfers (debit_account_id, id desc);
create index transfers_credit_idx on transfers (credit_account_id, id desc);
-- A redemption's points move at most once in each way.
create unique index transfers_once_per_redemption on transfers (redemption_id, kind)
where redemption_id is not null;

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name;
end;
$$;
create trigger transfers_append_only before update or delete or truncate on transfers
for each statement execute function refuse_change();

-- Moves points. The balance check on accounts refuses what is not there.
create function post_transfer(
    p_id uuid, p_debit uuid, p_credit uuid, p_amount bigint, p_kind transfer_kind,
    p_redemption uuid, p_now timestamptz
) returns void language plpgsql as $$
begin
    update accounts set balance = balance - p_amount where id = p_debit;
    update accounts set balance = balance + p_amount where id = p_credit;
    insert into transfers (id, debit_account_id, credit_account_id, amount, kind, redemption_id, created_at)
    values (p_id, p_debit, p_credit, p_amount, p_kind, p_redemption, p_now);
end;
$$;

-- Every person and merchant has accounts from the first moment, so that no hot path has to make one.
create function open_user_accounts() returns trigger language plpgsql as $$
begin
    insert into accounts (id, kind, user_id)
    values (gen_random_uuid(), 'available', new.id), (gen_random_uuid(), 'reserved', new.id);
    return null;
end;
$$;
create trigger users_open_accounts after insert on users
for each row execute function open_user_accounts();

create function open_merchant_account() returns trigger language plpgsql as $$
begin
    insert into accounts (id, kind, merchant_id) values (gen_random_uuid(), 'settlement', new.id);
    return null;
end;
$$;
create trigger merchants_open_account after insert on merchants
for each row execute function open_merchant_account();

insert into accounts (id, kind) values (gen_random_uuid(), 'issuance');

-- What must be zero: the sum of all balances, and every balance's distance from its transfers.
create view ledger_faults as
with moved as (
    select account_id, sum(amount) as amount
    from (
        select credit_account_id as account_id, amount from transfers
        union all
        select debit_account_id, -amount from transfers
    ) as entries
    group by account_id
)
select a.id as account_id, a.balance, coalesce(m.amount, 0)::bigint as transferred
from accounts as a left join moved as m on m.account_id = a.id
where a.balance <> coalesce(m.amount, 0)
union all
select null, sum(balance)::bigint, 0 from accounts having sum(balance) <> 0;
