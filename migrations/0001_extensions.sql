-- Places on the globe, and text search that forgives spelling and accents.
create extension if not exists postgis;
create extension if not exists pg_trgm;
create extension if not exists unaccent;
