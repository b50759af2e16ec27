-- Offers from a spreadsheet: a file is kept as it was uploaded, looked at, and imported once.

create table offer_imports (
    -- Made by the page before the file is sent, so that sending it twice keeps it once.
    id uuid primary key,
    merchant_id uuid not null references merchants (id),
    content text not null,
    -- The zone of the times that name none.
    zone text not null,
    uploaded_at timestamptz not null,
    imported_at timestamptz,
    -- Offers that were made and changed.
    made integer,
    changed integer,
    constraint offer_imports_imported check (
        (imported_at is null) = (made is null) and (imported_at is null) = (changed is null)
    )
);
create index offer_imports_merchant_idx on offer_imports (merchant_id, uploaded_at desc);

-- Imports a file's rows, all or none, once. Arrays run in parallel; a row without a version is a new offer, another
-- changes the merchant's offer that has this version. No row: there is no such file, or it was imported before. An
-- offer that has changed since the rows were checked stops it all (serialization_failure), and so does a constraint.
create function import_offers(
    p_import uuid, p_merchant uuid, p_by uuid, p_api_key uuid, p_now timestamptz,
    p_ids uuid [], p_versions integer [], p_names text [], p_descriptions text [], p_terms text [],
    p_categories text [], p_costs bigint [], p_stocks integer [], p_max_per_user integer [],
    p_lifetimes integer [], p_from timestamptz [], p_to timestamptz []
) returns table (made integer, changed integer) language plpgsql as $$
#variable_conflict use_column
declare
    fresh integer;
    edited integer;
begin
    perform from offer_imports i
    where i.id = p_import and i.merchant_id = p_merchant and i.imported_at is null for update;
    if not found then
        return;
    end if;
    insert into offers (
        id, merchant_id, name, description, terms, category, points_cost, stock_quantity, max_per_user,
        lifetime_minutes, valid_from, valid_to, created_at
    )
    select r.id, p_merchant, r.name, r.description, r.terms, r.category::offer_category, r.cost, r.stock, r.most,
        r.lifetime, r.begins, r.ends, p_now
    from unnest(
        p_ids, p_versions, p_names, p_descriptions, p_terms, p_categories, p_costs, p_stocks, p_max_per_user,
        p_lifetimes, p_from, p_to
    ) as r (id, version, name, description, terms, category, cost, stock, most, lifetime, begins, ends)
    where r.version is null;
    get diagnostics fresh = row_count;
    -- In one order everywhere, so that two imports cannot wait for each other in a circle.
    perform from offers x where x.id = any (p_ids) and x.merchant_id = p_merchant order by x.id for update;
    update offers o set name = r.name, description = r.description, terms = r.terms,
        category = r.category::offer_category, points_cost = r.cost, stock_quantity = r.stock,
        max_per_user = r.most, lifetime_minutes = r.lifetime, valid_from = r.begins, valid_to = r.ends,
        version = o.version + 1
    from unnest(
        p_ids, p_versions, p_names, p_descriptions, p_terms, p_categories, p_costs, p_stocks, p_max_per_user,
        p_lifetimes, p_from, p_to
    ) as r (id, version, name, description, terms, category, cost, stock, most, lifetime, begins, ends)
    where o.id = r.id and o.version = r.version and o.merchant_id = p_merchant and o.status <> 'archived';
    get diagnostics edited = row_count;
    if fresh + edited <> cardinality(p_ids) then
        raise exception 'an offer has changed since the file was checked' using errcode = 'serialization_failure';
    end if;
    update offer_imports i set imported_at = p_now, made = fresh, changed = edited where i.id = p_import;
    perform audit(
        p_now, p_by, p_api_key, p_merchant, 'offer.import', p_import,
        jsonb_build_object('made', fresh, 'changed', edited)
    );
    return query select fresh, edited;
end;
$$;
