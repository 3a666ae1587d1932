//! What an import takes, what it refuses, and where it says the fault is.

mod files;
mod members;

use super::{ImportErrors, parse_members};

/// The faults as `line:column reason`, the column 0 for a whole line.
fn places(errors: &ImportErrors) -> Vec<(u64, usize)> {
    errors.faults.iter().map(|fault| (fault.line, fault.column.as_ref().map_or(0, |column| column.number))).collect()
}

/// The errors of a file of members.
fn refused(text: impl AsRef<[u8]>) -> ImportErrors {
    parse_members(text.as_ref(), "members.csv").expect_err("refused")
}
