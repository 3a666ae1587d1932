//! `nightheron search` and `nightheron reindex`.

use std::process::ExitCode;

use nightheron_index::{Index, SearchHit, SearchOrder, SearchRequest};

use super::text::{line, plain};
use crate::{
    app::{index_options, make_folder, open_store},
    config::Config,
    pipeline::indexer::catch_up,
};

/// Searches what was captured.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Words, "phrases", OR, NOT, source: author: member: after: before:
    query: String,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
    /// Newest first instead of best first.
    #[arg(long)]
    newest: bool,
    /// How many at most.
    #[arg(long, default_value_t = 20)]
    limit: usize,
}

pub(super) fn run(args: &Args, config: &Config) -> anyhow::Result<ExitCode> {
    let folder = config.index_dir();
    if !folder.exists() {
        anyhow::bail!(
            "there is no index in {}; start `nightheron run`, or name the configuration by --config",
            folder.display()
        );
    }
    let index = Index::open(&folder, index_options(config))?;
    let order = if args.newest { SearchOrder::Newest } else { SearchOrder::Relevance };
    let page = index.search(&SearchRequest { query: &args.query, limit: args.limit, offset: 0, order })?;
    for hit in &page.hits {
        if args.json {
            line(&serde_json::to_string(hit)?);
        } else {
            show(hit);
        }
    }
    if !args.json {
        line(&format!("{} of {} found", page.hits.len(), page.total));
    }
    Ok(ExitCode::SUCCESS)
}

fn show(hit: &SearchHit) {
    let snippet: String = hit.snippet.iter().map(|span| span.text.as_str()).collect();
    line(&format!("[{}] {}  {}", hit.seq, plain(&hit.source), plain(&hit.title)));
    line(&format!("    {}", plain(&snippet)));
}

pub(super) async fn reindex(config: &Config) -> anyhow::Result<ExitCode> {
    let store = open_store(config).await?;
    let folder = config.index_dir();
    make_folder(&folder)?;
    let index = Index::recreate(&folder, index_options(config))?;
    let at = catch_up(&index, &store).await?;
    line(&format!("indexed {} posts, up to number {at}", index.documents()));
    Ok(ExitCode::SUCCESS)
}
