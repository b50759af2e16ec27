//! What must live in the browser. Everything else is rendered on the server and stays as it is.

pub mod countdown;
pub mod guard;
pub mod live;
pub mod locate;
pub mod reload;
pub mod strength;
