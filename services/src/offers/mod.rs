//! Offers and redemptions: browsing, redeeming, the till, and what a merchant does with its own.

pub mod browse;
pub mod cancel;
pub mod catalogue;
pub mod expire;
pub mod history;
pub mod import;
pub mod integration;
pub mod manage;
pub mod own;
pub mod pending;
pub mod pictures;
pub mod redeem;
pub mod table;
pub mod till;
pub mod tokens;
pub mod watch;
