//! The wallet: what a consumer has and what moved it, their card, and what admins put right.

pub mod actions;
pub mod adjustments;
mod balance;
pub mod card;
mod history;
pub mod landing;
pub mod letters;
mod lots;
pub mod news;
pub mod page;
mod referral;
mod words;
