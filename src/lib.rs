//! Nightheron (夜鷺): the pipeline from a source to a member's mailbox; the `nightheron` binary is a thin shell around it.

pub mod alerts;
pub mod app;
pub mod assess;
pub mod captures;
pub mod cli;
pub mod clock;
pub mod config;
pub mod definitions;
pub mod demo;
pub mod faults;
pub mod lifecycle;
pub mod members;
pub mod pipeline;
pub mod ports;
pub mod store;
pub mod terms;
pub mod web;
