//! The way over a site, page by page: what to ask for next, given what was read so far. No sockets, no clock, no store.

mod request;
mod state;

pub use request::{PageKind, PageRequest, RawPage, ThreadContext};
pub use state::{Mode, Seen, Step, Summary, Walk};
