//! `nightheron check`: configuration, definitions and stored terms, before anything is started.

use std::{path::Path, process::ExitCode};

use nightheron_crawlers::definition::Library;

use super::text::line;
use crate::{
    alerts::senders::mail_sender,
    app::{library, open_store},
    config::Config,
    definitions::configured,
    members::parse_members,
    pipeline::WatchList,
    terms::read_file,
};

/// Checks configuration, definitions and stored terms.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A list of members to check without importing it.
    #[arg(long, value_name = "FILE.csv")]
    members: Option<std::path::PathBuf>,
    /// A list of terms to check without importing it.
    #[arg(long, value_name = "FILE")]
    terms: Option<std::path::PathBuf>,
}

pub(super) async fn run(args: &Args, config: &Config) -> anyhow::Result<ExitCode> {
    config.alerts.prepare()?;
    mail_sender(&config.mail, &config.alerts.organisation)?;
    line("configuration: as it should be");
    let library: Library = library(config)?;
    for id in library.ids() {
        library.get(id)?;
    }
    line(&format!("definitions at hand: {}", library.ids().collect::<Vec<_>>().join(", ")));
    for (definition, ..) in configured(config, &library)? {
        if definition.links.is_empty() {
            anyhow::bail!("{}: it has no links; add `links: [ \"http://…/\" ]` to its definition", definition.id);
        }
        line(&format!("source {}: {} links", definition.id, definition.links.len()));
    }
    if let Some(file) = &args.members {
        line(&format!(
            "{}: {} organisations",
            file.display(),
            parse_members(&read(file)?, &file.display().to_string())?.len()
        ));
    }
    if let Some(file) = &args.terms {
        line(&format!("{}: {} terms", file.display(), read_file(file, &read(file)?, None, "")?.len()));
    }
    let store = open_store(config).await?;
    let list = WatchList::load(&store).await?;
    line(&format!("stored terms in force: {}", list.len()));
    Ok(ExitCode::SUCCESS)
}

/// Reads a file that the operator named.
pub(super) fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    use anyhow::Context as _;
    std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))
}
