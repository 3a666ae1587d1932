//! `nightheron term add`, `edit`, `pause` and `activate`: governed saving.

use anyhow::Context as _;
use nightheron_watchlists::{Context, Term, TermKind};

use super::{review, user};
use crate::{
    app::open_store,
    cli::text::{line, plain},
    clock::{Clock as _, SystemClock},
    config::Config,
    members::{stored, watched},
    store::{
        Members as _, Terms as _,
        model::{NewTerm, TermRow, TermState},
    },
    terms::{Saved, add, change},
};

/// Adds a term for a member; a running service watches for it within a second.
#[derive(Debug, clap::Args)]
pub(crate) struct Add {
    /// 統一編號 of the member.
    #[arg(long, value_name = "NUMBER")]
    member: String,
    /// What kind of term it is: domain, email, keyword…
    #[arg(long)]
    kind: TermKind,
    /// Why it is watched.
    #[arg(long)]
    reason: String,
    /// Context rules as JSON: {"near": {"any_of": ["leak"], "within": 80}}.
    #[arg(long, value_name = "JSON")]
    context: Option<String>,
    /// When it is to be looked at again, as 2027-06-30.
    #[arg(long, value_name = "DATE")]
    review: Option<String>,
    /// Save it as a draft, which is not watched for.
    #[arg(long)]
    draft: bool,
    /// Why it is watched for although it is too broad.
    #[arg(long, value_name = "TEXT", default_value = "")]
    broad_reason: String,
    /// The term.
    text: String,
}

impl Add {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<()> {
        let term = term(self.kind, &self.text, self.context.as_deref())?;
        let store = open_store(config).await?;
        let member = store.member_by_number(&self.member).await?;
        let state = if self.draft { TermState::Draft } else { TermState::Active };
        let review_at = review(self.review.as_deref().unwrap_or_default())?;
        let new = NewTerm { review_at, ..stored(&term, state, &user(), &self.reason) };
        let saved = add(&store, member.id, new, &self.broad_reason, SystemClock.now()).await?;
        line(if saved.saved.added.is_empty() { "the member has this term already" } else { "added" });
        told(&saved);
        Ok(())
    }
}

/// Changes a term: what is not given stays.
#[derive(Debug, clap::Args)]
pub(crate) struct Edit {
    /// Number of the term, as `term list` shows it.
    id: i64,
    /// Another text.
    #[arg(long)]
    text: Option<String>,
    /// Other context rules as JSON; empty for none.
    #[arg(long, value_name = "JSON")]
    context: Option<String>,
    /// Another reason.
    #[arg(long)]
    reason: Option<String>,
    /// Another date of review, as 2027-06-30; empty for none.
    #[arg(long, value_name = "DATE")]
    review: Option<String>,
    /// Why it is watched for although it is too broad.
    #[arg(long, value_name = "TEXT", default_value = "")]
    broad_reason: String,
}

impl Edit {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<()> {
        let store = open_store(config).await?;
        let row = store.term(self.id).await?;
        let kind: TermKind = row.term.kind.parse().context("the stored term cannot be read")?;
        let context = self.context.as_deref().or(row.term.context.as_deref());
        let term = term(kind, self.text.as_deref().unwrap_or(&row.term.text), context)?;
        let reason = self.reason.as_deref().unwrap_or(&row.term.reason);
        let review_at = self.review.as_deref().map_or(Ok(row.term.review_at), review)?;
        let new = NewTerm { review_at, ..stored(&term, row.term.state, &row.term.author, reason) };
        let saved = change(&store, &row, new, &user(), &self.broad_reason, SystemClock.now()).await?;
        line(if saved.saved.changed.is_empty() { "nothing is different" } else { "changed" });
        told(&saved);
        Ok(())
    }
}

/// Stops watching for a term; it is kept.
#[derive(Debug, clap::Args)]
pub(crate) struct Pause {
    /// Number of the term.
    id: i64,
    /// Why; kept in its history.
    #[arg(long, default_value = "")]
    note: String,
}

impl Pause {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<()> {
        let store = open_store(config).await?;
        let row = store.term(self.id).await?;
        let new = NewTerm { state: TermState::Paused, ..row.term.clone() };
        change(&store, &row, new, &user(), &self.note, SystemClock.now()).await?;
        line(&format!("{} is paused", named(&row)));
        Ok(())
    }
}

/// Watches for a draft or paused term.
#[derive(Debug, clap::Args)]
pub(crate) struct Activate {
    /// Number of the term.
    id: i64,
    /// Why it is watched for although it is too broad; not needed from somebody else than its author.
    #[arg(long, value_name = "TEXT", default_value = "")]
    broad_reason: String,
}

impl Activate {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<()> {
        let store = open_store(config).await?;
        let row = store.term(self.id).await?;
        watched(&row.term).map_err(anyhow::Error::msg)?;
        let new = NewTerm { state: TermState::Active, ..row.term.clone() };
        let saved = change(&store, &row, new, &user(), &self.broad_reason, SystemClock.now()).await?;
        line(&format!("{} is watched", named(&row)));
        told(&saved);
        Ok(())
    }
}

/// A term with its context as a person wrote both.
pub(super) fn term(kind: TermKind, text: &str, context: Option<&str>) -> anyhow::Result<Term> {
    let term = Term::parse(kind, text)?;
    let Some(context) = context.filter(|context| !context.trim().is_empty()) else { return Ok(term) };
    let context: Context = serde_json::from_str(context)
        .context("the context cannot be read; write it as {\"near\": {\"any_of\": [\"leak\"], \"within\": 80}}")?;
    Ok(term.with_context(context)?)
}

fn named(row: &TermRow) -> String {
    plain(&format!("term {} of {}: {} {}", row.id, row.member_name, row.term.kind, row.term.text))
}

fn told(saved: &Saved) {
    if let Some(tried) = &saved.preview {
        line(&format!(
            "in the last {} days: {} hits, {} alerts; {}",
            tried.days,
            tried.total.hits,
            tried.total.alerts,
            tried.verdict.sentence()
        ));
    }
    if saved.saved.look_back.is_some() {
        line("everything captured before is looked through now by the running service");
    }
}
