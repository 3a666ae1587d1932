//! A query's text into lexemes with their columns.

use super::error::{QueryError, QueryReason};

/// Longest query read, in characters.
pub(crate) const MAX_CHARS: usize = 4096;

/// The field names, as an error tells them.
pub(crate) const FIELD_NAMES: &str = "title: author: url: source: member: after: before: posted_after: posted_before:";

/// The fields of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldName {
    Title,
    Author,
    Url,
    Source,
    Member,
    After,
    Before,
    PostedAfter,
    PostedBefore,
}

impl FieldName {
    const ALL: [FieldName; 9] = [
        FieldName::Title,
        FieldName::Author,
        FieldName::Url,
        FieldName::Source,
        FieldName::Member,
        FieldName::After,
        FieldName::Before,
        FieldName::PostedAfter,
        FieldName::PostedBefore,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            FieldName::Title => "title",
            FieldName::Author => "author",
            FieldName::Url => "url",
            FieldName::Source => "source",
            FieldName::Member => "member",
            FieldName::After => "after",
            FieldName::Before => "before",
            FieldName::PostedAfter => "posted_after",
            FieldName::PostedBefore => "posted_before",
        }
    }

    fn find(name: &str) -> Option<FieldName> {
        let mut all = Self::ALL.into_iter();
        all.find(|field| field.name().eq_ignore_ascii_case(name))
    }
}

/// One piece of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lexeme {
    Open,
    Close,
    And,
    Or,
    Not,
    Field(FieldName),
    Word(String),
    Phrase(String),
}

/// A piece and its column, in characters from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lexed {
    pub(crate) column: usize,
    pub(crate) lexeme: Lexeme,
}

/// Input methods for Chinese give full-width operators; they mean the same.
fn operator(c: char) -> char {
    match c {
        '（' => '(',
        '）' => ')',
        '：' => ':',
        '“' | '”' | '＂' => '"',
        other => other,
    }
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(operator(c), '(' | ')' | '"')
}

/// The pieces of `query`, and the column after its end.
pub(crate) fn lex(query: &str) -> Result<(Vec<Lexed>, usize), QueryError> {
    let chars: Vec<char> = query.chars().take(MAX_CHARS + 1).collect();
    if chars.len() > MAX_CHARS {
        return Err(QueryError { column: MAX_CHARS + 1, reason: QueryReason::TooLong { limit: MAX_CHARS } });
    }
    let end = chars.len() + 1;
    let mut lexer = Lexer { chars, at: 0, out: Vec::new() };
    while let Some(c) = lexer.peek() {
        lexer.step(c)?;
    }
    Ok((lexer.out, end))
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    out: Vec<Lexed>,
}

impl Lexer {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn push(&mut self, at: usize, lexeme: Lexeme) {
        self.out.push(Lexed { column: at + 1, lexeme });
    }

    fn step(&mut self, c: char) -> Result<(), QueryError> {
        let at = self.at;
        match operator(c) {
            c if c.is_whitespace() => self.at += 1,
            '(' => {
                self.at += 1;
                self.push(at, Lexeme::Open);
            }
            ')' => {
                self.at += 1;
                self.push(at, Lexeme::Close);
            }
            '"' => self.phrase()?,
            '-' if !self.after_field() => {
                self.at += 1;
                self.push(at, Lexeme::Not);
            }
            _ => self.word()?,
        }
        Ok(())
    }

    fn phrase(&mut self) -> Result<(), QueryError> {
        let open = self.at;
        let rest = &self.chars[open + 1..];
        let Some(length) = rest.iter().position(|&c| operator(c) == '"') else {
            return Err(QueryError { column: open + 1, reason: QueryReason::UnclosedQuote });
        };
        let text = rest[..length].iter().collect();
        self.at = open + length + 2;
        self.push(open, Lexeme::Phrase(text));
        Ok(())
    }

    /// Whether the last piece is a field name, so that what follows is its value as it stands.
    fn after_field(&self) -> bool {
        let last = self.out.last().map(|lexed| &lexed.lexeme);
        matches!(last, Some(Lexeme::Field(_)))
    }

    fn word(&mut self) -> Result<(), QueryError> {
        let start = self.at;
        let rest = &self.chars[start..];
        let length = rest.iter().position(|&c| ends_word(c)).unwrap_or(rest.len());
        let text: String = rest[..length].iter().collect();
        if self.after_field() {
            self.at += length;
            self.push(start, Lexeme::Word(text));
            return Ok(());
        }
        if let Some(name) = field_prefix(&rest[..length]) {
            return self.field(name);
        }
        self.at += length;
        let lexeme = match text.as_str() {
            "AND" => Lexeme::And,
            "OR" => Lexeme::Or,
            "NOT" => Lexeme::Not,
            _ => Lexeme::Word(text),
        };
        self.push(start, lexeme);
        Ok(())
    }

    fn field(&mut self, name: String) -> Result<(), QueryError> {
        let start = self.at;
        let column = start + 1;
        let Some(field) = FieldName::find(&name) else {
            let reason = QueryReason::UnknownField { field: name };
            return Err(QueryError { column, reason });
        };
        self.at += name.len() + 1;
        self.push(start, Lexeme::Field(field));
        let next = self.peek().map(operator);
        if next.is_none_or(|c| c.is_whitespace() || c == ')') {
            let reason = QueryReason::ExpectedValue { field: field.name() };
            return Err(QueryError { column: self.at + 1, reason });
        }
        Ok(())
    }
}

/// The ASCII name before a colon, unless it is the scheme of an address (`https://…`).
fn field_prefix(word: &[char]) -> Option<String> {
    let colon = word.iter().position(|&c| operator(c) == ':')?;
    let (name, rest) = word.split_at(colon);
    let is_name = !name.is_empty() && name.iter().all(|&c| c.is_ascii_alphabetic() || c == '_');
    let is_scheme = rest.starts_with(&[':', '/', '/']);
    (is_name && !is_scheme).then(|| name.iter().collect())
}
