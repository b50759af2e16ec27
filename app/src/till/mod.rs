//! The till: look a code up, see one unmistakable result, confirm it with one tap.

mod actions;
pub mod answer;
mod camera;
pub mod island;
#[cfg(feature = "ssr")]
pub mod page;
