//! Repair of definitions on altered templates of real programs and engines, and on pages that cannot be repaired.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail where they stand")]

mod alter;
mod cases;
mod harness;
mod hopeless;
mod links;
