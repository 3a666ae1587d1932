//! From the bytes of a page to posts: decoding, classifying, reading rows and fields.

mod charset;
mod date;
mod field;
mod filter;
mod page;
mod text;

pub use charset::decode_text;
pub use date::DateFormat;
pub use filter::Filter;
pub use page::{PageReading, Post, ReadOutcome, Thread, extract};
pub use text::{hidden_links, text_of};
