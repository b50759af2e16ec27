-- How often a consumer may redeem is counted by the statement that redeems, in the table it writes to: whatever
-- keeps the count from being known keeps the redeem from being made.
--
-- The order in which locks are taken, stated anew: redemption, accrual or adjustment; available accounts by their
-- user's id; the breakage account, where lots expire; the offer's advisory lock and row; reserved, owed, settlement
-- and issuance accounts. Redeem and give_back take the offer and a consumer's reserved account in either order,
-- because whoever holds that account and wants an offer holds the same consumer's available account, which both
-- lock first.

-- The least identifier of a moment.
create function uuid_v7_floor(p_at timestamptz) returns uuid language sql stable parallel safe as $$
    select rpad(lpad(to_hex((floor(extract(epoch from p_at) * 1000))::bigint), 12, '0'), 32, '0')::uuid;
$$;

-- What a redeem is answered with; the redemption's columns are there if there is one.
create type redeem_answer as (
    outcome text, redemption_id uuid, required bigint, available bigint, max_per_user integer,
    code text, short_code text, offer_name text, status redemption_status, created_at timestamptz,
    expires_at timestamptz, merchant_name text,
    -- When the consumer redeemed anything within a day, newest first, as far back as the limits look.
    lately timestamptz []
);

-- What both redeem() and redeem_together() do for one consumer. The caller holds the available account, has
-- expired what was due, and has read the offer under its advisory lock. If it holds the offer's row too, it takes
-- the stock itself, and what p_offer says of the stock is what is left for this one.
create function redeem_one(
    p_account accounts, p_offer offers, p_is_held boolean, p_redemption uuid, p_transfer uuid, p_offer_id uuid,
    p_key uuid, p_code text, p_short_codes text [], p_cost bigint, p_per_hour integer, p_per_day integer,
    p_now timestamptz
) returns redeem_answer language plpgsql as $$
declare
    r redemptions;
    answer redeem_answer;
begin
    -- The identifier's time narrows the index; an hour is more than clocks of instances differ by.
    answer.lately := array(
        select x.created_at from redemptions x
        where x.consumer_id = p_account.user_id and x.id >= uuid_v7_floor(p_now - interval '25 hours')
            and x.created_at > p_now - interval '24 hours'
        order by x.id desc limit greatest(p_per_hour, p_per_day)
    );
    select * into r from redemptions x where x.consumer_id = p_account.user_id and x.idempotency_key = p_key;
    if found then
        answer.outcome := case when r.offer_id = p_offer_id then 'replayed' else 'key_reused' end;
    elsif answer.lately[p_per_day] is not null or answer.lately[p_per_hour] > p_now - interval '1 hour' then
        answer.outcome := 'too_many';
    elsif p_offer.id is null then
        answer.outcome := 'not_found';
    elsif p_offer.status <> 'active' or p_now < p_offer.valid_from or p_now >= p_offer.valid_to then
        answer.outcome := 'not_available';
    elsif p_cost <> p_offer.points_cost then
        -- Nobody pays a price they have not seen.
        answer.outcome := 'price_changed';
    elsif p_offer.max_per_user <= (
        select count(*) from redemptions x
        where x.consumer_id = p_account.user_id and x.offer_id = p_offer.id
            and x.status in ('pending', 'confirmed')
    ) then
        answer.outcome := 'limit_reached';
    elsif p_account.balance < p_offer.points_cost then
        answer.outcome := 'insufficient';
    else
        -- Of several candidates, one that no pending redemption of the merchant has. Two redeems that pick the
        -- same at the same moment meet in the unique index, and the later one is tried again.
        select c into r.short_code from unnest(p_short_codes) as c
        where not exists (
            select from redemptions x
            where x.merchant_id = p_offer.merchant_id and x.short_code = c and x.status = 'pending'
        ) limit 1;
        if not found then
            answer.outcome := 'no_short_code';
        elsif p_is_held and p_offer.stock_taken >= p_offer.stock_quantity then
            answer.outcome := 'out_of_stock';
        elsif not p_is_held and p_offer.stock_quantity is not null then
            -- The row may have changed since it was read: the condition is checked on its newest version.
            update offers o set stock_taken = o.stock_taken + 1
            where o.id = p_offer.id and o.status = 'active'
                and p_now >= o.valid_from and p_now < o.valid_to
                and o.stock_taken < o.stock_quantity;
            if not found then
                answer.outcome := 'out_of_stock';
            end if;
        end if;
    end if;

    if answer.outcome is null then
        answer.outcome := 'redeemed';
        answer.lately := p_now || answer.lately;
        insert into redemptions as x (
            id, offer_id, merchant_id, consumer_id, idempotency_key, code, short_code, points_spent,
            offer_name, takes_stock, created_at, expires_at
        ) values (
            p_redemption, p_offer.id, p_offer.merchant_id, p_account.user_id, p_key, p_code, r.short_code,
            p_offer.points_cost, p_offer.name, p_offer.stock_quantity is not null, p_now,
            p_now + make_interval(mins => p_offer.lifetime_minutes)
        ) returning * into r;
        perform spend_lots(p_account.user_id, p_offer.points_cost, p_redemption);
        perform post_transfer(
            p_transfer, p_account.id,
            (select a.id from accounts a where a.user_id = p_account.user_id and a.kind = 'reserved'),
            p_offer.points_cost, 'redeem', p_redemption, p_now
        );
        p_account.balance := p_account.balance - p_offer.points_cost;
    end if;
    answer.redemption_id := r.id;
    answer.required := coalesce(r.points_spent, p_offer.points_cost, 0);
    answer.available := p_account.balance;
    answer.max_per_user := coalesce(p_offer.max_per_user, 0);
    answer.code := r.code;
    answer.short_code := r.short_code;
    answer.offer_name := r.offer_name;
    answer.status := r.status;
    answer.created_at := r.created_at;
    answer.expires_at := r.expires_at;
    answer.merchant_name := (select m.name from merchants m where m.id = r.merchant_id);
    return answer;
end;
$$;

drop function redeem(uuid, uuid, uuid, uuid, uuid, text, text [], bigint, timestamptz);
-- Redeems one unit of an offer for a consumer, who may do so p_per_hour and p_per_day times.
create function redeem(
    p_redemption uuid, p_transfer uuid, p_consumer uuid, p_offer uuid, p_key uuid, p_code text,
    p_short_codes text [], p_cost bigint, p_per_hour integer, p_per_day integer, p_now timestamptz
) returns redeem_answer language plpgsql as $$
declare
    account accounts;
    offer offers;
begin
    -- One consumer's redeems queue here; everything below sees what the one before has done.
    select * into strict account from accounts a
    where a.user_id = p_consumer and a.kind = 'available' for update;
    account.balance := account.balance - expire_lots(p_consumer, account.id, p_now);
    perform pg_advisory_xact_lock_shared(offer_lock(p_offer));
    select * into offer from offers o where o.id = p_offer and o.status <> 'draft';
    return redeem_one(
        account, offer, false, p_redemption, p_transfer, p_offer, p_key, p_code, p_short_codes, p_cost,
        p_per_hour, p_per_day, p_now
    );
end;
$$;

drop function redeem_together(uuid, uuid [], uuid [], uuid [], uuid [], text [], text [], bigint [], timestamptz);
-- Many consumers' redeems of one offer with one commit: what a hot offer needs, whose row is locked for as
-- long as a commit takes. Arrays run in parallel; each call brings as many short codes as p_short_codes has
-- for each. Every answer is as redeem() gives it, in the order of the arrays. The stock of all is taken by one
-- update; who comes after the last unit is told so.
create function redeem_together(
    p_offer uuid, p_redemptions uuid [], p_transfers uuid [], p_consumers uuid [], p_keys uuid [],
    p_codes text [], p_short_codes text [], p_costs bigint [], p_per_hour integer, p_per_day integer,
    p_now timestamptz
) returns setof redeem_answer language plpgsql as $$
declare
    each constant integer := cardinality(p_short_codes) / cardinality(p_consumers);
    taken integer := 0;
    account accounts;
    offer offers;
    answer redeem_answer;
begin
    perform from accounts a where a.user_id = any (p_consumers) and a.kind = 'available'
    order by a.user_id for update;
    perform expire_lots(a.user_id, a.id, p_now) from accounts a
    where a.user_id = any (p_consumers) and a.kind = 'available' and exists (
        select from lots l where l.user_id = a.user_id and l.remaining > 0 and l.expires_at <= p_now
    );
    perform pg_advisory_xact_lock_shared(offer_lock(p_offer));
    select * into offer from offers o where o.id = p_offer and o.status <> 'draft';
    if offer.stock_quantity is not null then
        select * into strict offer from offers o where o.id = p_offer for update;
    end if;
    for i in 1..cardinality(p_consumers) loop
        select * into strict account from accounts a where a.user_id = p_consumers[i] and a.kind = 'available';
        answer := redeem_one(
            account, offer, true, p_redemptions[i], p_transfers[i], p_offer, p_keys[i], p_codes[i],
            p_short_codes[(i - 1) * each + 1:i * each], p_costs[i], p_per_hour, p_per_day, p_now
        );
        if answer.outcome = 'redeemed' and offer.stock_quantity is not null then
            offer.stock_taken := offer.stock_taken + 1;
            taken := taken + 1;
        end if;
        return next answer;
    end loop;
    if taken > 0 then
        update offers o set stock_taken = o.stock_taken + taken where o.id = p_offer;
    end if;
end;
$$;

-- As before, but that what is past its date goes before the offer's row is taken.
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
    perform repay_owed(r.consumer_id, available, p_now);
    if r.takes_stock then
        update offers o set stock_taken = o.stock_taken - 1 where o.id = r.offer_id;
    end if;
end;
$$;

-- As before, but that what is past its date goes before the issuer's account is taken.
create or replace function earn(
    p_transfer uuid, p_user uuid, p_amount bigint, p_kind transfer_kind, p_lot lot_kind, p_merchant uuid,
    p_reference uuid, p_expires_at timestamptz, p_now timestamptz
) returns void language plpgsql as $$
declare
    available uuid;
begin
    select a.id into strict available from accounts a
    where a.user_id = p_user and a.kind = 'available' for update;
    if exists (select from accounts a where a.user_id = p_user and a.kind = 'owed' and a.balance < 0) then
        perform expire_lots(p_user, available, p_now);
    end if;
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

-- As before, with the same order of locks over both consumers.
create or replace function reward_next_referral(
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
    perform expire_lots(a.user_id, a.id, p_now) from accounts a
    where a.user_id in (r.referrer_id, r.referred_id) and a.kind = 'available' and exists (
        select from accounts o where o.user_id = a.user_id and o.kind = 'owed' and o.balance < 0
    );
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
