//! `nightheron term match`: the matcher alone, over files or a stream of any length.

use std::{
    fs::File,
    io::{self, BufWriter, Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use nightheron_watchlists::{Matcher, StreamHit, TermFileFormat, TermId, read_terms};
use serde::Serialize;

use crate::cli::{
    check::read,
    text::{fail, plain},
};

/// The name under which standard input is read and reported.
const STANDARD_INPUT: &str = "-";

/// Finds the terms of a file in text: one line for each hit, in the order of the text.
///
/// The store is not touched. Files are read as UTF-8 in constant memory, however long they are;
/// offsets are bytes of the file, whatever it holds. A hit and what decides on it must
/// lie within 64 KiB.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Exit status: 0 when everything was read, with hits or without; \
                             1 when the terms are refused or a file cannot be read (the others are read all the same).")]
pub(crate) struct Args {
    /// The terms: TOML with tables `[[term]]`, or CSV with the columns kind and text.
    #[arg(long, value_name = "FILE")]
    terms: PathBuf,
    /// One JSON object a line: file, term, kind, start, end, matched, confidence.
    #[arg(long)]
    json: bool,
    /// What is searched; standard input when none is named, or for `-`.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// A hit as it is printed.
#[derive(Serialize)]
struct Line<'h> {
    file: &'h str,
    term: &'h str,
    kind: &'static str,
    start: u64,
    end: u64,
    matched: &'h str,
    confidence: &'static str,
}

impl Args {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        self.search(io::stdin().lock(), BufWriter::new(io::stdout().lock()))
    }

    fn search(&self, mut input: impl Read, mut out: impl Write) -> anyhow::Result<ExitCode> {
        let terms = Terms::load(&self.terms)?;
        let standard_input = [PathBuf::from(STANDARD_INPUT)];
        let files = if self.files.is_empty() { &standard_input[..] } else { &self.files[..] };
        let mut code = ExitCode::SUCCESS;
        for file in files {
            let done = match file.to_str() {
                Some(STANDARD_INPUT) => self.search_one(&terms, file, &mut input, &mut out),
                _ => File::open(file)
                    .map_err(Trouble::Read)
                    .and_then(|input| self.search_one(&terms, file, input, &mut out)),
            };
            match done {
                Ok(()) => {}
                Err(Trouble::Read(error)) => code = fail(&format!("{}: cannot be read: {error}", shown(file))),
                // A reader that went away (`| head`) is no error.
                Err(Trouble::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(code),
                Err(Trouble::Write(error)) => return Err(error).context("the hits cannot be written"),
            }
        }
        Ok(code)
    }

    fn search_one(&self, terms: &Terms, file: &Path, input: impl Read, out: &mut impl Write) -> Result<(), Trouble> {
        let name = file.to_string_lossy();
        for hit in terms.matcher.stream(input) {
            let hit = hit.map_err(Trouble::Read)?;
            let line = Line {
                file: &name,
                term: terms.name(hit.term),
                kind: hit.kind.name(),
                start: hit.start,
                end: hit.end,
                matched: &hit.matched,
                confidence: hit.confidence.name(),
            };
            self.print(&line, &hit, out).map_err(Trouble::Write)?;
        }
        out.flush().map_err(Trouble::Write)
    }

    fn print(&self, line: &Line<'_>, hit: &StreamHit, out: &mut impl Write) -> io::Result<()> {
        if self.json {
            serde_json::to_writer(&mut *out, line)?;
            return writeln!(out);
        }
        let (file, term, matched) = (plain(line.file), plain(line.term), plain(line.matched));
        let Line { kind, start, end, confidence, .. } = line;
        writeln!(out, "{file}:{start}-{end}\t{kind}\t{term}\t{matched}\t{confidence} ({})", hit.form.name())
    }
}

/// Why a file was not searched to its end.
enum Trouble {
    Read(io::Error),
    Write(io::Error),
}

/// The terms in one matcher, and their texts by number.
struct Terms {
    matcher: Matcher,
    names: Vec<String>,
}

impl Terms {
    fn load(file: &Path) -> anyhow::Result<Self> {
        let origin = shown(file);
        let format = TermFileFormat::of(file).with_context(|| {
            format!("{origin}: what format its terms have cannot be told: name it with .toml or .csv at the end")
        })?;
        let rows = read_terms(&read(file)?, format, &origin)?;
        let names = rows.iter().map(|row| row.term.readable()).collect();
        let matcher = Matcher::new((0..).zip(rows.into_iter().map(|row| row.term)))?;
        Ok(Self { matcher, names })
    }

    fn name(&self, term: TermId) -> &str {
        usize::try_from(term).ok().and_then(|place| self.names.get(place)).map_or("", String::as_str)
    }
}

fn shown(file: &Path) -> String {
    plain(&file.display().to_string())
}

#[cfg(test)]
mod tests;
