//! Visits to sites made of strings.

mod outcomes;
mod polls;
mod site;
mod traps;
mod whole;
