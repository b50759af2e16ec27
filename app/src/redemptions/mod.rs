//! A consumer's redemptions, and the public face of a code.

pub mod actions;
pub mod detail;
pub mod landing;
pub mod list;
pub mod qr;
mod words;
