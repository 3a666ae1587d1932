//! `nightheron reextract`: archived captures, read again with the definitions of today.

use std::{process::ExitCode, sync::Arc};

use super::text::line;
use crate::{
    app::{App, library},
    captures::verify,
    clock::SystemClock,
    config::Config,
    pipeline::{recover, reextract},
};

/// Reads archived captures again.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only captures of this source.
    #[arg(long, value_name = "ID")]
    source: Option<String>,
    /// Check every hash and the chain of captures first.
    #[arg(long)]
    verify: bool,
}

pub(super) async fn run(args: Args, config: Config) -> anyhow::Result<ExitCode> {
    let library = library(&config)?;
    let stop = tokio_util::sync::CancellationToken::new();
    let app = App::build(config, &library, Arc::new(SystemClock), stop, super::system_rng()).await?;
    if args.verify {
        let checked = verify(app.pipeline.archive.folder())?;
        for defect in &checked.defects {
            line(defect);
        }
        line(&format!("{} captures checked, {} defects", checked.records, checked.defects.len()));
    }
    let found = recover(&app.pipeline, &app.sources).await?;
    let read = reextract(&app.pipeline, &app.sources, args.source.as_deref()).await?;
    line(&format!(
        "read {} captures again: {} new posts, {} revisions, {} could not be read",
        found.captures + read.captures,
        found.new + read.new,
        found.revised + read.revised,
        found.unreadable + read.unreadable
    ));
    Ok(ExitCode::SUCCESS)
}
