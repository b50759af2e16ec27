-- Expiry, one named redemption at a time: the caller knows which one failed and goes on with the others.
-- expire_next_redemption, which always meets the failing one first, stays for instances of the release before.

-- Expires a redemption if it is due and nobody else is working on it. The answer is whether this call did.
create function expire_redemption(p_redemption uuid, p_transfer uuid, p_now timestamptz)
returns boolean language plpgsql as $$
declare
    r redemptions;
begin
    select * into r from redemptions x
    where x.id = p_redemption and x.status = 'pending' and x.expires_at <= p_now
    for update skip locked;
    if not found then
        return false;
    end if;
    update redemptions x set status = 'expired' where x.id = r.id;
    perform give_back(r, p_transfer, 'expire', p_now);
    perform notify_redemption(r.id, 'expired');
    return true;
end;
$$;
