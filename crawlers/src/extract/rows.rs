//! Reading the rows of a page: all of them, with all they must have, or why not.

use std::collections::BTreeMap;

use scraper::ElementRef;

use super::{
    field::{self, Place},
    page::ReadOutcome,
};
use crate::{
    Outcome,
    definition::{Kind, Line, Rows},
    walk::{LAST_POST_WITHIN, ThreadContext},
};

/// A page has no more rows than this; beyond it something is wrong with the page or the selector.
const MAX_ROWS: usize = 20_000;

/// The fields of one row by their names.
pub(super) type Fields = BTreeMap<String, String>;

/// What the listing said of the thread that the rows belong to, as far as it speaks for each row.
pub(super) fn inherited<'a>(kind: Kind, listed: Option<&'a ThreadContext>, name: &str) -> Option<&'a String> {
    // In a forum the listing's author and time are those of a thread's first or last post, not of each.
    let single = matches!(kind, Kind::Paste | Kind::LeakBlog);
    listed.filter(|_| single || name == "title").and_then(|thread| thread.fields.get(name))
}

/// The rows that have all they must have, and how reading them went. `known` gives what is known of a field
/// without the page.
pub(super) fn read(
    rows: &Rows, place: &Place<'_>, is_empty: impl FnOnce() -> bool, known: impl Fn(&str) -> Option<String>,
) -> (Vec<Fields>, ReadOutcome) {
    let missing = |field: &str| ReadOutcome::Failed(Outcome::SelectorMissing(field.to_owned()));
    let found: Vec<ElementRef<'_>> = place.page.select(&rows.selector).take(MAX_ROWS).collect();
    if found.is_empty() {
        return (vec![], if rows.min == 0 || is_empty() { ReadOutcome::Empty } else { missing("rows") });
    }
    let (mut read, mut lacking) = (Vec::new(), None);
    for row in &found {
        match fields(rows, *row, place, &known) {
            Ok(fields) => read.push(fields),
            Err(field) => lacking = lacking.or(Some(field)),
        }
    }
    let outcome = match lacking {
        Some(field) if read.is_empty() => missing(field),
        Some(field) => {
            let lost = found.len() - read.len();
            ReadOutcome::Failed(Outcome::Partial(format!("{lost} of {} rows lack {field}", found.len())))
        }
        None if found.len() < rows.min => missing("rows"),
        None => ReadOutcome::Rows,
    };
    (read, outcome)
}

/// The fields of a row, or the name of one that it lacks.
fn fields<'n>(
    rows: &'n Rows, row: ElementRef<'_>, place: &Place<'_>, known: impl Fn(&str) -> Option<String>,
) -> Result<Fields, &'n str> {
    let mut fields = BTreeMap::new();
    for (name, field) in &rows.fields {
        // A post may consist of a picture; nothing else may be empty.
        let value = field::value(field, row, place).filter(|value| !value.is_empty() || name == "body");
        match value.or_else(|| known(name)).or_else(|| field.default.clone()) {
            Some(value) => {
                if name == "body" {
                    let links = field::links(field, row, place.page, &value);
                    if !links.is_empty() {
                        fields.insert("links".to_owned(), links.join("\n"));
                    }
                }
                if name == "last_post_at" {
                    let within = field::within(field, row, place).filter(|seconds| *seconds > 1);
                    fields.extend(within.map(|seconds| (LAST_POST_WITHIN.to_owned(), seconds.to_string())));
                }
                fields.insert(name.clone(), value);
            }
            None if field.optional => {}
            None => return Err(name),
        }
    }
    if let Some(body) = fields.get("body") {
        let shown = |line: &Line| Some(format!("{}{}{}", line.before, fields.get(&line.field)?, line.behind));
        let lines = rows.lines.iter().filter_map(shown);
        let body = lines.chain(Some(body.clone()).filter(|body| !body.is_empty())).collect::<Vec<_>>().join("\n");
        fields.insert("body".to_owned(), body);
    }
    Ok(fields)
}
