//! Everything that renders: pages, islands, server functions and translations.
//!
//! Pages are rendered on the server alone and live under `ssr`. The browser gets the islands, and the
//! server functions that islands call; their texts reach them as properties, so that no translation is
//! shipped twice.

// Views nest types deeply.
#![recursion_limit = "512"]

pub mod error;
pub mod islands;

#[cfg(feature = "ssr")]
pub mod identity;
#[cfg(feature = "ssr")]
pub mod merchants;
#[cfg(feature = "ssr")]
pub mod offers;
#[cfg(feature = "ssr")]
pub mod redemptions;
#[cfg(feature = "ssr")]
pub mod site;
#[cfg(feature = "ssr")]
pub mod stations;
#[cfg(feature = "ssr")]
pub mod till;
#[cfg(feature = "ssr")]
pub mod ui;
#[cfg(feature = "ssr")]
pub mod wallet;
#[cfg(feature = "ssr")]
pub mod webhooks;
