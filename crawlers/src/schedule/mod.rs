//! When sources are visited: learnt posting rates, intervals under a request budget, politeness by host, back-off.
//!
//! Everything here is a value and a pure function of it: the moment and the randomness are arguments.

mod class;
mod host;
mod interval;
pub mod ladder;
pub(crate) mod moment;
mod planner;
mod rate;
mod visit;

pub use class::Class;
pub use host::{HostSlot, HostState, Politeness, Reply};
pub use interval::{Budget, SourceRate, intervals};
pub use planner::{Planner, Source, Target, Trouble, Visit, Watch};
pub use rate::Rate;
pub use visit::{next_rung, next_visit, next_visit_of};
