//! The use cases against a real PostgreSQL: `cargo xtask database cargo test -p services --test it`.

mod accruals;
mod adjustments;
mod browse;
mod demo;
mod finality;
mod finality_races;
mod history;
mod indexes;
mod known_mistakes;
mod ledger_model;
mod links;
mod lots;
mod manage;
mod merchants;
mod redeem;
mod redeem_races;
mod redeem_together;
mod referrals;
mod schema;
mod short_codes;
mod sign_in;
mod storm;
mod support;
mod till;
mod wallet;
mod watch;
