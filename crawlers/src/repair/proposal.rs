//! What is proposed, and what speaks for it.

use std::collections::BTreeMap;

use url::Url;

use crate::walk::PageKind;

/// How far a proposal goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every known row that the pages show is read as it was, and every row of them is read.
    Complete,
    /// Something is missing or differs; a sentence each.
    Partial(Vec<String>),
    /// Nothing could be proposed; why.
    None(String),
}

/// A part of the definition that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Listing or thread; `Boards` for what is not of rows.
    pub kind: PageKind,
    /// The field, `rows` for the selector of the rows, `identity`, `boards`, or a link: `next`, `last`, `prev`.
    pub name: String,
    /// The selector that was, with `@` and the attribute it read.
    pub old: String,
    /// The selector that is proposed, written in the same way, with its filters.
    pub new: String,
}

/// What speaks for a proposal, for one kind of pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Boards, listing or thread.
    pub kind: PageKind,
    /// Pages that were looked at.
    pub pages: usize,
    /// Rows that are known of the site.
    pub known: usize,
    /// Known rows that were found in the pages.
    pub found: usize,
    /// Found rows that the proposed definition reads with every value as it is known.
    pub equal: usize,
    /// Rows that it reads and that were not known.
    pub new: usize,
}

/// A row as the proposed definition reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The page.
    pub url: Url,
    /// Boards, listing or thread.
    pub kind: PageKind,
    /// Its values.
    pub fields: BTreeMap<String, String>,
    /// Whether the row was known.
    pub known: bool,
    /// Fields that differ from what is known.
    pub differs: Vec<String>,
}

/// A definition to be looked at by a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The definition with its changes, as YAML; the old text when nothing could be proposed.
    pub text: String,
    /// How far it goes.
    pub verdict: Verdict,
    /// What changes.
    pub changes: Vec<Change>,
    /// What speaks for it.
    pub evidence: Vec<Evidence>,
    /// Rows as they would be read.
    pub preview: Vec<Preview>,
    /// Pages that say nothing about the layout, and why.
    pub set_aside: Vec<(Url, String)>,
    /// What a person should look at besides: links that no page shows any more.
    pub notes: Vec<String>,
}
