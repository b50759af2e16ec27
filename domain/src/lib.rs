//! The vocabulary and the pure rules of Surtidor, shared by browser and server.
//!
//! Nothing here reads a clock, a random source, a file or a socket: what varies comes in as a
//! parameter. Everything compiles to WebAssembly.

pub mod account;
pub mod codes;
pub mod earning;
pub mod error;
pub mod fields;
pub mod ids;
pub mod images;
pub mod locale;
pub mod money;
pub mod named;
pub mod offers;
pub mod points;
pub mod redemptions;
pub mod second_step;
pub mod stations;
pub mod terminals;
pub mod webhooks;
