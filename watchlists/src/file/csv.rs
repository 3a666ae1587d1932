//! Terms as CSV: a header that names the columns, every fault of every cell named.

use ::csv::{ReaderBuilder, StringRecord};

use super::draft::{Cell, Draft};
use super::fault::{Place, TermFileFault};
use super::text::Lines;
use crate::{Context, Near};

/// Longest cell, in characters.
const MAX_CELL: usize = 4000;

/// How far a rule looks when the file does not say, in characters.
const DEFAULT_WITHIN: &str = "80";

/// The columns by their names; those on one line are one column. The first two must be there.
const COLUMNS: [&[&str]; 11] = [
    &["kind", "種類"],
    &["text", "字詞"],
    &["business_number", "統一編號", "統編"],
    &["reason", "理由"],
    &["review", "複查日"],
    &["state", "狀態"],
    &["near"],
    &["near_within"],
    &["all_of"],
    &["unless_near"],
    &["unless_near_within"],
];

/// The rows of the file, and what is wrong with it so far. Lines that begin with `#` are comments.
pub(super) fn read(text: &str) -> (Vec<Draft>, Vec<TermFileFault>) {
    let lines = Lines::of(text.as_bytes());
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).comment(Some(b'#')).from_reader(text.as_bytes());
    let mut table = Table::default();
    for record in reader.records() {
        match record {
            Ok(record) if record.iter().all(|cell| cell.trim().is_empty()) => {}
            Ok(record) => table.row(line_of(&record, text, &lines), &record),
            Err(error) => table.faults.push(TermFileFault::whole(format!("the file is no CSV: {error}"))),
        }
    }
    (table.drafts, table.faults)
}

/// The reader counts blank lines and comments in front of a record to the record; a person does not.
fn line_of(record: &StringRecord, text: &str, lines: &Lines) -> u64 {
    let mut at = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(0);
    loop {
        let rest = text.get(at..).unwrap_or_default();
        match rest.bytes().next() {
            Some(b'\r' | b'\n') => at += 1,
            Some(b'#') => at += rest.find(['\r', '\n']).unwrap_or(rest.len()),
            _ => return lines.place(at).0,
        }
    }
}

#[derive(Default)]
struct Table {
    /// The names that the header uses, with the place of each among [`COLUMNS`]; none before it was read.
    header: Option<Vec<(String, Option<usize>)>>,
    drafts: Vec<Draft>,
    faults: Vec<TermFileFault>,
}

impl Table {
    fn row(&mut self, line: u64, record: &StringRecord) {
        match self.header.take() {
            None => self.header = Some(self.read_header(line, record)),
            Some(header) => {
                let draft = self.read_row(line, record, &header);
                self.drafts.extend(draft);
                self.header = Some(header);
            }
        }
    }

    fn read_header(&mut self, line: u64, record: &StringRecord) -> Vec<(String, Option<usize>)> {
        let mut header: Vec<(String, Option<usize>)> = Vec::new();
        for (at, name) in record.iter().map(str::trim).enumerate() {
            let column = COLUMNS.iter().position(|names| names.contains(&name.to_lowercase().as_str()));
            let reason = match column {
                None => Some(unknown(name)),
                Some(_) if header.iter().any(|(_, known)| *known == column) => {
                    Some("another column says the same: keep one".to_owned())
                }
                Some(_) => None,
            };
            self.faults.extend(reason.map(|reason| Place::named(line, at + 1, name).fault(None, reason)));
            header.push((name.to_owned(), column));
        }
        for (place, names) in COLUMNS.iter().take(2).enumerate() {
            if !header.iter().any(|(_, column)| *column == Some(place)) {
                let reason = format!("the column {} is missing: add it", names.join(" or "));
                self.faults.push(Place::line(line).fault(None, reason));
            }
        }
        header
    }

    fn read_row(&mut self, line: u64, record: &StringRecord, header: &[(String, Option<usize>)]) -> Option<Draft> {
        let required = |place| header.iter().any(|(_, column)| *column == Some(place));
        if !(required(0) && required(1)) {
            return None;
        }
        if record.len() != header.len() {
            let (cells, columns) = (record.len(), header.len());
            let check = "check its commas, and put cells that hold a comma between \" and \"";
            let reason = format!("the row has {cells} cells, the header {columns}: {check}");
            self.faults.push(Place::line(line).fault(None, reason));
            return None;
        }
        let faults = self.faults.len();
        let mut cells: [Option<Cell>; COLUMNS.len()] = Default::default();
        let mails = header.iter().zip(record).any(|((_, at), cell)| *at == Some(0) && cell.trim() == "email_domain");
        for (at, (text, (name, column))) in record.iter().map(str::trim).zip(header).enumerate() {
            let place = Place::named(line, at + 1, name);
            let is_mail = mails && *column == Some(1);
            self.faults.extend(refusal(text, is_mail).map(|reason| place.fault(Some(text), reason)));
            if let Some(cell) = column.and_then(|column| cells.get_mut(column)).filter(|_| !text.is_empty()) {
                *cell = Some(Cell { value: text.to_owned(), place });
            }
        }
        let is_broken = self.faults.len() > faults;
        let [kind, text, owner, reason, review, state, near, near_within, all_of, unless, unless_within] = cells;
        let place = [&near, &all_of, &unless].into_iter().flatten().map(|cell| cell.place.clone()).next();
        let context = Context {
            near: self.near(near, near_within),
            all_of: all_of.map(|cell| words(&cell.value)).unwrap_or_default(),
            unless_near: self.near(unless, unless_within),
        };
        let context = place.map(|place| (context, place));
        Some(Draft { line, owner, kind, text, reason, review, state, context, is_broken })
    }

    fn near(&mut self, near: Option<Cell>, within: Option<Cell>) -> Option<Near> {
        let Some(near) = near else {
            self.faults.extend(
                within.map(|cell| cell.place.fault(Some(&cell.value), "a distance without words: write both or none")),
            );
            return None;
        };
        let within = within.unwrap_or(Cell { value: DEFAULT_WITHIN.to_owned(), place: near.place });
        match within.value.parse() {
            Ok(distance) => Some(Near { any_of: words(&near.value), within: distance }),
            Err(_) => {
                let reason = "write a number of characters, such as 40";
                self.faults.push(within.place.fault(Some(&within.value), reason));
                None
            }
        }
    }
}

/// The words of a rule: separated by `;`, full width too, or `、`.
fn words(text: &str) -> Vec<String> {
    let words = text.split([';', '；', '、']).map(str::trim).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// Why the cell is refused. Cells are shown and exported again; one that a spreadsheet would run as
/// a formula never comes in (OWASP, CSV Injection). `is_mail` allows it to begin with `@`.
fn refusal(text: &str, is_mail: bool) -> Option<String> {
    let chars = text.chars().count();
    if chars > MAX_CELL {
        return Some(format!("the cell has {chars} characters: write at most {MAX_CELL}"));
    }
    if text.contains(['\n', '\r']) {
        return Some("the cell holds a line break: write it on one line, and check that every \" is closed".to_owned());
    }
    match text.chars().next() {
        Some('@' | '＠') if is_mail => None,
        Some(c @ ('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')) => {
            Some(format!("a spreadsheet would take a cell that begins with {c} for a formula: remove the {c}"))
        }
        _ => None,
    }
}

fn unknown(name: &str) -> String {
    if name.is_empty() {
        "a column without a name: name or remove it".to_owned()
    } else if name.contains([';', '\t']) {
        "the columns are separated by something else than commas: save the file as CSV with commas".to_owned()
    } else {
        let known: Vec<&str> = COLUMNS.iter().filter_map(|names| names.first().copied()).collect();
        format!("unknown column: remove or rename it; known are {}", known.join(", "))
    }
}
