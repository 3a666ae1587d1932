//! What is wrong with an imported file: every fault with its line, its column and what to do.

use std::fmt;

/// Longest value shown in an error, in characters.
const MAX_SHOWN: usize = 40;

/// A file that was refused, with everything that is wrong with it, in the file's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportErrors {
    /// Name of the file.
    pub origin: String,
    /// At least one.
    pub faults: Vec<Fault>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Line of the file on which the row begins, from 1; 0 when the whole file is meant.
    pub line: u64,
    /// The column, when one is meant.
    pub column: Option<Column>,
    /// What was found: shortened, control characters escaped, secrets left out.
    pub value: Option<String>,
    /// What is wrong with it and what to do.
    pub reason: String,
}

/// A column of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its place, from 1.
    pub number: usize,
    /// Its name as the header writes it: shortened, escaped.
    pub name: String,
}

impl Fault {
    /// A fault of the whole file.
    pub(super) fn file(reason: impl Into<String>) -> Self {
        Self::line(0, reason)
    }

    /// A fault of a whole line.
    pub(super) fn line(line: u64, reason: impl Into<String>) -> Self {
        Self { line, column: None, value: None, reason: reason.into() }
    }

    fn place(&self) -> (u64, usize) {
        (self.line, self.column.as_ref().map_or(0, |column| column.number))
    }
}

impl ImportErrors {
    /// Everything that was found, put into the file's order.
    pub(super) fn new(origin: &str, mut faults: Vec<Fault>) -> Self {
        faults.sort_by_key(Fault::place);
        Self { origin: origin.to_owned(), faults }
    }
}

/// Text as it is shown in an error: at most 40 characters, control and invisible characters escaped.
pub(super) fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(MAX_SHOWN).flat_map(char::escape_debug).collect();
    if text.chars().nth(MAX_SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}", self.line)?;
        }
        if let Some(Column { number, name }) = &self.column {
            write!(f, ", column {number} ({name})")?;
        }
        if let Some(value) = &self.value {
            write!(f, ", \"{value}\"")?;
        }
        write!(f, "{}{}", if self.line > 0 { ": " } else { "" }, self.reason)
    }
}

impl fmt::Display for ImportErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin: String = self.origin.chars().flat_map(char::escape_debug).collect();
        for fault in &self.faults {
            writeln!(f, "{origin}{}{fault}", if fault.line > 0 { ", " } else { ": " })?;
        }
        let (count, verb) = (self.faults.len(), if self.faults.len() == 1 { "fault" } else { "faults" });
        write!(f, "{origin}: {count} {verb}; nothing was imported")
    }
}

impl std::error::Error for ImportErrors {}
