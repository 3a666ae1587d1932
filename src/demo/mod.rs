//! The demonstration: the real service on embedded defaults, with a small leak forum inside the process to watch.

mod forum;
mod narrator;
mod world;

pub use forum::Forum;
pub use narrator::narrate;
pub(crate) use world::OLD_POSTS;
pub use world::{configuration, members, sale};
