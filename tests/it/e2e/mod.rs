//! End to end: the real binary, a real forum behind a real onion service, a real mail server.

mod crash;
mod folder;
mod login;
mod login_misago;
mod mirrors;
mod moves;
mod preview;
mod real_changes;
mod real_troubles;
mod repair;
mod scarcity;
mod tor;
mod trouble;
mod whole_path;
