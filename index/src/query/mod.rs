//! The query language: text to lexemes, lexemes to a tree, tree to an engine query.

mod compile;
mod error;
mod exclusion;
mod lexer;
mod parser;
mod time;
mod tree;

#[cfg(test)]
mod tests;

pub use error::{QueryError, QueryReason};

pub(crate) use compile::compile;
pub(crate) use parser::parse;
pub(crate) use tree::{Leaf, Scope};
