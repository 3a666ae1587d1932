//! What is wrong with a file of terms: every fault with its place and what to do.

use std::fmt;

/// Longest value shown in an error, in characters.
const MAX_SHOWN: usize = 40;

/// Most faults that are written out; the others are counted.
const MAX_WRITTEN: usize = 50;

/// A file of terms that was refused, with everything that is wrong with it in the file's order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct TermFileError {
    /// Name of the file.
    pub origin: String,
    /// At least one.
    pub faults: Vec<TermFileFault>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermFileFault {
    /// Line of the file, from 1; 0 when the whole file is meant.
    pub line: u64,
    /// Where on the line, from 1: in CSV the cell, in TOML the character; 0 when the whole line is
    /// meant.
    pub column: usize,
    /// Name of the key or of the column, control characters escaped.
    pub field: Option<String>,
    /// What was found: shortened, control characters escaped.
    pub value: Option<String>,
    /// What is wrong with it and what to do.
    pub reason: String,
}

/// A place in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: u64,
    pub(super) column: usize,
    pub(super) field: Option<String>,
}

impl Place {
    pub(super) fn line(line: u64) -> Place {
        Place { line, ..Place::default() }
    }

    pub(super) fn named(line: u64, column: usize, field: &str) -> Place {
        Place { line, column, field: Some(shown(field)) }
    }

    pub(super) fn fault(&self, value: Option<&str>, reason: impl Into<String>) -> TermFileFault {
        TermFileFault {
            line: self.line,
            column: self.column,
            field: self.field.clone(),
            value: value.filter(|value| !value.is_empty()).map(shown),
            reason: reason.into(),
        }
    }
}

impl TermFileFault {
    /// A fault of the whole file.
    pub(super) fn whole(reason: impl Into<String>) -> TermFileFault {
        Place::default().fault(None, reason)
    }
}

impl TermFileError {
    pub(super) fn new(origin: &str, mut faults: Vec<TermFileFault>) -> TermFileError {
        faults.sort_by_key(|fault| (fault.line, fault.column));
        TermFileError { origin: origin.to_owned(), faults }
    }
}

/// Text as it is shown in an error: shortened, control and invisible characters escaped.
fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(MAX_SHOWN).flat_map(char::escape_debug).collect();
    if text.chars().nth(MAX_SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

impl fmt::Display for TermFileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}", self.line)?;
        }
        if self.column > 0 {
            write!(f, ", column {}", self.column)?;
        }
        if let Some(field) = &self.field {
            write!(f, " ({field})")?;
        }
        if let Some(value) = &self.value {
            write!(f, ", \"{value}\"")?;
        }
        write!(f, "{}{}", if self.line > 0 { ": " } else { "" }, self.reason)
    }
}

impl fmt::Display for TermFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin: String = self.origin.chars().flat_map(char::escape_debug).collect();
        for fault in self.faults.iter().take(MAX_WRITTEN) {
            writeln!(f, "{origin}{}{fault}", if fault.line > 0 { ", " } else { ": " })?;
        }
        let (count, verb) = (self.faults.len(), if self.faults.len() == 1 { "fault" } else { "faults" });
        write!(f, "{origin}: {count} {verb}")?;
        if count > MAX_WRITTEN {
            write!(f, ", of which the first {MAX_WRITTEN} are written here")?;
        }
        write!(f, "; no term was taken")
    }
}
