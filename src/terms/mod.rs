//! Governance of watch terms: what a term would find before it is saved, who may save it, and what it finds in history.
//!
//! ```text
//! term ─▶ preview: posts of the last 90 days ─▶ verdict: fine │ too broad │ never seen
//!                                                 │
//! save ─▶ allowed? (too broad: a reason, or a second person) ─▶ one transaction: term, history, look back
//!                                                                                                 │
//! look back: every post there is, 500 a batch, resumable ─▶ held alerts "found in history" ─▶ one digest a member
//! ```

mod file;
pub mod look_back;
mod plan;
mod preview;
mod review;
mod save;
mod similar;
mod tally;
mod verdict;

pub use file::{FileError, FileTerm, date_of, midnight, read_file, write_terms};
pub use plan::{OnConflict, Plan, PlanError, Planned, Standing, plan};
pub use preview::{MAX_BYTES, MAX_POSTS, Preview, PreviewError, WINDOW_DAYS, preview, verdicts};
pub use review::Review;
pub use save::{SaveError, Saved, add, change};
pub use similar::{Relation, Similar};
pub use tally::{Count, Sample};
pub use verdict::{Breadth, MAX_ALERTS_A_DAY, MAX_ALERTS_ON_ONE_DAY, MIN_ALERTS, MIN_PRECISION, MIN_VERDICTS, Verdict};
