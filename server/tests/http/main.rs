//! The server over real HTTP: `cargo xtask database cargo test -p server --test http`.

mod adjustments;
mod anothers;
mod api;
mod api_auth;
mod api_keys;
mod assets;
mod attempts;
mod card;
mod crowds;
mod endpoints;
mod events;
mod failures;
mod headers;
mod identity;
mod mailed_links;
mod origin;
mod others;
mod outages;
mod pages;
mod program;
mod redeem;
mod sales;
mod support;
mod terminals;
mod till;
mod wallet;
