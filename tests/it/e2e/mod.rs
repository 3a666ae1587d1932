//! End to end: the real binary, a real forum behind a real onion service, a real mail server.

mod crash;
mod login;
mod login_misago;
mod preview;
mod real_changes;
mod real_troubles;
mod scarcity;
mod tor;
mod trouble;
mod whole_path;
