//! What happens to every request before a page or an action sees it.

pub(crate) mod admission;
pub(crate) mod attempts;
pub(crate) mod failures;
pub(crate) mod headers;
pub(crate) mod identify;
pub(crate) mod limits;
pub(crate) mod origin;
pub mod proxies;
pub(crate) mod refusals;
