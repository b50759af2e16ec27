//! The API, as programs call it.

mod admin;
mod admin_edits;
pub mod client;
mod document;
mod examples;
mod figures;
mod idempotency;
mod keys;
mod matrix;
mod merchant;
mod names;
mod offer_files;
mod races;
mod refusals;
mod rewards;
mod sales;
mod shape;
mod webhooks;
