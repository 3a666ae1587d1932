//! A term of a file before its parts are checked, whatever the format.

use jiff::civil::Date;

use super::fault::{Place, TermFileFault};
use super::{TermFileState, TermRow};
use crate::{BusinessNumber, Context, Term, TermKind};

/// Longest reason, in characters.
const MAX_REASON: usize = 300;

/// Years in which a review can lie.
const REVIEW_YEARS: std::ops::Range<i16> = 2000..2100;

/// What stands in a file for a term.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) line: u64,
    pub(super) owner: Option<Cell>,
    pub(super) kind: Option<Cell>,
    pub(super) text: Option<Cell>,
    pub(super) reason: Option<Cell>,
    pub(super) review: Option<Cell>,
    pub(super) state: Option<Cell>,
    pub(super) context: Option<(Context, Place)>,
    /// A part was refused already, so the whole cannot be taken.
    pub(super) is_broken: bool,
}

/// A value with its place.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) value: String,
    pub(super) place: Place,
}

impl Draft {
    pub(super) fn text_place(&self) -> Place {
        self.text.as_ref().map_or_else(|| Place::line(self.line), |cell| cell.place.clone())
    }

    /// The term, or none and what is wrong with it among `faults`.
    pub(super) fn finish(self, faults: &mut Vec<TermFileFault>) -> Option<TermRow> {
        let line = self.line;
        for (cell, name) in [(&self.kind, "kind"), (&self.text, "text")] {
            if cell.is_none() && !self.is_broken {
                faults.push(Place::line(line).fault(None, format!("the {name} is missing: write it")));
            }
        }
        let owner = read(self.owner.as_ref(), faults, owner);
        let kind = read(self.kind.as_ref(), faults, kind);
        let term = match (kind.flatten(), &self.text) {
            (Some(kind), text) => read(text.as_ref(), faults, |text| Ok(Term::parse(kind, text)?)).flatten(),
            _ => None,
        };
        let reason = read(self.reason.as_ref(), faults, reason);
        let review = read(self.review.as_ref(), faults, review);
        let state = read(self.state.as_ref(), faults, state);
        let term = match self.context {
            None => term?,
            Some((context, place)) => {
                term?.with_context(context).map_err(|error| faults.push(place.fault(None, error.to_string()))).ok()?
            }
        };
        let row =
            TermRow { term, owner: owner?, reason: reason?, review: review?, state: state?.unwrap_or_default(), line };
        (!self.is_broken).then_some(row)
    }
}

/// Some none for a cell that is not there; none for one that is wrong.
fn read<T>(
    cell: Option<&Cell>, faults: &mut Vec<TermFileFault>, parse: impl Fn(&str) -> Result<T, Box<dyn std::error::Error>>,
) -> Option<Option<T>> {
    let Some(cell) = cell else {
        return Some(None);
    };
    let fault = |error: Box<dyn std::error::Error>| cell.place.fault(Some(&cell.value), error.to_string());
    parse(&cell.value).map(Some).map_err(|error| faults.push(fault(error))).ok()
}

fn owner(text: &str) -> Result<BusinessNumber, Box<dyn std::error::Error>> {
    Ok(BusinessNumber::parse(text)?)
}

fn kind(text: &str) -> Result<TermKind, Box<dyn std::error::Error>> {
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
        name => Ok(name.parse::<TermKind>()?),
    }
}

fn reason(text: &str) -> Result<String, Box<dyn std::error::Error>> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.chars().count() {
        0 => Err("the reason is empty: write it or leave it out".into()),
        1..=MAX_REASON => Ok(line),
        chars => Err(format!("the reason has {chars} characters: write at most {MAX_REASON}").into()),
    }
}

fn review(text: &str) -> Result<Date, Box<dyn std::error::Error>> {
    let date = Date::strptime("%Y-%m-%d", text).ok().filter(|date| REVIEW_YEARS.contains(&date.year()));
    date.ok_or_else(|| "it is no date: write one such as 2027-06-30, or leave it out".into())
}

fn state(text: &str) -> Result<TermFileState, Box<dyn std::error::Error>> {
    match text.to_lowercase().as_str() {
        "active" | "啟用" => Ok(TermFileState::Active),
        "draft" | "草稿" => Ok(TermFileState::Draft),
        "paused" | "暫停" => Ok(TermFileState::Paused),
        _ => Err("write active (啟用), draft (草稿) or paused (暫停), or leave it out for active".into()),
    }
}
