//! The till: look a code up, see one unmistakable result, confirm it with one tap. What lives in the browser
//! is in the `till` crate.

mod actions;
pub mod page;
