//! Visits to sites made of strings.

mod alone;
mod boards;
mod outcomes;
mod polls;
mod site;
mod traps;
mod whole;
mod zone;
