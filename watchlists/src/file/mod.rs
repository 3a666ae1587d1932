//! Files of watch terms, in TOML and CSV: every term of a file is taken, or none and every fault named.

mod csv;
mod draft;
mod fault;
mod text;
mod toml;

use std::collections::HashMap;
use std::path::Path;

use jiff::civil::Date;

use crate::{BusinessNumber, Term};

pub use fault::{TermFileError, TermFileFault};

/// How a file of terms is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermFileFormat {
    /// Tables `[[term]]` with `kind`, `text` and what else is known of the term.
    Toml,
    /// A header that names the columns, and a row for each term.
    Csv,
}

/// A term as it stands in a file, with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermRow {
    /// The term with its context rules.
    pub term: Term,
    /// 統一編號 of the member that it is watched for.
    pub owner: Option<BusinessNumber>,
    /// Why it is watched, on one line.
    pub reason: Option<String>,
    /// The day on which it is looked at again.
    pub review: Option<Date>,
    /// What it is to be once imported.
    pub state: TermFileState,
    /// Line of the file on which it begins, from 1.
    pub line: u64,
}

/// What a term is to be once imported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TermFileState {
    /// Watched.
    #[default]
    Active,
    /// Not yet watched.
    Draft,
    /// No longer watched, kept for the record.
    Paused,
}

impl TermFileFormat {
    /// The format that the end of a file's name tells, `.toml` or `.csv`.
    pub fn of(path: &Path) -> Option<TermFileFormat> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "toml" => Some(TermFileFormat::Toml),
            "csv" => Some(TermFileFormat::Csv),
            _ => None,
        }
    }
}

/// Reads a file of terms; `origin` names it in errors.
///
/// # Errors
///
/// Everything that is wrong with the file, each fault with its line, column and what to do; then
/// no term is taken. Refused are text that is not UTF-8, keys and columns that are not known, a
/// term that stands twice for one owner, and in CSV cells that a spreadsheet would run.
pub fn read_terms(bytes: &[u8], format: TermFileFormat, origin: &str) -> Result<Vec<TermRow>, TermFileError> {
    let refused = |faults| TermFileError::new(origin, faults);
    let text = text::decode(bytes).map_err(|fault| refused(vec![fault]))?;
    let (drafts, mut faults) = match format {
        TermFileFormat::Toml => toml::read(text),
        TermFileFormat::Csv => csv::read(text),
    };
    let mut rows = Vec::new();
    let mut first_lines = HashMap::new();
    for draft in drafts {
        let place = draft.text_place();
        let Some(row) = draft.finish(&mut faults) else {
            continue;
        };
        let same = (row.owner.as_ref().map(BusinessNumber::to_string), row.term.kind(), row.term.key());
        let first = *first_lines.entry(same).or_insert(row.line);
        if first != row.line {
            let reason = format!("line {first} has the same term: keep one");
            faults.push(place.fault(Some(row.term.text()), reason));
        }
        rows.push(row);
    }
    if faults.is_empty() && rows.is_empty() {
        faults.push(TermFileFault::whole("the file has no term: write at least one"));
    }
    if faults.is_empty() { Ok(rows) } else { Err(refused(faults)) }
}

#[cfg(test)]
mod tests;
