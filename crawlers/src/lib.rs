#![doc = include_str!("../README.md")]

pub mod definition;
pub mod extract;
pub mod fixtures;
pub mod folder;
pub mod guess;
pub mod mirrors;
mod moves;
pub mod net;
mod outcome;
pub mod repair;
pub mod schedule;
pub mod session;
pub mod walk;

pub use mirrors::Mirrors;
pub use moves::{Move, NoMove, SameSite, moved};
pub use outcome::{Outcome, PageClass, UnknownOutcome};
