//! All integration tests in one binary: what crosses the borders of modules, processes and machines.

mod store;
mod support;
mod tidy;
