//! Signing up, in and out; the account; mailed links.

pub mod account;
pub mod actions;
pub mod letters;
pub mod once;
pub mod pin;
pub mod reset;
pub mod second_step;
pub mod session;
pub mod sign_in;
pub mod sign_up;
