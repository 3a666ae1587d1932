//! `nightheron site moves`: sites that say that they have moved, and what is decided about them.

use std::{process::ExitCode, sync::Arc};

use clap::Subcommand;

use super::super::text::{line, plain};
use crate::{
    app::{App, library, open_store},
    clock::{Clock as _, SystemClock},
    config::Config,
    store::{SiteMoves as _, model::MoveState},
};

/// What is decided about a move.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Decision {
    /// Reads the source at its new address from now on: its definition is changed. The service must be stopped; while
    /// it runs, the page of the source does the same.
    Approve {
        /// Number of the proposal.
        id: i64,
        /// Why.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Does not follow the site there; it is not proposed again.
    Dismiss {
        /// Number of the proposal.
        id: i64,
        /// Why.
        #[arg(long)]
        reason: String,
    },
}

pub(in crate::cli) async fn run(decision: Option<Decision>, config: Config) -> anyhow::Result<ExitCode> {
    let (now, by) = (SystemClock.now(), std::env::var("USER").unwrap_or_else(|_| "cli".to_owned()));
    match decision {
        None => list(&config).await?,
        Some(Decision::Approve { id, reason }) => {
            let library = library(&config)?;
            let stop = tokio_util::sync::CancellationToken::new();
            let app = App::build(config, &library, Arc::new(SystemClock), stop, super::super::system_rng()).await?;
            let done = app.workbench.approve_move(id, &by, &reason, now).await?;
            line(&format!("{}: it is read at {} from now on", plain(&done.seen.source), plain(&done.seen.to)));
        }
        Some(Decision::Dismiss { id, reason }) => {
            anyhow::ensure!(!reason.trim().is_empty(), "say why the site is not followed there: --reason TEXT");
            let store = open_store(&config).await?;
            store.decide_move(id, MoveState::Dismissed, &by, reason.trim(), now).await?;
            line("dismissed; it is not proposed again");
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(config: &Config) -> anyhow::Result<()> {
    let moves = open_store(config).await?.moves(None).await?;
    for one in &moves {
        let decided = if one.state == MoveState::Open { "" } else { one.reason.as_str() };
        let (seen, to) = (&one.seen, plain(&one.seen.to));
        let told = format!("{} {}: {} → {to}", one.id, plain(&seen.source), plain(&seen.from));
        line(&format!("{told}, seen {}, same site: {}, {} {}", seen.seen_at, one.same_site, one.state, plain(decided)));
    }
    if moves.is_empty() {
        line("no site says that it has moved");
    }
    Ok(())
}
