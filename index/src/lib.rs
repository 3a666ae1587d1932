#![doc = include_str!("../README.md")]

mod analyzer;
mod document;
mod error;
mod fold;
mod handle;
mod highlight;
mod payload;
mod query;
mod schema;
mod script;
mod search;
mod tokens;
mod writer;

pub use document::Document;
pub use error::{IndexError, SearchError};
pub use fold::Folding;
pub use handle::{Index, IndexOptions};
pub use highlight::Span;
pub use query::{QueryError, QueryReason};
pub use search::{MAX_WINDOW, SearchHit, SearchOrder, SearchPage, SearchRequest};
pub use writer::{MAX_POST_KEY_BYTES, MIN_MEMORY_BUDGET_BYTES, Writer};
