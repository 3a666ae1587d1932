//! What is wrong with a definition, and where.

use std::fmt;

/// One problem at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, or what stands for it.
    pub file: String,
    /// Line, from 1; 0 when the problem has no one place.
    pub line: u64,
    /// Column, from 1; 0 when the problem has no one place.
    pub column: u64,
    /// What is wrong, and what to do.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (0, _) => write!(f, "{}: {}", self.file, self.message),
            (line, column) => write!(f, "{}:{line}:{column}: {}", self.file, self.message),
        }
    }
}

/// A definition that was refused, with everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionError {
    /// At least one problem.
    pub problems: Vec<Problem>,
}

impl fmt::Display for DefinitionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, problem) in self.problems.iter().enumerate() {
            if n > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for DefinitionError {}

impl DefinitionError {
    /// A single problem without a place inside the file.
    pub(super) fn whole(file: &str, message: impl Into<String>) -> Self {
        Self { problems: vec![Problem { file: file.to_owned(), line: 0, column: 0, message: message.into() }] }
    }
}
