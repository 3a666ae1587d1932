//! Ready-made rows and fields.

use std::sync::Arc;

use scraper::Selector;

use super::{Proof, Response, raw::Scope};
use crate::extract::Filter;

/// A repeated part of a page.
#[derive(Debug, Clone)]
pub struct Rows {
    /// What its pages are made of.
    pub response: Response,
    /// Selector of one row.
    pub selector: Arc<Selector>,
    /// What is not read inside rows.
    pub remove: Option<Arc<Selector>>,
    /// Proof that no rows is the truth.
    pub empty: Option<Proof>,
    /// Fewest rows where emptiness is not proven.
    pub min: usize,
    /// Lines in front of the body.
    pub lines: Vec<Line>,
    /// What is read from each, by name.
    pub fields: Vec<(String, Field)>,
}

impl Rows {
    /// The field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, field)| field)
    }
}

/// A line in front of the body: text, the value of a field, text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What stands before the value.
    pub before: String,
    /// The field.
    pub field: String,
    /// What stands behind it.
    pub behind: String,
}

impl Line {
    /// Reads `Size: {size}`; `None` when it does not have exactly one field in braces.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (before, rest) = text.split_once('{')?;
        let (field, behind) = rest.split_once('}')?;
        let plain = !field.is_empty() && !before.contains('}') && !behind.contains(['{', '}']) && !field.contains('{');
        plain.then(|| Self { before: before.to_owned(), field: field.to_owned(), behind: behind.to_owned() })
    }
}

/// Where a field looks.
pub type From = Scope;

/// What a field takes of the element it found.
#[derive(Debug, Clone)]
pub enum Take {
    /// The text a reader sees.
    Text,
    /// The text, in which elements with this attribute show it instead.
    InPlace(String),
    /// An attribute.
    Attribute(String),
    /// Nothing: this text stands instead.
    Fixed(String),
    /// The value of the first selector that picks something.
    Case(Vec<(Arc<Selector>, String)>),
}

/// One value of a row.
#[derive(Debug, Clone)]
pub struct Field {
    /// Where it looks.
    pub from: From,
    /// The element; the row itself when absent.
    pub selector: Option<Arc<Selector>>,
    /// What is taken of it.
    pub take: Take,
    /// What is left out of its text.
    pub remove: Option<Arc<Selector>>,
    /// Whether a row may lack it.
    pub optional: bool,
    /// Where its text is looked for when the element has none.
    pub default_from: Option<Arc<Selector>>,
    /// Value when the page has none.
    pub default: Option<String>,
    /// Whose value follows this one's, before the filters.
    pub and: Option<Box<Field>>,
    /// What is done to the value.
    pub filters: Vec<Filter>,
    /// Another way to the value.
    pub or: Option<Box<Field>>,
}
