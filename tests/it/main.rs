//! All integration tests in one binary: what crosses the borders of modules, processes and machines.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing, helpers included")]

mod store;
mod support;
mod tidy;
