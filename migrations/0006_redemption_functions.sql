-- Redeem, confirm, cancel and expire: each one statement for the application, each once only.
--
-- Locks are always taken in this order, so that no two of them can wait for each other in a circle:
-- redemption, available account, reserved account, settlement account, offer. Redeem takes the offer (first
-- its advisory lock, then its row) before the reserved account, which is safe because whoever holds that account and wants an offer
-- holds the same consumer's available account, which redeem locks first.

-- The advisory lock that redeems of an offer share and its archiving has alone: an offer is archived
-- before a redeem looks at it or after the redemption can be seen, and no row is locked for it.
create function offer_lock(p_offer uuid) returns bigint language sql immutable as $$
    select hashtextextended(p_offer::text, 0);
$$;

create function redeem(
    p_redemption uuid, p_transfer uuid, p_consumer uuid, p_offer uuid, p_key uuid,
    p_code text, p_short_codes text [], p_cost bigint, p_now timestamptz
) returns table (
    outcome text, redemption_id uuid, required bigint, available bigint, max_per_user integer
) language plpgsql as $$
declare
    account accounts;
    offer offers;
    earlier redemptions;
    short text;
begin
    -- One consumer's redeems queue here; everything below sees what the one before has done.
    select * into strict account from accounts a
    where a.user_id = p_consumer and a.kind = 'available' for update;

    select * into earlier from redemptions r
    where r.consumer_id = p_consumer and r.idempotency_key = p_key;
    if found then
        return query select
            case when earlier.offer_id = p_offer then 'replayed' else 'key_reused' end,
            earlier.id, 0::bigint, account.balance, 0;
        return;
    end if;

    perform pg_advisory_xact_lock_shared(offer_lock(p_offer));
    select * into offer from offers o where o.id = p_offer and o.status <> 'draft';
    if not found then
        return query select 'not_found', null::uuid, 0::bigint, account.balance, 0;
        return;
    end if;
    if offer.status <> 'active' or p_now < offer.valid_from or p_now >= offer.valid_to then
        return query select 'not_available', null::uuid, offer.points_cost, account.balance, offer.max_per_user;
        return;
    end if;
    -- Nobody pays a price they have not seen.
    if p_cost <> offer.points_cost then
        return query select 'price_changed', null::uuid, offer.points_cost, account.balance, offer.max_per_user;
        return;
    end if;
    if offer.max_per_user <= (
        select count(*) from redemptions r
        where r.consumer_id = p_consumer and r.offer_id = p_offer and r.status in ('pending', 'confirmed')
    ) then
        return query select 'limit_reached', null::uuid, offer.points_cost, account.balance, offer.max_per_user;
        return;
    end if;
    if account.balance < offer.points_cost then
        return query select 'insufficient', null::uuid, offer.points_cost, account.balance, offer.max_per_user;
        return;
    end if;

    -- Of several candidates, one that no pending redemption of the merchant has. Two redeems that pick the
    -- same at the same moment meet in the unique index, and the later one is tried again by the caller.
    select c into short from unnest(p_short_codes) as c
    where not exists (
        select from redemptions r
        where r.merchant_id = offer.merchant_id and r.short_code = c and r.status = 'pending'
    ) limit 1;
    if short is null then
        return query select 'no_short_code', null::uuid, offer.points_cost, account.balance, offer.max_per_user;
        return;
    end if;

    if offer.stock_quantity is not null then
        -- The row may have changed since it was read: the condition is checked on its newest version.
        update offers o set stock_taken = o.stock_taken + 1
        where o.id = p_offer and o.status = 'active'
            and p_now >= o.valid_from and p_now < o.valid_to
            and o.stock_taken < o.stock_quantity;
        if not found then
            return query select 'out_of_stock', null::uuid, offer.points_cost, account.balance, offer.max_per_user;
            return;
        end if;
    end if;

    insert into redemptions (
        id, offer_id, merchant_id, consumer_id, idempotency_key, code, short_code, points_spent,
        offer_name, takes_stock, created_at, expires_at
    ) values (
        p_redemption, p_offer, offer.merchant_id, p_consumer, p_key, p_code, short, offer.points_cost,
        offer.name, offer.stock_quantity is not null, p_now, p_now + make_interval(mins => offer.lifetime_minutes)
    );
    perform post_transfer(
        p_transfer, account.id, (select a.id from accounts a where a.user_id = p_consumer and a.kind = 'reserved'),
        offer.points_cost, 'redeem', p_redemption, p_now
    );
    return query select 'redeemed', p_redemption, offer.points_cost, account.balance - offer.points_cost, offer.max_per_user;
end;
$$;

create function notify_redemption(p_redemption uuid, p_status redemption_status) returns void
language sql as $$
    select pg_notify('redemption', p_redemption || ' ' || p_status);
$$;

-- The redemption's state after the call, and whether this call made it so.
create function confirm_redemption(
    p_redemption uuid, p_transfer uuid, p_merchant uuid, p_by uuid, p_now timestamptz
) returns table (changed boolean, status redemption_status, due boolean) language plpgsql as $$
declare
    r redemptions;
begin
    select * into r from redemptions x where x.id = p_redemption and x.merchant_id = p_merchant for update;
    if not found then
        return;
    end if;
    if r.status <> 'pending' or r.expires_at <= p_now then
        return query select false, r.status, r.status = 'pending';
        return;
    end if;
    update redemptions x set status = 'confirmed', confirmed_at = p_now, confirmed_by = p_by where x.id = r.id;
    perform post_transfer(
        p_transfer, (select a.id from accounts a where a.user_id = r.consumer_id and a.kind = 'reserved'),
        (select a.id from accounts a where a.merchant_id = r.merchant_id and a.kind = 'settlement'),
        r.points_spent, 'confirm', r.id, p_now
    );
    perform notify_redemption(r.id, 'confirmed');
    return query select true, 'confirmed'::redemption_status, false;
end;
$$;

-- Gives points and stock back; the caller has locked the redemption and set its final status.
create function give_back(r redemptions, p_transfer uuid, p_kind transfer_kind, p_now timestamptz)
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
    if r.takes_stock then
        update offers o set stock_taken = o.stock_taken - 1 where o.id = r.offer_id;
    end if;
end;
$$;

create function cancel_redemption(
    p_redemption uuid, p_transfer uuid, p_consumer uuid, p_now timestamptz
) returns table (changed boolean, status redemption_status) language plpgsql as $$
declare
    r redemptions;
begin
    select * into r from redemptions x where x.id = p_redemption and x.consumer_id = p_consumer for update;
    if not found then
        return;
    end if;
    if r.status <> 'pending' then
        return query select false, r.status;
        return;
    end if;
    update redemptions x set status = 'cancelled', cancelled_at = p_now where x.id = r.id;
    perform give_back(r, p_transfer, 'cancel', p_now);
    perform notify_redemption(r.id, 'cancelled');
    return query select true, 'cancelled'::redemption_status;
end;
$$;

-- Expires one redemption that is due, if there is one that nobody else is working on. One at a time: a
-- transaction that held several consumers' accounts could wait in a circle with their redeems.
create function expire_next_redemption(p_transfer uuid, p_now timestamptz)
returns uuid language plpgsql as $$
declare
    r redemptions;
begin
    select * into r from redemptions x
    where x.status = 'pending' and x.expires_at <= p_now
    order by x.expires_at limit 1 for update skip locked;
    if not found then
        return null;
    end if;
    update redemptions x set status = 'expired' where x.id = r.id;
    perform give_back(r, p_transfer, 'expire', p_now);
    perform notify_redemption(r.id, 'expired');
    return r.id;
end;
$$;
