#![doc = include_str!("../README.md")]

pub mod business_number;
mod defang;
mod file;
mod fold;
mod host;
mod matcher;
mod prefilter;
mod stream;
mod term;

pub use business_number::{BusinessNumber, BusinessNumberError};
pub use defang::defang;
pub use file::{TermFileError, TermFileFault, TermFileFormat, TermFileState, TermRow, read_terms};
pub use fold::{FOLDING, Folded, fold, fold_char};
pub use matcher::{Confidence, Form, Hit, Matcher, MatcherError, TermId};
pub use stream::{STREAM_MARGIN, StreamHit, StreamMatcher};
pub use term::{Context, MAX_WITHIN, Near, Term, TermError, TermKind, UnknownTermKind};
