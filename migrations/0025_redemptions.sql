-- Redeem, confirm and cancel, now over lots, with all that their callers answer with, so that each stays one
-- round trip. Locks are taken in this order everywhere, so that no two can wait for each other in a circle:
-- redemption, accrual or adjustment; available accounts by their user's id; the offer's advisory lock and row
-- (redeem) or the account of what is owed; reserved, settlement, issuance, breakage accounts; the offer's row
-- (give_back). Redeem may take the offer before the reserved account, because whoever holds that account and
-- wants an offer holds the same consumer's available account, which redeem locks first.

drop function redeem(uuid, uuid, uuid, uuid, uuid, text, text [], bigint, timestamptz);
create function redeem(
    p_redemption uuid, p_transfer uuid, p_consumer uuid, p_offer uuid, p_key uuid,
    p_code text, p_short_codes text [], p_cost bigint, p_now timestamptz
) returns table (
    outcome text, redemption_id uuid, required bigint, available bigint, max_per_user integer,
    code text, short_code text, offer_name text, status redemption_status, created_at timestamptz,
    expires_at timestamptz, merchant_name text
) language plpgsql as $$
#variable_conflict use_column
declare
    account accounts;
    offer offers;
    r redemptions;
    answer text;
begin
    -- One consumer's redeems queue here; everything below sees what the one before has done.
    select * into strict account from accounts a
    where a.user_id = p_consumer and a.kind = 'available' for update;

    select * into r from redemptions x where x.consumer_id = p_consumer and x.idempotency_key = p_key;
    if found then
        answer := case when r.offer_id = p_offer then 'replayed' else 'key_reused' end;
    else
        account.balance := account.balance - expire_lots(p_consumer, account.id, p_now);
        perform pg_advisory_xact_lock_shared(offer_lock(p_offer));
        select * into offer from offers o where o.id = p_offer and o.status <> 'draft';
        if not found then
            answer := 'not_found';
        elsif offer.status <> 'active' or p_now < offer.valid_from or p_now >= offer.valid_to then
            answer := 'not_available';
        elsif p_cost <> offer.points_cost then
            -- Nobody pays a price they have not seen.
            answer := 'price_changed';
        elsif offer.max_per_user <= (
            select count(*) from redemptions x
            where x.consumer_id = p_consumer and x.offer_id = p_offer and x.status in ('pending', 'confirmed')
        ) then
            answer := 'limit_reached';
        elsif account.balance < offer.points_cost then
            answer := 'insufficient';
        else
            -- Of several candidates, one that no pending redemption of the merchant has. Two redeems that pick
            -- the same at the same moment meet in the unique index, and the later one is tried again.
            select c into r.short_code from unnest(p_short_codes) as c
            where not exists (
                select from redemptions x
                where x.merchant_id = offer.merchant_id and x.short_code = c and x.status = 'pending'
            ) limit 1;
            if not found then
                answer := 'no_short_code';
            elsif offer.stock_quantity is not null then
                -- The row may have changed since it was read: the condition is checked on its newest version.
                update offers o set stock_taken = o.stock_taken + 1
                where o.id = p_offer and o.status = 'active'
                    and p_now >= o.valid_from and p_now < o.valid_to
                    and o.stock_taken < o.stock_quantity;
                if not found then
                    answer := 'out_of_stock';
                end if;
            end if;
        end if;
    end if;

    if answer is null then
        answer := 'redeemed';
        insert into redemptions as x (
            id, offer_id, merchant_id, consumer_id, idempotency_key, code, short_code, points_spent,
            offer_name, takes_stock, created_at, expires_at
        ) values (
            p_redemption, p_offer, offer.merchant_id, p_consumer, p_key, p_code, r.short_code, offer.points_cost,
            offer.name, offer.stock_quantity is not null, p_now,
            p_now + make_interval(mins => offer.lifetime_minutes)
        ) returning * into r;
        perform spend_lots(p_consumer, offer.points_cost, p_redemption);
        perform post_transfer(
            p_transfer, account.id,
            (select a.id from accounts a where a.user_id = p_consumer and a.kind = 'reserved'),
            offer.points_cost, 'redeem', p_redemption, p_now
        );
        account.balance := account.balance - offer.points_cost;
    end if;
    return query select
        answer, r.id, coalesce(offer.points_cost, r.points_spent, 0), account.balance,
        coalesce(offer.max_per_user, 0), r.code, r.short_code, r.offer_name, r.status, r.created_at, r.expires_at,
        (select m.name from merchants m where m.id = r.merchant_id);
end;
$$;

-- Many consumers' redeems of one offer with one commit: what a hot offer needs, whose row is locked for as
-- long as a commit takes. Arrays run in parallel; each call brings as many short codes as p_short_codes has
-- for each. Every answer is as redeem() gives it, in the order of the arrays.
create function redeem_together(
    p_offer uuid, p_redemptions uuid [], p_transfers uuid [], p_consumers uuid [], p_keys uuid [],
    p_codes text [], p_short_codes text [], p_costs bigint [], p_now timestamptz
) returns table (
    outcome text, redemption_id uuid, required bigint, available bigint, max_per_user integer,
    code text, short_code text, offer_name text, status redemption_status, created_at timestamptz,
    expires_at timestamptz, merchant_name text
) language plpgsql as $$
declare
    each constant integer := cardinality(p_short_codes) / cardinality(p_consumers);
begin
    perform from accounts a where a.user_id = any (p_consumers) and a.kind = 'available'
    order by a.user_id for update;
    for i in 1..cardinality(p_consumers) loop
        return query select * from redeem(
            p_redemptions[i], p_transfers[i], p_consumers[i], p_offer, p_keys[i], p_codes[i],
            p_short_codes[(i - 1) * each + 1:i * each], p_costs[i], p_now
        );
    end loop;
end;
$$;

drop function confirm_redemption(uuid, uuid, uuid, uuid, timestamptz);
-- Confirms a pending redemption of a merchant, once, for a person or an integration (`p_by` or `p_api_key`).
-- The same actor's retry with the same `p_key` is answered as the first call was. No row: no such redemption.
create function confirm_redemption(
    p_redemption uuid, p_transfer uuid, p_merchant uuid, p_by uuid, p_api_key uuid, p_terminal uuid,
    p_key text, p_now timestamptz
) returns table (
    outcome text, offer_name text, points_spent bigint, confirmed_at timestamptz, confirmed_by uuid,
    confirmed_key_id uuid, terminal_id uuid, terminal_name text
) language plpgsql as $$
#variable_conflict use_column
declare
    r redemptions;
    answer text;
begin
    select * into r from redemptions x where x.id = p_redemption and x.merchant_id = p_merchant for update;
    if not found then
        return;
    end if;
    if r.status = 'confirmed' then
        answer := case
            when r.confirm_key = p_key and (r.confirmed_by = p_by or r.confirmed_key_id = p_api_key) then 'replayed'
            else 'used'
        end;
    elsif r.status = 'cancelled' then
        answer := 'cancelled';
    elsif r.status = 'expired' or r.expires_at <= p_now then
        answer := 'expired';
    else
        answer := 'confirmed';
        update redemptions x set status = 'confirmed', confirmed_at = p_now, confirmed_by = p_by,
            confirmed_key_id = p_api_key, terminal_id = p_terminal, confirm_key = p_key,
            station_id = (select t.station_id from terminals t where t.id = p_terminal)
        where x.id = r.id returning * into r;
        perform post_transfer(
            p_transfer, (select a.id from accounts a where a.user_id = r.consumer_id and a.kind = 'reserved'),
            (select a.id from accounts a where a.merchant_id = r.merchant_id and a.kind = 'settlement'),
            r.points_spent, 'confirm', r.id, p_now
        );
        perform referral_is_due(r.consumer_id, p_now);
        perform audit(
            p_now, p_by, p_api_key, p_merchant, 'redemption.confirm', r.id,
            jsonb_build_object('points', r.points_spent, 'terminal', p_terminal)
        );
        perform notify_redemption(r.id, 'confirmed');
    end if;
    return query select
        answer, r.offer_name, r.points_spent, r.confirmed_at, r.confirmed_by, r.confirmed_key_id, r.terminal_id,
        (select t.name from terminals t where t.id = r.terminal_id);
end;
$$;

drop function cancel_redemption(uuid, uuid, uuid, timestamptz);
-- Cancels a consumer's pending redemption, once. A retry with the same `p_key` is answered as the first call
-- was. No row: no such redemption.
create function cancel_redemption(
    p_redemption uuid, p_transfer uuid, p_consumer uuid, p_reason text, p_key text, p_now timestamptz
) returns table (outcome text, status redemption_status, refunded bigint, available bigint) language plpgsql as $$
#variable_conflict use_column
declare
    r redemptions;
    answer text := 'final';
begin
    select * into r from redemptions x where x.id = p_redemption and x.consumer_id = p_consumer for update;
    if not found then
        return;
    end if;
    if r.status = 'pending' then
        update redemptions x set status = 'cancelled', cancelled_at = p_now, cancellation_reason = p_reason,
            cancel_key = p_key
        where x.id = r.id returning * into r;
        perform give_back(r, p_transfer, 'cancel', p_now);
        perform notify_redemption(r.id, 'cancelled');
        answer := 'cancelled';
    elsif r.status = 'cancelled' and r.cancel_key = p_key then
        answer := 'replayed';
    end if;
    return query select
        answer, r.status, r.points_spent,
        (select a.balance from accounts a where a.user_id = p_consumer and a.kind = 'available');
end;
$$;
