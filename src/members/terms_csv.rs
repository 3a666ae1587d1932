//! Watch terms as CSV: every row becomes a term, or nothing is imported.

use std::collections::HashMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use nightheron_watchlists::{BusinessNumber, Term, TermKind};

use super::{
    IMPORT_AUTHOR,
    cell::line_of_text,
    errors::{Fault, ImportErrors},
    import::business_number,
    table::{Row, Spec, Table},
    watch,
};
use crate::store::model::{NewTerm, TermState};

/// Longest reason, in characters.
const MAX_REASON: usize = 300;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    BusinessNumber,
    Kind,
    Text,
    Reason,
    Review,
    State,
}

const COLUMNS: &[Spec<Field>] = &[
    Spec::required(Field::BusinessNumber, &["business_number", "統一編號", "統編"]),
    Spec::required(Field::Kind, &["kind", "種類"]),
    Spec::required(Field::Text, &["text", "字詞"]),
    Spec::required(Field::Reason, &["reason", "理由"]),
    Spec::optional(Field::Review, &["review", "複查日"]),
    Spec::optional(Field::State, &["state", "狀態"]),
];

/// A term with its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermRowIn {
    /// The owner's 統一編號, checked; whether it is a member is for the store to say.
    pub business_number: String,
    /// The term; its author is [`IMPORT_AUTHOR`].
    pub term: NewTerm,
    /// Line of the file on which it stands.
    pub line: u64,
}

/// Reads a file of watch terms; the columns stand in [`crate::members`]. A review date counts from midnight UTC.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn parse_terms(bytes: &[u8], origin: &str) -> Result<Vec<TermRowIn>, ImportErrors> {
    let mut table = Table::read(bytes, origin, COLUMNS)?;
    let mut faults = table.take_faults();
    let mut terms = Vec::new();
    let mut lines = HashMap::new();
    for row in table.rows() {
        if let Some((number, term, rest)) = read_row(&row, &mut faults) {
            let first = *lines.entry((number, term.kind(), term.key())).or_insert(row.line);
            if first != row.line {
                faults.push(row.fault(Field::Text, term.text(), format!("line {first} has the same term: keep one")));
            }
            terms.push(TermRowIn { business_number: number.to_string(), term: rest, line: row.line });
        }
    }
    if faults.is_empty() { Ok(terms) } else { Err(ImportErrors::new(origin, faults)) }
}

/// The row's owner, its term, and the same ready for the store.
fn read_row(row: &Row<'_, Field>, faults: &mut Vec<Fault>) -> Option<(BusinessNumber, Term, NewTerm)> {
    let number = read(row, Field::BusinessNumber, faults, business_number);
    let kind = read(row, Field::Kind, faults, kind);
    let term = kind.and_then(|kind| read(row, Field::Text, faults, |text| watch::term(kind, text)));
    let reason = read(row, Field::Reason, faults, |text| line_of_text(text, "reason", MAX_REASON));
    let review_at = read(row, Field::Review, faults, review);
    let state = read(row, Field::State, faults, state);
    let term = term?;
    let stored = NewTerm { review_at: review_at?, ..watch::stored(&term, state?, IMPORT_AUTHOR, &reason?) };
    Some((number?, term, stored))
}

fn read<T>(
    row: &Row<'_, Field>, field: Field, faults: &mut Vec<Fault>, parse: impl Fn(&str) -> Result<T, String>,
) -> Option<T> {
    let text = row.get(field)?;
    parse(text).map_err(|reason| faults.push(row.fault(field, text, reason))).ok()
}

fn kind(text: &str) -> Result<TermKind, String> {
    match text.to_lowercase().as_str() {
        "網域" => Ok(TermKind::Domain),
        "電子郵件" => Ok(TermKind::Email),
        "電子郵件網域" => Ok(TermKind::EmailDomain),
        "位址" | "ip位址" => Ok(TermKind::Ip),
        "網段" => Ok(TermKind::Cidr),
        "關鍵字" => Ok(TermKind::Keyword),
        "詞組" => Ok(TermKind::Phrase),
        "統一編號" => Ok(TermKind::BusinessNumber),
        "產品" => Ok(TermKind::Product),
        "人名" => Ok(TermKind::Person),
        "正規表示式" => Ok(TermKind::Regex),
        name => {
            let known = TermKind::ALL.map(TermKind::name).join(", ");
            name.parse().map_err(|_| format!("it is no kind of term: write one of {known}"))
        }
    }
}

fn state(text: &str) -> Result<TermState, String> {
    match text.to_lowercase().as_str() {
        "" | "active" | "啟用" => Ok(TermState::Active),
        "draft" | "草稿" => Ok(TermState::Draft),
        "paused" | "暫停" => Ok(TermState::Paused),
        _ => Err("write active (啟用), draft (草稿) or paused (暫停), or leave it empty for active".to_owned()),
    }
}

fn review(text: &str) -> Result<Option<Timestamp>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let expected = || "it is no date: write one such as 2027-06-30, or leave it empty".to_owned();
    let date = Date::strptime("%Y-%m-%d", text).map_err(|_| expected())?;
    if !(2000..2100).contains(&date.year()) {
        return Err(expected());
    }
    date.to_zoned(TimeZone::UTC).map(|midnight| Some(midnight.timestamp())).map_err(|_| expected())
}
