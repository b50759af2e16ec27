//! The till: look a code up, see one unmistakable result, confirm it with one tap; credit a member's sale; and
//! the terminals it runs on. What lives in the browser is in the `till` crate.

mod actions;
mod device;
pub mod page;
pub mod people;
mod recent;
mod sales;
pub mod terminals;
mod words;
