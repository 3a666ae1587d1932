//! Repair of definitions on altered templates of real programs and engines, and on pages that cannot be repaired.

mod alter;
mod cases;
mod harness;
mod hopeless;
