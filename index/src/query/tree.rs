//! The tree a query is parsed into.

use crate::tokens::Kind;

/// A query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    /// Every document: the empty query.
    All,
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Leaf(Leaf),
}

/// Which text a word or phrase is looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Title, author and body.
    Any,
    Title,
    Author,
    Url,
}

/// An identifier field, matched whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyField {
    Source,
    Member,
}

/// A time field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeField {
    Captured,
    Posted,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Leaf {
    /// Terms at these offsets of one another.
    Terms {
        scope: Scope,
        terms: Vec<(usize, Kind, String)>,
    },
    Key {
        field: KeyField,
        value: String,
    },
    /// At or after, in milliseconds since 1970 UTC.
    Since {
        field: TimeField,
        ms: i64,
    },
    /// Before, in milliseconds since 1970 UTC.
    Until {
        field: TimeField,
        ms: i64,
    },
}

impl Leaf {
    /// The character, if this leaf looks for one CJK character wherever it stands.
    pub(crate) fn lone(&self) -> Option<char> {
        match self {
            Leaf::Terms { terms, .. } => match terms.as_slice() {
                [(_, Kind::Lone, text)] => text.chars().next(),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Node {
    /// Visits the leaves that a found document fulfils, not the negated ones.
    pub(crate) fn positive_leaves<'a>(&'a self, visit: &mut dyn FnMut(&'a Leaf)) {
        match self {
            Node::All | Node::Not(_) => {}
            Node::And(nodes) | Node::Or(nodes) => {
                for node in nodes {
                    node.positive_leaves(visit);
                }
            }
            Node::Leaf(leaf) => visit(leaf),
        }
    }
}
