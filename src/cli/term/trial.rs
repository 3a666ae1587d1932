//! `nightheron term preview`: what a term would have found in the last 90 days.

use nightheron_watchlists::TermKind;

use super::change::term;
use crate::{
    app::open_store,
    cli::text::{line, plain},
    clock::{Clock as _, SystemClock},
    config::Config,
    terms::{Count, Preview, preview},
};

/// Tries a term on the posts of the last 90 days, without saving it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What kind of term it is: domain, email, keyword…
    kind: TermKind,
    /// The term.
    text: String,
    /// Context rules as JSON: {"near": {"any_of": ["leak"], "within": 80}}.
    #[arg(long, value_name = "JSON")]
    context: Option<String>,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

impl Args {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<()> {
        let term = term(self.kind, &self.text, self.context.as_deref())?;
        let store = open_store(config).await?;
        for made in preview(&store, &[term], None, SystemClock.now()).await? {
            if self.json { line(&serde_json::to_string(&made)?) } else { print(&made) }
        }
        Ok(())
    }
}

fn print(made: &Preview) {
    let bound = if made.complete { "" } else { ", the newest of the window" };
    line(&format!("{} {}: {}", made.kind, plain(&made.text), made.verdict.sentence()));
    line(&format!(
        "{} hits, {} alerts in {} days ({} posts{bound})",
        made.total.hits, made.total.alerts, made.days, made.posts
    ));
    counts("by day", &made.by_day);
    counts("by source", &made.by_source);
    for sample in &made.newest {
        let text = format!("{}[{}]{}", sample.before, sample.matched, sample.after);
        line(&format!("  {} {} post {}: {}", sample.captured_at, plain(&sample.source), sample.post, plain(&text)));
    }
    for other in &made.similar {
        line(&format!(
            "  {} term {}: {} {} of {}, {}: {} hits, {} confirmed, {} dismissed",
            other.relation.as_str(),
            other.id,
            other.kind,
            plain(&other.text),
            plain(&other.member),
            other.state,
            other.hits,
            other.confirmed,
            other.dismissed
        ));
    }
}

fn counts(title: &str, counts: &[(String, Count)]) {
    for (name, count) in counts {
        line(&format!("  {title} {}: {} hits, {} alerts", plain(name), count.hits, count.alerts));
    }
}
