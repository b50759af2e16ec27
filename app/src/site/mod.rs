//! What every page stands on: request, language, formats, shell and routes.

pub mod caller;
pub mod format;
pub mod forms;
pub mod i18n;
pub mod load;
pub mod messages;
pub mod pages;
pub mod request;
mod routes;
pub mod shell;

pub use routes::App;
