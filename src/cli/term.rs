//! `nightheron term`: watch terms.

mod change;
mod files;
mod matching;
mod show;
mod trial;

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use jiff::{Timestamp, civil::Date};

use crate::{config::Config, terms::midnight};

/// Watch terms.
#[derive(Debug, Subcommand)]
pub(super) enum Term {
    /// Adds a term for a member; a running service watches for it within a second and looks back for it.
    Add(change::Add),
    /// Changes a term: what is not given stays.
    Edit(change::Edit),
    /// Stops watching for a term; it is kept.
    Pause(change::Pause),
    /// Watches for a draft or paused term.
    Activate(change::Activate),
    /// Shows a term with its record and the history of its edits.
    Show(show::Show),
    /// Lists all terms, or those to be looked at again.
    List(show::List),
    /// Tries a term on the posts of the last 90 days, without saving it.
    Preview(trial::Args),
    /// Imports terms of a TOML or CSV file: all of them, or none with every fault named.
    Import(files::Import),
    /// Writes terms as a file that can be imported again.
    Export(files::Export),
    /// Finds the terms of a file in text, without the store.
    Match(matching::Args),
}

impl Term {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        match self {
            Self::Add(args) => args.run(config).await?,
            Self::Edit(args) => args.run(config).await?,
            Self::Pause(args) => args.run(config).await?,
            Self::Activate(args) => args.run(config).await?,
            Self::Show(args) => args.run(config).await?,
            Self::List(args) => args.run(config).await?,
            Self::Preview(args) => args.run(config).await?,
            Self::Import(args) => args.run(config).await?,
            Self::Export(args) => args.run(config).await?,
            Self::Match(args) => return args.run(),
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Who is named as the author on the command line: the system's user.
fn user() -> String {
    std::env::var("USER").unwrap_or_else(|_| "command line".to_owned())
}

/// A date of review as it is written: `2027-06-30`, or nothing for none.
fn review(text: &str) -> anyhow::Result<Option<Timestamp>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let date = Date::strptime("%Y-%m-%d", text.trim()).ok().and_then(midnight);
    date.map(Some).with_context(|| format!("{text} is no date of review: write one such as 2027-06-30"))
}
