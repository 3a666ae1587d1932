//! From the bytes of a page to posts: decoding, classifying, reading rows and fields.

mod bounds;
mod charset;
mod date;
#[cfg(test)]
mod edits;
mod feed;
mod field;
mod filter;
mod json;
mod page;
mod post;
mod relative;
mod rows;
mod script;
#[cfg(test)]
mod tests;
mod text;
mod times;
mod zone;

pub(crate) use bounds::check as check_bounds;
pub(crate) use charset::declared;
pub use charset::decode_text;
pub use date::DateFormat;
pub(crate) use field::{Place, value as field_value};
pub use filter::Filter;
pub(crate) use page::{Look, look};
pub use page::{PageReading, ReadOutcome, Thread, extract};
pub use post::Post;
pub use text::{hidden_links, text_of};
pub(crate) use zone::{Told, by as zone_by, of as zone_of, told as zone_told};

/// When and where a page's times are to be understood.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// The zone of times that carry none.
    pub zone: &'a jiff::tz::TimeZone,
    /// When the page came; relative times count from it.
    pub received_at: jiff::Timestamp,
    /// The format that the page's own clock is written in: it is tried before others, so that days and months are not
    /// taken for one another.
    pub format: Option<&'a DateFormat>,
}
