-- Pictures of offers, in the database (docs/adr/0012-pictures-in-the-database.md).

-- A picture as it is served, by the hash of its bytes: it never changes, and the same picture is kept once.
create table images (
    hash bytea primary key check (length(hash) = 32),
    width integer not null check (width > 0),
    height integer not null check (height > 0),
    bytes bytea not null,
    -- The same picture for cards; null where this one is small enough.
    small bytea constraint images_small references images (hash),
    -- When it was last uploaded: what nothing shows for a while after that is deleted.
    stored_at timestamptz not null,
    constraint images_hash_is_of_bytes check (hash = sha256(bytes))
);
-- A JPEG does not become smaller by being packed again.
alter table images alter column bytes set storage external;
create index images_small_idx on images (small) where small is not null;

alter table offers add column image bytea constraint offers_image references images (hash);
create index offers_image_idx on offers (image) where image is not null;
