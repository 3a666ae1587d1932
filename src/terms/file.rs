//! Files of terms, in TOML and CSV: read with everything an import needs, and written so that they read back the same.

use std::path::Path;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use nightheron_watchlists::{Context, TermFileFormat, read_terms};
use serde::Serialize;

use crate::{
    members::stored,
    store::model::{NewTerm, TermRow, TermState},
};

/// Separates the words of a rule in a cell.
const WORDS: &str = "; ";

/// Why a file is refused or cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Its name tells no format.
    #[error("{0}: what format its terms have cannot be told: name it with .toml or .csv at the end")]
    Format(String),
    /// Everything that is wrong with it.
    #[error("{0}")]
    Read(String),
    /// A term that the format cannot hold.
    #[error("term {id} ({text}) cannot be written as CSV so that it reads back the same: use --format toml")]
    Write {
        /// The term's number.
        id: i64,
        /// Its text.
        text: String,
    },
}

/// A term of a file with its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileTerm {
    /// The owner's 統一編號; whether it is a member is for the store to say.
    pub business_number: String,
    /// The term.
    pub term: NewTerm,
    /// Line of the file on which it begins.
    pub line: u64,
}

/// Reads a file; its name tells the format. `owner` is the 統一編號 of terms that name none.
///
/// # Errors
/// Everything that is wrong with it, each fault with its line; a term without an owner or a reason is one.
pub fn read_file(file: &Path, bytes: &[u8], owner: Option<&str>, author: &str) -> Result<Vec<FileTerm>, FileError> {
    let origin = file.display().to_string();
    let format = TermFileFormat::of(file).ok_or_else(|| FileError::Format(origin.clone()))?;
    let rows = read_terms(bytes, format, &origin).map_err(|error| FileError::Read(error.to_string()))?;
    let (mut terms, mut faults) = (Vec::new(), Vec::new());
    for row in rows {
        let number = row.owner.as_ref().map(ToString::to_string).or_else(|| owner.map(str::to_owned));
        let (Some(business_number), Some(reason)) = (number.clone(), &row.reason) else {
            let missing = if number.is_none() { "business_number" } else { "reason" };
            faults.push(format!("{origin}, line {}: the {missing} is missing: write it", row.line));
            continue;
        };
        let state = match row.state {
            nightheron_watchlists::TermFileState::Active => TermState::Active,
            nightheron_watchlists::TermFileState::Draft => TermState::Draft,
            nightheron_watchlists::TermFileState::Paused => TermState::Paused,
        };
        let term = NewTerm { review_at: row.review.and_then(midnight), ..stored(&row.term, state, author, reason) };
        terms.push(FileTerm { business_number, term, line: row.line });
    }
    if faults.is_empty() { Ok(terms) } else { Err(FileError::Read(faults.join("\n"))) }
}

/// A date of review as it is stored: midnight UTC.
#[must_use]
pub fn midnight(date: Date) -> Option<Timestamp> {
    date.to_zoned(TimeZone::UTC).ok().map(|midnight| midnight.timestamp())
}

/// The date of a stored review, as `2027-06-30`.
#[must_use]
pub fn date_of(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d").to_string()
}

/// A term as a file holds it.
#[derive(Serialize)]
struct Out<'t> {
    kind: &'t str,
    text: &'t str,
    business_number: &'t str,
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'t str,
    #[serde(skip_serializing_if = "Option::is_none")]
    review: Option<String>,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Context>,
}

/// Writes terms, each with its owner's 統一編號.
///
/// # Errors
/// A term that CSV cannot hold: one that a spreadsheet would run as a formula, a rule with a `;` in a word.
pub fn write_terms(rows: &[(String, TermRow)], format: TermFileFormat) -> Result<String, FileError> {
    let out: Vec<Out<'_>> = rows.iter().map(|(number, row)| of_row(number, row)).collect();
    if format == TermFileFormat::Toml {
        let terms = std::collections::BTreeMap::from([("term", &out)]);
        return toml::to_string(&terms).map_err(|error| FileError::Read(error.to_string()));
    }
    let mut text = csv_of(&out).map_err(|error| FileError::Read(error.to_string()))?;
    let header = text.split_inclusive('\n').next().unwrap_or_default().to_owned();
    for (term, (_, row)) in out.iter().zip(rows) {
        let one = csv_of(std::slice::from_ref(term)).map_err(|error| FileError::Read(error.to_string()))?;
        let read = read_terms(one.as_bytes(), TermFileFormat::Csv, "csv").ok();
        let same = |read: &nightheron_watchlists::TermRow| {
            read.term.kind().name() == term.kind
                && read.term.text() == term.text
                && read.term.context() == term.context.as_ref()
        };
        if !read.as_deref().is_some_and(|read| matches!(read, [one] if same(one))) {
            return Err(FileError::Write { id: row.id, text: row.term.text.clone() });
        }
    }
    if out.is_empty() {
        text = header;
    }
    Ok(text)
}

fn of_row<'t>(number: &'t str, row: &'t TermRow) -> Out<'t> {
    Out {
        kind: &row.term.kind,
        text: &row.term.text,
        business_number: number,
        reason: &row.term.reason,
        review: row.term.review_at.map(date_of),
        state: row.term.state.as_str(),
        context: row.term.context.as_deref().and_then(|context| serde_json::from_str(context).ok()),
    }
}

fn csv_of(terms: &[Out<'_>]) -> Result<String, Box<dyn std::error::Error>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "kind",
        "text",
        "business_number",
        "reason",
        "review",
        "state",
        "near",
        "near_within",
        "all_of",
        "unless_near",
        "unless_near_within",
    ])?;
    for term in terms {
        let context = term.context.clone().unwrap_or_default();
        let words = |near: &Option<nightheron_watchlists::Near>| {
            near.as_ref().map_or_else(Default::default, |near| (near.any_of.join(WORDS), near.within.to_string()))
        };
        let (near, near_within): (String, String) = words(&context.near);
        let (unless, unless_within): (String, String) = words(&context.unless_near);
        writer.write_record([
            term.kind,
            term.text,
            term.business_number,
            term.reason,
            term.review.as_deref().unwrap_or_default(),
            term.state,
            &near,
            &near_within,
            &context.all_of.join(WORDS),
            &unless,
            &unless_within,
        ])?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLES: [(&str, &[u8]); 2] = [
        ("terms.csv", include_bytes!("../../watchlists/examples/terms.csv")),
        ("terms.toml", include_bytes!("../../watchlists/examples/terms.toml")),
    ];

    fn rows(terms: &[FileTerm]) -> Vec<(String, TermRow)> {
        let row = |(id, read): (i64, &FileTerm)| TermRow {
            id,
            member: 1,
            member_name: "acme".into(),
            term: read.term.clone(),
            version: 1,
            edited_by: String::new(),
            created_at: Timestamp::UNIX_EPOCH,
            last_fired_at: None,
            hits: 0,
        };
        (1..).zip(terms).map(|(id, read)| (read.business_number.clone(), row((id, read)))).collect()
    }

    #[test]
    fn what_is_written_reads_back_the_same_in_both_formats() {
        for (name, bytes) in EXAMPLES {
            let read = read_file(Path::new(name), bytes, Some("12345675"), "lin").expect(name);
            assert!(read.iter().any(|term| term.term.context.is_some()), "{name}");
            for (format, file) in [(TermFileFormat::Csv, "out.csv"), (TermFileFormat::Toml, "out.toml")] {
                let text = write_terms(&rows(&read), format).expect(file);
                let again = read_file(Path::new(file), text.as_bytes(), None, "lin").expect(&text);
                let terms = |all: &[FileTerm]| {
                    all.iter().map(|t| (t.business_number.clone(), t.term.clone())).collect::<Vec<_>>()
                };
                assert_eq!(terms(&again), terms(&read), "{text}");
            }
        }
    }

    #[test]
    fn columns_states_and_dates_are_read() {
        let bytes = include_bytes!("../../tests/data/terms.csv");
        let terms = read_file(Path::new("terms.csv"), bytes, None, "lin").expect("terms");
        let read: Vec<_> = terms.iter().map(|t| (t.line, &*t.business_number, &*t.term.text, t.term.state)).collect();
        let expected = [
            (2, "98765433", "MS-7 製程", TermState::Active),
            (3, "98765433", "ceo@morningstar-semi.example", TermState::Active),
            (4, "12345675", "seabreeze-pay.example", TermState::Active),
            (5, "24680132", "Harbor", TermState::Paused),
        ];
        assert_eq!(read, expected);
        assert_eq!(terms[0].term.review_at.map(|at| at.to_string()).as_deref(), Some("2027-06-30T00:00:00Z"));
        assert_eq!((terms[1].term.review_at, &*terms[1].term.author), (None, "lin"));
    }

    #[test]
    fn a_term_without_an_owner_is_named_by_its_line() {
        let error = read_file(Path::new(EXAMPLES[0].0), EXAMPLES[0].1, None, "lin").expect_err("no owner").to_string();
        assert!(error.contains("terms.csv, line 10: the business_number is missing: write it"), "{error}");
        assert!(read_file(Path::new("terms.txt"), b"", None, "lin").is_err());
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_not_written_as_csv() {
        let mut terms = read_file(Path::new(EXAMPLES[0].0), EXAMPLES[0].1, Some("12345675"), "lin").expect("terms");
        terms.truncate(1);
        terms[0].term.kind = "keyword".into();
        terms[0].term.text = "=acme".into();
        let rows = rows(&terms);
        assert!(matches!(write_terms(&rows, TermFileFormat::Csv), Err(FileError::Write { id: 1, .. })));
        assert!(write_terms(&rows, TermFileFormat::Toml).expect("toml").contains("=acme"));
        assert_eq!(write_terms(&[], TermFileFormat::Csv).expect("a header").lines().count(), 1);
    }
}
