//! The API, as programs call it.

mod admin;
mod client;
mod document;
mod idempotency;
mod merchant;
mod races;
mod rewards;
mod shape;
