//! What the integration tests stand on.

pub(crate) mod databases;
pub(crate) mod samples;
