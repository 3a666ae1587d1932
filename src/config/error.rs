//! Why a configuration is refused.

use std::{fmt, path::PathBuf};

use crate::alerts::secret::SecretError;

/// A refused configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {path}: {source}; give the path of a TOML file", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The file is read, and wrong: all that is wrong at once.
    #[error("{}", shown(origin, problems))]
    Wrong {
        /// The file.
        origin: String,
        /// What is wrong, in the order of the file.
        problems: Vec<Problem>,
    },
    /// A secret that the configuration names cannot be read.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// `store.password_file` is set, and `store.url` takes no password.
    #[error("store.password_file is set, but store.url takes no password: write postgres://user@host/database")]
    NoPlaceForPassword,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Path of the key, as `web.listen` or `source[0].definition`; empty for a mistake in the notation.
    pub key: String,
    /// Where it stands; `None` when the value is a default, or belongs to no line.
    pub place: Option<Place>,
    /// What is wrong and what is expected.
    pub message: String,
}

/// A place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The whole line.
    pub text: String,
}

/// Lines longer than this many characters are not shown.
const WIDEST: usize = 160;

impl Place {
    /// The line with a mark under the place; nothing for a line that may hold a secret, or cannot be shown.
    fn excerpt(&self) -> Option<String> {
        let lower = self.text.to_lowercase();
        let secret = ["pass", "secret", "token", "@"].iter().any(|word| lower.contains(word));
        if secret || self.text.chars().count() > WIDEST || self.text.chars().any(|c| c.is_control() && c != '\t') {
            return None;
        }
        let number = self.line.to_string();
        let gutter = " ".repeat(number.len());
        let mark = " ".repeat(self.column.saturating_sub(1));
        Some(format!("\n  {number} | {}\n  {gutter} | {mark}^", self.text.replace('\t', " ")))
    }
}

fn shown(origin: &str, problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(|problem| Line { origin, problem }.to_string()).collect();
    lines.join("\n")
}

struct Line<'a> {
    origin: &'a str,
    problem: &'a Problem,
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.origin)?;
        if let Some(place) = &self.problem.place {
            write!(f, ":{}:{}", place.line, place.column)?;
        }
        f.write_str(": ")?;
        if !self.problem.key.is_empty() {
            write!(f, "{}: ", self.problem.key.escape_debug())?;
        }
        write!(f, "{}", self.problem.message.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'"))?;
        f.write_str(&self.problem.place.as_ref().and_then(Place::excerpt).unwrap_or_default())
    }
}
