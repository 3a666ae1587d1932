//! The pages: what the desk sees and does, rendered on the server, without a line of script.
//!
//! ```text
//! request ─▶ headers ─▶ dress (errors) ─▶ timeout ─▶ panic ─▶ guard (session, language, CSRF) ─▶ a page
//! ```
//!
//! Captured text reaches a reader only as escaped text; every read of a post or a capture is recorded.

pub mod auth;
mod csrf;
mod error;
mod guard;
mod headers;
mod i18n;
mod pages;
pub mod ports;
mod router;
mod state;
#[cfg(test)]
mod tests;
mod view;

pub use router::router;
pub use state::WebState;
