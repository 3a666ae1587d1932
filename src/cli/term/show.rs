//! `nightheron term show` and `list`: terms with their record.

use crate::{
    app::open_store,
    cli::text::{line, plain},
    clock::{Clock as _, SystemClock},
    config::Config,
    store::{
        LookBacks as _, Terms as _,
        model::{TermRow, TermVerdicts},
    },
    terms::{Review, date_of},
};

/// Look backs of a term that are shown.
const MAX_LOOK_BACKS: i64 = 5;

/// Shows a term with its record and the history of its edits.
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// Number of the term.
    id: i64,
}

impl Show {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<()> {
        let store = open_store(config).await?;
        let row = store.term(self.id).await?;
        let verdicts = store.term_verdicts(Some(self.id)).await?.remove(&self.id).unwrap_or_default();
        let t = &row.term;
        line(&format!("term {} of {}: {} {}", row.id, plain(&row.member_name), t.kind, plain(&t.text)));
        line(&format!("state: {}, version {}, by {}", t.state, row.version, plain(&t.author)));
        line(&format!("reason: {}", plain(&t.reason)));
        line(&format!("context: {}", plain(t.context.as_deref().unwrap_or("none"))));
        line(&format!("review: {}", t.review_at.map_or_else(|| "none".to_owned(), date_of)));
        line(&record(&row, verdicts));
        for look_back in store.look_backs(Some(self.id), MAX_LOOK_BACKS).await? {
            line(&format!(
                "look back {} of {}: {} %, {} hits, {} alerts",
                look_back.id,
                look_back.queued_at,
                look_back.percent(),
                look_back.hits,
                look_back.alerts
            ));
        }
        for edit in store.term_edits(self.id).await? {
            let before = edit.before.as_deref().map_or_else(|| "added".to_owned(), plain);
            let note = if edit.note.is_empty() { String::new() } else { format!(" ({})", plain(&edit.note)) };
            line(&format!("{} {}{note}: {before} -> {}", edit.at, plain(&edit.by), plain(&edit.after)));
        }
        Ok(())
    }
}

/// Hits, verdicts and precision in one line.
fn record(row: &TermRow, verdicts: TermVerdicts) -> String {
    let fired = row.last_fired_at.map_or_else(|| "never".to_owned(), |at| at.to_string());
    let precision = verdicts.precision().map_or_else(|| "-".to_owned(), |p| format!("{:.0} %", p * 100.0));
    let TermVerdicts { confirmed, dismissed } = verdicts;
    format!("{} hits, last {fired}; {confirmed} confirmed, {dismissed} false, precision {precision}", row.hits)
}

/// Lists all terms, or those to be looked at again.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Only those to be looked at again: never-fired, only-false or due.
    #[arg(long, value_name = "WHICH")]
    review: Option<Review>,
}

impl List {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<()> {
        let store = open_store(config).await?;
        let (rows, verdicts) = (store.terms(None).await?, store.term_verdicts(None).await?);
        let rows = match self.review {
            Some(review) => review.select(rows, &verdicts, SystemClock.now()),
            None => rows,
        };
        for row in rows {
            let of_term = verdicts.get(&row.id).copied().unwrap_or_default();
            let (t, name) = (&row.term, plain(&row.member_name));
            let due = t.review_at.map_or_else(|| "-".to_owned(), date_of);
            line(&format!(
                "{}\t{}\t{}\t{}\t{} hits\t{} confirmed\t{} false\t{due}\t{name}",
                row.id,
                t.state,
                t.kind,
                plain(&t.text),
                row.hits,
                of_term.confirmed,
                of_term.dismissed
            ));
        }
        Ok(())
    }
}
