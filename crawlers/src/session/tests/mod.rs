//! Logins at sites on loopback.

mod engines;
mod logins;
mod obstacles;
mod scripts;
mod server;
mod silence;
mod silent_walls;
mod site;
mod visits;
