//! Logins at sites on loopback.

mod engines;
mod logins;
mod obstacles;
mod server;
mod silence;
mod site;
mod visits;
