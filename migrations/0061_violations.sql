-- Writes down that somebody of a merchant, or its program, reached for what is another merchant's. For what is nobody's,
-- or their own, nothing is written.
create function audit_violation(
    p_now timestamptz, p_actor uuid, p_api_key uuid, p_merchant uuid, p_what text, p_subject uuid
) returns void language sql as $$
    select audit(
        p_now, p_actor, p_api_key, p_merchant, 'violation.' || p_what, p_subject,
        jsonb_build_object('belongs_to', theirs.merchant_id)
    )
    from (
        select merchant_id from offers where p_what = 'offer' and id = p_subject
        union all
        select merchant_id from redemptions where p_what = 'redemption' and id = p_subject
        union all
        select merchant_id from accruals where p_what = 'accrual' and id = p_subject
        union all
        select merchant_id from terminals where p_what = 'terminal' and id = p_subject
        union all
        select merchant_id from api_keys where p_what = 'key' and id = p_subject
        union all
        select merchant_id from stations where p_what = 'station' and id = p_subject
    ) as theirs
    where theirs.merchant_id <> p_merchant;
$$;
