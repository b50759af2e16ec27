//! Offers: browsing and redeeming for consumers, managing for merchants.

pub mod actions;
pub mod cards;
pub mod detail;
pub mod files;
pub mod import;
pub mod list;
pub mod manage;
mod manage_form;
pub mod manage_list;
mod manage_picture;
pub mod preview;
