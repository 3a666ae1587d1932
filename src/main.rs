//! The `nightheron` command.
fn main() {}
