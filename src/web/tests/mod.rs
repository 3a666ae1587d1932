//! The pages as a browser meets them: requests into the router, on a store of their own.

mod access;
mod bench;
mod catalogue;
mod decisions;
mod definitions;
mod desk;
mod ends;
mod hostile;
mod login;
mod moves;
mod terms;
mod views;
