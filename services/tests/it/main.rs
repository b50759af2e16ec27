//! The use cases against a real PostgreSQL: `cargo xtask database cargo test -p services --test it`.

mod api_keys;
mod api_sessions;
mod browse;
mod demo;
mod finality;
mod finality_races;
mod history;
mod indexes;
mod jwt;
mod links;
mod manage;
mod merchants;
mod redeem;
mod redeem_races;
mod schema;
mod short_codes;
mod sign_in;
mod storm;
mod support;
mod till;
mod wallet;
mod watch;
