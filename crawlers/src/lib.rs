#![doc = include_str!("../README.md")]

pub mod definition;
pub mod extract;
pub mod fixtures;
pub mod folder;
pub mod net;
mod outcome;
pub mod schedule;
pub mod walk;

pub use outcome::{Outcome, PageClass, UnknownOutcome};
