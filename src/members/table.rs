//! A CSV file as rows of cells under known columns, each with its place in the file.

use csv::{ReaderBuilder, StringRecord};

use super::{
    cell,
    errors::{Column, Fault, ImportErrors, shown},
    text::{Lines, decode},
};

/// Most rows of a file.
const MAX_ROWS: usize = 20_000;

/// A column that a kind of file may have.
#[derive(Debug)]
pub(super) struct Spec<C: 'static> {
    pub(super) column: C,
    /// Its names; the first is the one that errors offer.
    pub(super) names: &'static [&'static str],
    /// Whether the header must name it.
    pub(super) required: bool,
    /// Whether its cells are kept out of errors.
    pub(super) secret: bool,
    /// Whether its cells may begin with `+`.
    pub(super) plus: bool,
}

impl<C: Copy> Spec<C> {
    pub(super) const fn optional(column: C, names: &'static [&'static str]) -> Self {
        Self { column, names, required: false, secret: false, plus: false }
    }

    pub(super) const fn required(column: C, names: &'static [&'static str]) -> Self {
        Self { column, names, required: true, secret: false, plus: false }
    }
}

/// The rows of a file; those without any text are left out.
pub(super) struct Table<C: 'static> {
    columns: Vec<(&'static Spec<C>, Column)>,
    rows: Vec<(u64, StringRecord)>,
    /// Faults of cells that no column would take.
    faults: Vec<Fault>,
}

/// One row.
pub(super) struct Row<'t, C: 'static> {
    table: &'t Table<C>,
    cells: &'t StringRecord,
    /// Line on which it begins.
    pub(super) line: u64,
}

impl<C: Copy + PartialEq> Table<C> {
    /// Reads a file under the given columns.
    pub(super) fn read(bytes: &[u8], origin: &str, specs: &'static [Spec<C>]) -> Result<Self, ImportErrors> {
        let refused = |faults| ImportErrors::new(origin, faults);
        let text = decode(bytes).map_err(|fault| refused(vec![fault]))?;
        let mut records = records(text).map_err(|fault| refused(vec![fault]))?.into_iter();
        let Some((line, header)) = records.next() else {
            let names = names(specs);
            return Err(refused(vec![Fault::file(format!(
                "the file is empty: its first line must name the columns, {names}"
            ))]));
        };
        let columns = columns(line, &header, specs).map_err(refused)?;
        let mut table = Self { columns, rows: records.collect(), faults: Vec::new() };
        if table.rows.is_empty() {
            return Err(refused(vec![Fault::line(line, "there is no row under the header: add at least one")]));
        }
        table.faults = table.rows().flat_map(|row| row.refusals()).collect();
        Ok(table)
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_, C>> {
        self.rows.iter().map(|(line, cells)| Row { table: self, cells, line: *line })
    }

    /// The faults that were found while reading.
    pub(super) fn take_faults(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.faults)
    }
}

impl<C: Copy + PartialEq> Row<'_, C> {
    /// The cell without white space around it, empty when the file lacks the column; `None` when it was refused already.
    pub(super) fn get(&self, column: C) -> Option<&str> {
        let Some(at) = self.table.columns.iter().position(|(spec, _)| spec.column == column) else { return Some("") };
        let text = self.cells.get(at)?.trim();
        cell::refusal(text, self.table.columns.get(at)?.0.plus).is_none().then_some(text)
    }

    /// A fault of one of its cells; `value` is the part that is meant.
    pub(super) fn fault(&self, column: C, value: &str, reason: impl Into<String>) -> Fault {
        let found = self.table.columns.iter().find(|(spec, _)| spec.column == column);
        let secret = found.is_some_and(|(spec, _)| spec.secret);
        Fault {
            line: self.line,
            column: found.map(|(_, place)| place.clone()),
            value: (!value.is_empty() && !secret).then(|| shown(value)),
            reason: reason.into(),
        }
    }

    fn refusals(&self) -> Vec<Fault> {
        let (expected, found) = (self.table.columns.len(), self.cells.len());
        let mut faults = Vec::new();
        if expected != found {
            let check = "check its commas, and put cells that hold a comma between \" and \"";
            faults.push(Fault::line(self.line, format!("the row has {found} cells, the header {expected}: {check}")));
        }
        for ((spec, _), text) in self.table.columns.iter().zip(self.cells) {
            if let Some(reason) = cell::refusal(text.trim(), spec.plus) {
                faults.push(self.fault(spec.column, text.trim(), reason));
            }
        }
        faults
    }
}

/// The records that hold any text, each with its line.
fn records(text: &str) -> Result<Vec<(u64, StringRecord)>, Fault> {
    let lines = Lines::of(text.as_bytes());
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| Fault::file(format!("the file is no CSV: {error}")))?;
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        // The header is one of them.
        if records.len() > MAX_ROWS {
            return Err(Fault::file(format!("the file has more than {MAX_ROWS} rows: split it")));
        }
        records.push((line_of(&record, text, &lines), record));
    }
    Ok(records)
}

/// The reader counts blank lines in front of a record to the record; a person does not.
fn line_of(record: &StringRecord, text: &str, lines: &Lines) -> u64 {
    let start = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(0);
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    lines.line_at(start + blank)
}

/// Finds the column for every name in the header.
fn columns<C: Copy + PartialEq>(
    line: u64, header: &StringRecord, specs: &'static [Spec<C>],
) -> Result<Vec<(&'static Spec<C>, Column)>, Vec<Fault>> {
    let mut columns: Vec<(&'static Spec<C>, Column)> = Vec::new();
    let mut faults = Vec::new();
    for (at, name) in header.iter().enumerate() {
        let place = Column { number: at + 1, name: shown(name.trim()) };
        let fault = |reason| Fault { line, column: Some(place.clone()), value: None, reason };
        match find(name, specs) {
            None => faults.push(fault(unknown(name, specs))),
            Some(spec) => match columns.iter().find(|(known, _)| known.column == spec.column) {
                Some((_, first)) => faults.push(fault(format!("column {} says the same: keep one", first.number))),
                None => columns.push((spec, place)),
            },
        }
    }
    let missing = specs.iter().filter(|spec| spec.required && !columns.iter().any(|(c, _)| c.column == spec.column));
    faults.extend(
        missing.map(|spec| Fault::line(line, format!("the column {} is missing: add it", spec.names.join(" or ")))),
    );
    if faults.is_empty() { Ok(columns) } else { Err(faults) }
}

fn find<C>(name: &str, specs: &'static [Spec<C>]) -> Option<&'static Spec<C>> {
    let name = name.trim().to_lowercase();
    specs.iter().find(|spec| spec.names.iter().any(|known| known.to_lowercase() == name))
}

fn unknown<C>(name: &str, specs: &[Spec<C>]) -> String {
    if name.trim().is_empty() {
        "a column without a name: name or remove it".to_owned()
    } else if name.contains([';', '\t']) {
        "the columns are separated by something else than commas: save the file as CSV with commas".to_owned()
    } else {
        format!("unknown column: remove or rename it; known are {}", names(specs))
    }
}

fn names<C>(specs: &[Spec<C>]) -> String {
    specs.iter().filter_map(|spec| spec.names.first().copied()).collect::<Vec<_>>().join(", ")
}
