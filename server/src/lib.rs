//! The server: configuration, routes, middleware, jobs and commands. It decides nothing about points, codes
//! or money.

mod api;
pub mod assets;
pub mod commands;
pub mod config;
mod events;
mod files;
mod health;
mod images;
pub mod jobs;
pub mod middleware;
pub mod router;
mod routes;
mod seats;
pub mod start;
pub mod telemetry;
mod well_known;
