//! Merchants, as admins run them.

pub mod actions;
pub mod detail;
pub mod keys;
pub mod list;
