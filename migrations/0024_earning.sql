-- Earning: sales at the till, referrals, an admin's adjustments.

-- How people are known at the till and to friends: ten characters that say nothing else about them.
create function draw_member_code() returns text language sql volatile as $$
    select string_agg(substr('ABCDEFGHJKLMNPQRSTUVWXYZ23456789', 1 + get_byte(uuid_send(u), i) % 32, 1), '')
    from (select gen_random_uuid() as u) as drawn, unnest(array[0, 1, 2, 3, 4, 5, 10, 11, 12, 13]) as i;
$$;
alter table users
    add column member_code text not null default draw_member_code() constraint users_member_code_key unique;

-- What a sale of this merchant must come to for a point, in minor units; null for the programme's own rule.
alter table merchants add column minor_per_point bigint check (minor_per_point > 0);

create table accruals (
    id uuid primary key,
    merchant_id uuid not null references merchants (id),
    consumer_id uuid not null references users (id),
    receipt text not null check (length(receipt) between 1 and 40),
    -- Minor units of the merchant's currency.
    sale_minor bigint not null check (sale_minor > 0),
    -- What the sale came to before the day's cap, and what was credited.
    points_due bigint not null check (points_due >= 0),
    points bigint not null check (points between 0 and points_due),
    -- The tier's multiplier at that moment, in percent.
    multiplier integer not null check (multiplier >= 100),
    created_at timestamptz not null,
    created_by uuid references users (id),
    api_key_id uuid references api_keys (id),
    terminal_id uuid references terminals (id),
    reversed_at timestamptz,
    -- What the reversal took back, and what became owed because it was spent.
    taken_back bigint not null default 0,
    owed bigint not null default 0,
    constraint accruals_once_per_receipt unique (merchant_id, receipt),
    constraint accruals_one_actor check (num_nonnulls(created_by, api_key_id) = 1),
    constraint accruals_reversed_whole check (
        (reversed_at is null and taken_back = 0 and owed = 0)
        or (reversed_at is not null and taken_back + owed = points)
    )
);
create index accruals_merchant_idx on accruals (merchant_id, id desc);
create index accruals_consumer_idx on accruals (consumer_id, id desc);

create table referrals (
    referred_id uuid primary key references users (id),
    referrer_id uuid not null references users (id),
    created_at timestamptz not null,
    -- The first confirmed redemption or accrual of the one who was referred.
    due_at timestamptz,
    rewarded_at timestamptz,
    check (referred_id <> referrer_id),
    check (rewarded_at is null or due_at is not null)
);
create index referrals_due_idx on referrals (due_at) where due_at is not null and rewarded_at is null;
create index referrals_referrer_idx on referrals (referrer_id, created_at desc);

create function referral_is_due(p_user uuid, p_now timestamptz) returns void language sql as $$
    update referrals set due_at = p_now where referred_id = p_user and due_at is null;
$$;

-- Credits the points of a sale to the owner of a member code, once per merchant and receipt.
--
-- `p_thresholds` and `p_multipliers` are the tiers, ascending; what was earned since `p_year_start` decides
-- which one holds, and what was earned since `p_day_start` how much the day's cap leaves.
create function accrue(
    p_accrual uuid, p_transfer uuid, p_merchant uuid, p_member text, p_receipt text, p_sale bigint,
    p_by uuid, p_api_key uuid, p_terminal uuid, p_minor_per_point bigint,
    p_thresholds bigint [], p_multipliers integer [], p_cap bigint,
    p_day_start timestamptz, p_year_start timestamptz, p_expires_at timestamptz, p_now timestamptz
) returns table (
    outcome text, accrual_id uuid, consumer_id uuid, points_due bigint, points bigint, multiplier integer,
    balance bigint, created_at timestamptz
) language plpgsql as $$
#variable_conflict use_column
declare
    member uuid;
    account accounts;
    a accruals;
begin
    select u.id into member from users u where u.member_code = p_member and u.role = 'consumer';
    if not found then
        return query select 'unknown_member', null::uuid, null::uuid, 0::bigint, 0::bigint, 100, 0::bigint, p_now;
        return;
    end if;
    -- One consumer's sales queue here, so that the cap and the tier see what the one before has done.
    select * into strict account from accounts x where x.user_id = member and x.kind = 'available' for update;

    a.points_due := p_sale / coalesce((select m.minor_per_point from merchants m where m.id = p_merchant), p_minor_per_point);
    select coalesce(max(t.multiplier), 100) into a.multiplier
    from unnest(p_thresholds, p_multipliers) as t (threshold, multiplier)
    where t.threshold <= (
        select coalesce(sum(l.amount), 0) from lots l
        where l.user_id = member and l.earned_at > p_year_start and l.reversed_at is null
    );
    a.points_due := a.points_due * a.multiplier / 100;
    a.points := greatest(least(a.points_due, p_cap - (
        select coalesce(sum(l.amount), 0) from lots l
        where l.user_id = member and l.earned_at >= p_day_start and l.reversed_at is null
            and l.source in ('purchase', 'streak', 'game')
    )), 0);

    insert into accruals as new (
        id, merchant_id, consumer_id, receipt, sale_minor, points_due, points, multiplier, created_at,
        created_by, api_key_id, terminal_id
    ) values (
        p_accrual, p_merchant, member, p_receipt, p_sale, a.points_due, a.points, a.multiplier, p_now,
        p_by, p_api_key, p_terminal
    ) on conflict on constraint accruals_once_per_receipt do nothing;
    if not found then
        select * into strict a from accruals x where x.merchant_id = p_merchant and x.receipt = p_receipt;
        return query select
            case
                when a.consumer_id <> member or a.sale_minor <> p_sale then 'receipt_used'
                when a.reversed_at is not null then 'reversed'
                else 'replayed'
            end,
            a.id, a.consumer_id, a.points_due, a.points, a.multiplier, account.balance, a.created_at;
        return;
    end if;
    if a.points > 0 then
        perform earn(p_transfer, member, a.points, 'purchase', 'standard', p_merchant, p_accrual, p_expires_at, p_now);
    end if;
    perform referral_is_due(member, p_now);
    perform audit(
        p_now, p_by, p_api_key, p_merchant, 'accrual.create', p_accrual,
        jsonb_build_object('receipt', p_receipt, 'sale_minor', p_sale, 'points', a.points)
    );
    perform pg_notify('accrual', member || ' ' || a.points);
    return query select
        'accrued', p_accrual, member, a.points_due, a.points, a.multiplier,
        (select x.balance from accounts x where x.id = account.id), p_now;
end;
$$;

-- Takes the points of a reversed sale back: out of their own lot, then out of others, and what was spent
-- becomes owed and is paid by the next points.
create function reverse_accrual(
    p_accrual uuid, p_merchant uuid, p_by uuid, p_api_key uuid, p_now timestamptz
) returns table (outcome text, points bigint, taken_back bigint, owed bigint) language plpgsql as $$
#variable_conflict use_column
declare
    a accruals;
    account accounts;
    lot lots;
    own bigint := 0;
    part bigint := 0;
    issuer uuid;
begin
    select * into a from accruals x where x.id = p_accrual and x.merchant_id = p_merchant for update;
    if not found then
        return;
    end if;
    if a.reversed_at is not null then
        return query select 'replayed', a.points, a.taken_back, a.owed;
        return;
    end if;
    if a.points > 0 then
        select x.id into strict issuer from accounts x where x.kind = 'issuance' and x.merchant_id = p_merchant;
        select * into strict account from accounts x
        where x.user_id = a.consumer_id and x.kind = 'available' for update;
        account.balance := account.balance - expire_lots(a.consumer_id, account.id, p_now);
        select l.* into strict lot from lots l join transfers t on t.id = l.id
        where t.reference = a.id and t.kind = 'purchase';
        part := least(a.points, account.balance);
        own := least(part, lot.remaining);
        update lots l set remaining = l.remaining - own, reversed_at = p_now where l.id = lot.id;
        if part > own then
            perform spend_lots(a.consumer_id, part - own, null);
        end if;
        if part > 0 then
            perform post_transfer(uuid_v7(p_now), account.id, issuer, part, 'reversal', null, p_now, a.id);
        end if;
        if part < a.points then
            perform post_transfer(
                uuid_v7(p_now), (select x.id from accounts x where x.user_id = a.consumer_id and x.kind = 'owed'),
                issuer, a.points - part, 'owed', null, p_now, a.id
            );
        end if;
    end if;
    update accruals x set reversed_at = p_now, taken_back = part, owed = a.points - part where x.id = a.id;
    perform audit(
        p_now, p_by, p_api_key, p_merchant, 'accrual.reverse', a.id,
        jsonb_build_object('points', a.points, 'taken_back', part, 'owed', a.points - part)
    );
    perform pg_notify('accrual', a.consumer_id || ' ' || -part);
    return query select 'reversed', a.points, part, a.points - part;
end;
$$;

-- Rewards both sides of one referral that is due, if there is one that nobody else is working on.
create function reward_next_referral(
    p_transfers uuid [], p_referrer_points bigint, p_referred_points bigint, p_expires_at timestamptz,
    p_now timestamptz
) returns uuid language plpgsql as $$
declare
    r referrals;
begin
    select * into r from referrals x where x.due_at is not null and x.rewarded_at is null
    order by x.due_at limit 1 for update skip locked;
    if not found then
        return null;
    end if;
    update referrals x set rewarded_at = p_now where x.referred_id = r.referred_id;
    -- Both accounts in the order in which everyone takes several.
    perform 1 from accounts a where a.user_id in (r.referrer_id, r.referred_id) and a.kind = 'available'
    order by a.user_id for update;
    if p_referrer_points > 0 then
        perform earn(p_transfers[1], r.referrer_id, p_referrer_points, 'referral', 'promotional', null,
            r.referred_id, p_expires_at, p_now);
    end if;
    if p_referred_points > 0 then
        perform earn(p_transfers[2], r.referred_id, p_referred_points, 'referral', 'promotional', null,
            r.referred_id, p_expires_at, p_now);
    end if;
    perform pg_notify('accrual', r.referrer_id || ' ' || p_referrer_points);
    perform pg_notify('accrual', r.referred_id || ' ' || p_referred_points);
    return r.referred_id;
end;
$$;

create type adjustment_status as enum ('waiting', 'applied', 'rejected');

create table adjustments (
    id uuid primary key,
    user_id uuid not null references users (id),
    -- Points to add, or below zero to take.
    amount bigint not null check (amount <> 0),
    reason text not null check (length(reason) between 3 and 500),
    lot lot_kind not null,
    requested_by uuid not null references users (id),
    requested_at timestamptz not null,
    needs_second boolean not null,
    status adjustment_status not null default 'waiting',
    decided_by uuid references users (id),
    decided_at timestamptz,
    constraint adjustments_decided check ((status = 'waiting') = (decided_at is null)),
    -- Nobody approves their own large adjustment.
    constraint adjustments_second_person check (
        not needs_second or status <> 'applied' or (decided_by is not null and decided_by <> requested_by)
    )
);
create index adjustments_waiting_idx on adjustments (requested_at) where status = 'waiting';
create index adjustments_user_idx on adjustments (user_id, id desc);

-- Moves an adjustment's points; false when there are not enough to take. The caller has locked the adjustment.
create function apply_adjustment(a adjustments, p_transfer uuid, p_expires_at timestamptz, p_now timestamptz)
returns boolean language plpgsql as $$
declare
    account accounts;
begin
    if a.amount > 0 then
        perform earn(p_transfer, a.user_id, a.amount, 'adjustment', a.lot, null, a.id, p_expires_at, p_now);
        return true;
    end if;
    select * into strict account from accounts x where x.user_id = a.user_id and x.kind = 'available' for update;
    account.balance := account.balance - expire_lots(a.user_id, account.id, p_now);
    if account.balance < -a.amount then
        return false;
    end if;
    perform spend_lots(a.user_id, -a.amount, null);
    perform post_transfer(
        p_transfer, account.id, (select x.id from accounts x where x.kind = 'issuance' and x.merchant_id is null),
        -a.amount, 'adjustment', null, p_now, a.id
    );
    return true;
end;
$$;

-- Requests an adjustment; one that is not above the threshold is applied at once. The same id asks once.
create function request_adjustment(
    p_id uuid, p_transfer uuid, p_user uuid, p_amount bigint, p_reason text, p_lot lot_kind, p_by uuid,
    p_threshold bigint, p_expires_at timestamptz, p_now timestamptz
) returns text language plpgsql as $$
declare
    a adjustments;
begin
    if not exists (select from users u where u.id = p_user and u.role = 'consumer') then
        return 'not_found';
    end if;
    insert into adjustments (id, user_id, amount, reason, lot, requested_by, requested_at, needs_second)
    values (p_id, p_user, p_amount, p_reason, p_lot, p_by, p_now, abs(p_amount) > p_threshold)
    on conflict (id) do nothing returning * into a;
    if not found then
        select * into strict a from adjustments x where x.id = p_id;
        return case
            when (a.user_id, a.amount, a.reason, a.lot, a.requested_by) = (p_user, p_amount, p_reason, p_lot, p_by)
                then a.status::text
            else 'key_reused'
        end;
    end if;
    if not a.needs_second then
        if not apply_adjustment(a, p_transfer, p_expires_at, p_now) then
            delete from adjustments x where x.id = p_id;
            return 'insufficient';
        end if;
        update adjustments x set status = 'applied', decided_at = p_now where x.id = p_id returning * into a;
    end if;
    perform audit(
        p_now, p_by, null, null, 'adjustment.request', p_id,
        jsonb_build_object('user', p_user, 'amount', p_amount, 'reason', p_reason, 'status', a.status)
    );
    return a.status::text;
end;
$$;

-- Approves or rejects a waiting adjustment. `p_expiries` says when points of each kind of lot expire, in the
-- order of the kinds.
create function decide_adjustment(
    p_id uuid, p_transfer uuid, p_by uuid, p_approve boolean, p_expiries timestamptz [], p_now timestamptz
) returns text language plpgsql as $$
declare
    a adjustments;
    decision adjustment_status := case when p_approve then 'applied' else 'rejected' end;
begin
    select * into a from adjustments x where x.id = p_id for update;
    if not found then
        return 'not_found';
    end if;
    if a.status <> 'waiting' then
        return case when a.status = decision and a.decided_by = p_by then a.status::text else 'decided' end;
    end if;
    if p_approve and a.requested_by = p_by then
        return 'own';
    end if;
    if p_approve and not apply_adjustment(
        a, p_transfer, p_expiries[array_position(enum_range(null::lot_kind), a.lot)], p_now
    ) then
        return 'insufficient';
    end if;
    update adjustments x set status = decision, decided_by = p_by, decided_at = p_now where x.id = p_id;
    perform audit(
        p_now, p_by, null, null, case when p_approve then 'adjustment.approve' else 'adjustment.reject' end, p_id,
        jsonb_build_object('user', a.user_id, 'amount', a.amount)
    );
    return decision::text;
end;
$$;

-- The language of a person's letters.
alter table users add column locale text not null default 'es' check (locale in ('es', 'en'));

-- The notices that a consumer was sent about points that expire on a day: once for each number of days before.
create table expiry_notices (
    user_id uuid not null references users (id),
    day date not null,
    days_before integer not null,
    sent_at timestamptz not null,
    primary key (user_id, day, days_before)
);
