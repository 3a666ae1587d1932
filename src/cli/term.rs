//! `nightheron term`: watch terms.

mod matching;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::Subcommand;
use nightheron_watchlists::{Term as WatchTerm, TermKind};

use super::{check::read, text::line};
use crate::{
    app::open_store,
    clock::{Clock as _, SystemClock},
    config::Config,
    members::parse_terms,
    store::{Members as _, Terms as _, model::TermState},
};

/// Watch terms.
#[derive(Debug, Subcommand)]
pub(super) enum Term {
    /// Adds a term for a member; a running service watches for it within a second.
    Add {
        /// 統一編號 of the member.
        #[arg(long, value_name = "NUMBER")]
        member: String,
        /// `domain`, `email` or `keyword`.
        #[arg(long)]
        kind: TermKind,
        /// Why it is watched.
        #[arg(long)]
        reason: String,
        /// The term.
        text: String,
    },
    /// Imports terms: all rows, or none with every bad row named.
    Import {
        /// The file.
        #[arg(value_name = "FILE.csv")]
        file: PathBuf,
    },
    /// Lists all terms.
    List,
    /// Finds the terms of a file in text, without the store.
    Match(matching::Args),
}

impl Term {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        match self {
            Self::Add { member, kind, reason, text } => {
                let term = WatchTerm::parse(kind, &text)?;
                let store = open_store(config).await?;
                let member = store.member_by_number(&member).await?;
                let author = std::env::var("USER").unwrap_or_else(|_| "command line".to_owned());
                let new = crate::members::stored(&term, TermState::Active, &author, &reason);
                let added = store.add_terms(&[(member.id, new)], SystemClock.now()).await?;
                line(if added == 1 { "added" } else { "the member has this term already" });
            }
            Self::Import { file } => {
                let rows = parse_terms(&read(&file)?, &file.display().to_string())?;
                let store = open_store(config).await?;
                let mut terms = Vec::new();
                for row in rows {
                    let place = || format!("{}:{}: nothing was imported", file.display(), row.line);
                    let member = store.member_by_number(&row.business_number).await.with_context(place)?;
                    terms.push((member.id, row.term));
                }
                let added = store.add_terms(&terms, SystemClock.now()).await?;
                line(&format!("{added} terms added, {} were there already", terms.len() as u64 - added));
            }
            Self::List => {
                for row in open_store(config).await?.terms(None).await? {
                    let t = &row.term;
                    line(&format!(
                        "{}\t{}\t{}\t{}\t{} hits\t{}",
                        row.id, t.state, t.kind, t.text, row.hits, row.member_name
                    ));
                }
            }
            Self::Match(args) => return args.run(),
        }
        Ok(ExitCode::SUCCESS)
    }
}
