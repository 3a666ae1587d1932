//! Rows, their fields and the filters on them, as a definition describes them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::{Proof, Response, Text, Texts};

/// Repeated parts of pages.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RowSets {
    /// Threads of a listing; must have the fields `thread_id` and `thread_url`.
    pub listing: Option<Rows>,
    /// Posts of a thread, or of a page of posts; must have the fields `post_id` and `body`.
    pub thread: Option<Rows>,
}

/// One repeated part. What a definition does not say, the one it extends says.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    /// What the pages with these rows are made of, where it is not what the site's others are.
    pub response: Option<Response>,
    /// Selector of one row.
    #[schemars(with = "Option<String>")]
    pub selector: Option<Text>,
    /// Selector of what is not read inside rows: signatures, buttons.
    #[schemars(with = "Option<String>")]
    pub remove: Option<Text>,
    /// Proof that no rows is the truth and not a changed layout.
    #[schemars(with = "Option<Proof>")]
    pub empty: Option<Spanned<Proof>>,
    /// How many rows there must be at least, where emptiness is not proven; 1 when absent.
    pub expect: Option<Expect>,
    /// Lines put in front of the body, each with one other field in braces: `Size: {size}`. A line whose field a row
    /// lacks is left out.
    #[schemars(with = "Option<Vec<String>>")]
    pub lines: Option<Vec<Text>>,
    /// What is read from each row. A field that is null takes away the one of the definition extended.
    #[serde(default)]
    pub fields: BTreeMap<String, Option<Field>>,
}

/// How many rows there must be.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// At least.
    pub min: usize,
}

/// One value of a row. What a definition does not say of it, the one it extends says.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Where to look: inside the row, on the whole page, or in the page's address.
    pub from: Option<Scope>,
    /// Selector of the element; the row itself when absent.
    #[schemars(with = "Option<String>")]
    pub selector: Option<Text>,
    /// Attribute to read; the element's text when absent or empty.
    pub attribute: Option<String>,
    /// As the text, but an element inside that has this attribute shows the attribute instead of its own text: a day
    /// that is called `Yesterday`, with its date in the title.
    pub in_place: Option<String>,
    /// Selector of a second element, whose text is read when the first is not there or has no value.
    #[schemars(with = "Option<String>")]
    pub default_from: Option<Text>,
    /// Values told by what is there: the first selector that picks something in the row, or the row itself.
    pub case: Option<Vec<Case>>,
    /// Selector of what is left out of the text.
    #[schemars(with = "Option<String>")]
    pub remove: Option<Text>,
    /// A fixed value instead of anything on the page.
    #[schemars(with = "Option<String>")]
    pub text: Option<Text>,
    /// Whether a row may lack it.
    pub optional: Option<bool>,
    /// Value when the page has none.
    pub default: Option<String>,
    /// Another field, whose value follows this one's after a space, before the filters: a day, and the time in the title
    /// of its link. It is layered as a whole.
    pub and: Option<Box<Field>>,
    /// What is done to the value, in order.
    #[schemars(with = "Option<Vec<Filter>>")]
    pub filters: Option<Vec<Spanned<Filter>>>,
    /// Another way to the value, with filters of its own, where this one finds none. It is layered as a whole.
    pub or: Option<Box<Field>>,
}

/// A value that the presence of an element stands for.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Selector of the element.
    #[schemars(with = "String")]
    pub selector: Text,
    /// The value.
    pub value: String,
}

/// Where a field looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Inside the row.
    Row,
    /// On the whole page.
    Page,
    /// In the address of the page, after redirects.
    Url,
}

/// One step from what stands on a page to a value.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Filter {
    /// White space removed at both ends, and runs of it made one space.
    Trim,
    /// The first number, grouping signs removed.
    Number,
    /// Character references such as `&amp;` decoded.
    HtmlDecode,
    /// The text of a piece of HTML as a reader sees it, in lines, then the targets of its links that it does not show.
    HtmlText,
    /// The first group of a regular expression, or all it matches; no match is no value.
    Regexp(#[schemars(with = "String")] Text),
    /// A text replaced by another.
    Replace(Pair),
    /// What a regular expression matches, replaced; `$1` is its first group.
    ReReplace(PatternPair),
    /// Put behind.
    Append(String),
    /// Put before.
    Prepend(String),
    /// One part of the value.
    Split(Split),
    /// A parameter of the value's query string.
    Querystring(String),
    /// A time in one of these formats, in the definition's zone.
    Date(Texts),
    /// A span before the page came, in English, Chinese or Russian: `3 hours ago`, `3 小时前`, `2 дня назад`.
    TimeAgo,
    /// As `time_ago`, or a day by its name with a time: `Yesterday, 07:08`, `昨天 07:08`, `вчера в 07:08`.
    FuzzyTime,
}

/// A text and its replacement.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// What is replaced.
    pub from: String,
    /// By what.
    pub to: String,
}

/// A pattern and its replacement.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PatternPair {
    /// Regular expression.
    #[schemars(with = "String")]
    pub from: Text,
    /// By what.
    pub to: String,
}

/// One part of a value.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// What stands between the parts.
    pub by: String,
    /// Which part, from 0; negative counts from the end.
    pub at: i32,
}
