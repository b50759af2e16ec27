-- Publishing, pausing, resuming and archiving in one statement, so that no transaction of the application can
-- be left open by a request that is given up.

-- Gives an offer a status that may follow one of p_from. An offer with pending redemptions is not archived.
-- The answer is whether this call changed it, the status it had before, and, where archiving was asked for,
-- how many redemptions are pending; no row when the merchant has no such offer.
create function set_offer_status(p_offer uuid, p_merchant uuid, p_next offer_status, p_from offer_status [])
returns table (changed boolean, before offer_status, pending bigint) language plpgsql as $$
declare
    o offers;
    held bigint := 0;
begin
    if p_next = 'archived' then
        -- Waits for the redeems that have seen the offer active, so that their redemptions are seen below.
        perform pg_advisory_xact_lock(offer_lock(p_offer));
    end if;
    select * into o from offers x where x.id = p_offer and x.merchant_id = p_merchant for update;
    if not found then
        return;
    end if;
    if p_next = 'archived' then
        select count(*) into held from redemptions r where r.offer_id = o.id and r.status = 'pending';
    end if;
    if o.status <> all(p_from) or held > 0 then
        return query select false, o.status, held;
        return;
    end if;
    update offers x set status = p_next, version = x.version + 1 where x.id = o.id;
    return query select true, o.status, held;
end;
$$;
