//! All integration tests in one binary: what crosses the borders of modules, processes and machines.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on fails, and may say why")]

mod agenda;
mod e2e;
mod live_terms;
mod look_back_crash;
mod recovery;
mod site_commands;
mod store;
mod support;
mod terms_cli;
mod tidy;
