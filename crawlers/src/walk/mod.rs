//! The way over a site, page by page: what to ask for next, given what was read so far. No sockets, no clock, no store.

mod address;
mod boards;
mod chain;
mod gate;
mod newest;
mod pager;
mod request;
mod signal;
mod state;
mod tally;
#[cfg(test)]
mod tests;
mod zone;

pub use request::{PageKind, PageRequest, RawPage, ThreadContext};
pub use signal::{LAST_POST_WITHIN, LEFT_BEHIND};
pub use state::{Mode, Seen, Step, Walk};
pub use tally::Summary;
pub use zone::ZONE_MARK;
