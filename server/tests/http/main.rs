//! The server over real HTTP: `cargo xtask database cargo test -p server --test http`.

mod api_auth;
mod api_keys;
mod assets;
mod attempts;
mod crash;
mod departures;
mod endpoints;
mod events;
mod failures;
mod headers;
mod identity;
mod origin;
mod outages;
mod pages;
mod program;
mod redeem;
mod redeem_races;
mod support;
mod till;
