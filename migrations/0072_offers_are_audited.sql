-- Publishing, pausing, resuming and archiving now stand in the audit log, too.

drop function set_offer_status(uuid, uuid, offer_status, offer_status []);
-- Gives an offer a status that may follow one of p_from. An offer with pending redemptions is not archived.
-- The answer is whether this call changed it, the status it had before, and, where archiving was asked for,
-- how many redemptions are pending; no row when the merchant has no such offer.
create function set_offer_status(
    p_offer uuid, p_merchant uuid, p_by uuid, p_api_key uuid, p_next offer_status, p_from offer_status [],
    p_now timestamptz
) returns table (changed boolean, before offer_status, pending bigint) language plpgsql as $$
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
    perform audit(
        p_now, p_by, p_api_key, p_merchant, 'offer.set_status', o.id,
        jsonb_build_object('from', o.status, 'to', p_next)
    );
    return query select true, o.status, held;
end;
$$;
