//! Recursive descent over the lexemes, with limits on depth and size.

use super::error::{QueryError, QueryReason};
use super::lexer::{FieldName, Lexed, Lexeme, lex};
use super::time;
use super::tree::{KeyField, Leaf, Node, Scope, TimeField};
use crate::fold::Folding;
use crate::tokens::query_terms;

/// Deepest nesting of groups and negations.
pub(crate) const MAX_DEPTH: usize = 32;

/// Most words, phrases and fields in one query.
pub(crate) const MAX_LEAVES: usize = 256;

/// Parses `query`; an empty one means every document.
pub(crate) fn parse(query: &str, folding: &Folding) -> Result<Node, QueryError> {
    let (lexemes, end) = lex(query)?;
    if lexemes.is_empty() {
        return Ok(Node::All);
    }
    let mut parser = Parser { lexemes, at: 0, end, depth: 0, leaves: 0, field: None, folding };
    let node = parser.or("the start")?;
    match parser.peek() {
        None => Ok(node),
        Some(_) => Err(parser.error(QueryReason::UnopenedGroup)),
    }
}

struct Parser<'a> {
    lexemes: Vec<Lexed>,
    at: usize,
    /// Column after the end of the query.
    end: usize,
    depth: usize,
    leaves: usize,
    /// The field whose group is being read.
    field: Option<FieldName>,
    folding: &'a Folding,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Lexeme> {
        self.lexemes.get(self.at).map(|lexed| &lexed.lexeme)
    }

    fn column(&self) -> usize {
        self.lexemes.get(self.at).map_or(self.end, |lexed| lexed.column)
    }

    fn error(&self, reason: QueryReason) -> QueryError {
        QueryError { column: self.column(), reason }
    }

    fn take(&mut self, wanted: &Lexeme) -> bool {
        let taken = self.peek() == Some(wanted);
        self.at += usize::from(taken);
        taken
    }

    /// or := and ( "OR" and )*
    fn or(&mut self, after: &str) -> Result<Node, QueryError> {
        let mut nodes = vec![self.and(after)?];
        while self.take(&Lexeme::Or) {
            nodes.push(self.and("`OR`")?);
        }
        Ok(one_or(nodes, Node::Or))
    }

    /// and := not ( "AND"? not )*
    fn and(&mut self, after: &str) -> Result<Node, QueryError> {
        let mut nodes = vec![self.not(after)?];
        loop {
            match self.peek() {
                None | Some(Lexeme::Or | Lexeme::Close) => return Ok(one_or(nodes, Node::And)),
                Some(Lexeme::And) => {
                    self.at += 1;
                    nodes.push(self.not("`AND`")?);
                }
                Some(_) => nodes.push(self.not("")?),
            }
        }
    }

    /// not := ( "NOT" | "-" ) not | primary
    fn not(&mut self, after: &str) -> Result<Node, QueryError> {
        if !self.take(&Lexeme::Not) {
            return self.primary(after);
        }
        self.deeper()?;
        let node = self.not("`NOT` or `-`")?;
        self.depth -= 1;
        Ok(Node::Not(Box::new(node)))
    }

    fn deeper(&mut self) -> Result<(), QueryError> {
        if self.depth == MAX_DEPTH {
            return Err(self.error(QueryReason::TooDeep { limit: MAX_DEPTH }));
        }
        self.depth += 1;
        Ok(())
    }

    /// primary := "(" or ")" | field ( "(" or ")" | word | phrase ) | word | phrase
    fn primary(&mut self, after: &str) -> Result<Node, QueryError> {
        let Some(lexeme) = self.peek().cloned() else {
            let after = after.to_owned();
            return Err(self.error(QueryReason::ExpectedTerm { after }));
        };
        match lexeme {
            Lexeme::Open => self.group(),
            Lexeme::Field(field) => self.field(field),
            Lexeme::Word(text) | Lexeme::Phrase(text) => self.leaf(self.field, text),
            Lexeme::Close if self.depth == 0 => Err(self.error(QueryReason::UnopenedGroup)),
            Lexeme::Close | Lexeme::Not => {
                let after = after.to_owned();
                Err(self.error(QueryReason::ExpectedTerm { after }))
            }
            Lexeme::And => Err(self.error(QueryReason::ExpectedTermBefore { operator: "`AND`" })),
            Lexeme::Or => Err(self.error(QueryReason::ExpectedTermBefore { operator: "`OR`" })),
        }
    }

    fn group(&mut self) -> Result<Node, QueryError> {
        let opened = self.column();
        self.deeper()?;
        self.at += 1;
        if self.peek().is_none() {
            return Err(unclosed(opened));
        }
        let node = self.or("`(`")?;
        if !self.take(&Lexeme::Close) {
            return Err(unclosed(opened));
        }
        self.depth -= 1;
        Ok(node)
    }

    fn field(&mut self, field: FieldName) -> Result<Node, QueryError> {
        if let Some(outer) = self.field {
            return Err(self.error(QueryReason::NestedField { inner: field.name(), outer: outer.name() }));
        }
        self.at += 1;
        match self.peek().cloned() {
            Some(Lexeme::Open) if is_time(field) => Err(self.error(QueryReason::GroupedTime { field: field.name() })),
            Some(Lexeme::Open) => {
                self.field = Some(field);
                let node = self.group()?;
                self.field = None;
                Ok(node)
            }
            Some(Lexeme::Word(text) | Lexeme::Phrase(text)) => self.leaf(Some(field), text),
            _ => Err(self.error(QueryReason::ExpectedValue { field: field.name() })),
        }
    }

    fn leaf(&mut self, field: Option<FieldName>, text: String) -> Result<Node, QueryError> {
        if self.leaves == MAX_LEAVES {
            return Err(self.error(QueryReason::TooManyTerms { limit: MAX_LEAVES }));
        }
        self.leaves += 1;
        let leaf = match field {
            None => self.terms(Scope::Any, text),
            Some(FieldName::Title) => self.terms(Scope::Title, text),
            Some(FieldName::Author) => self.terms(Scope::Author, text),
            Some(FieldName::Url) => self.terms(Scope::Url, text),
            Some(FieldName::Source) => self.key(KeyField::Source, text),
            Some(FieldName::Member) => self.key(KeyField::Member, text),
            Some(FieldName::After) => self.time(text, |ms| Leaf::Since { field: TimeField::Captured, ms }),
            Some(FieldName::Before) => self.time(text, |ms| Leaf::Until { field: TimeField::Captured, ms }),
            Some(FieldName::PostedAfter) => self.time(text, |ms| Leaf::Since { field: TimeField::Posted, ms }),
            Some(FieldName::PostedBefore) => self.time(text, |ms| Leaf::Until { field: TimeField::Posted, ms }),
        }?;
        self.at += 1;
        Ok(Node::Leaf(leaf))
    }

    fn terms(&self, scope: Scope, text: String) -> Result<Leaf, QueryError> {
        let terms = query_terms(self.folding, &text);
        if terms.is_empty() {
            return Err(self.error(QueryReason::NothingSearchable { text }));
        }
        Ok(Leaf::Terms { scope, terms })
    }

    fn key(&self, field: KeyField, text: String) -> Result<Leaf, QueryError> {
        let value = self.folding.whole(&text);
        if value.is_empty() {
            return Err(self.error(QueryReason::NothingSearchable { text }));
        }
        Ok(Leaf::Key { field, value })
    }

    fn time(&self, text: String, leaf: impl Fn(i64) -> Leaf) -> Result<Leaf, QueryError> {
        match time::parse_ms(&text) {
            Some(ms) => Ok(leaf(ms)),
            None => Err(self.error(QueryReason::BadTime { text })),
        }
    }
}

fn unclosed(column: usize) -> QueryError {
    QueryError { column, reason: QueryReason::UnclosedGroup }
}

fn is_time(field: FieldName) -> bool {
    matches!(field, FieldName::After | FieldName::Before | FieldName::PostedAfter | FieldName::PostedBefore)
}

/// A list of one is its element.
fn one_or(mut nodes: Vec<Node>, many: fn(Vec<Node>) -> Node) -> Node {
    match nodes.pop() {
        Some(only) if nodes.is_empty() => only,
        Some(last) => {
            nodes.push(last);
            many(nodes)
        }
        None => Node::All,
    }
}
