//! What the integration tests stand on.

pub(crate) mod browser;
pub(crate) mod databases;
pub(crate) mod instance;
pub(crate) mod samples;
pub(crate) mod service;
pub(crate) mod wire;
pub(crate) mod world;
