//! The API, as programs call it.

mod admin;
mod client;
mod document;
mod examples;
mod idempotency;
mod keys;
mod matrix;
mod merchant;
mod names;
mod races;
mod rewards;
mod shape;
