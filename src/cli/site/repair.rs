//! `nightheron site repair`: what would read a broken source again, from its captured pages.

use std::{process::ExitCode, sync::Arc};

use anyhow::{Context as _, bail};
use jiff::SignedDuration;
use nightheron_crawlers::{
    definition::{Definition, Library},
    repair::{Proposal, Verdict},
    walk::PageKind,
};
use serde_json::{Value, json};

use super::super::text::{line, plain};
use crate::{
    app::{App, library, open_store},
    captures::Archive,
    clock::{Clock as _, SystemClock},
    config::Config,
    definitions::{self, Evidence, Shelf, Text, digest},
    pipeline::{RereadStep, reread_step},
    store::{Definitions as _, Schedule as _},
};

/// Proposes a definition that reads a source again whose layout has changed, from the pages captured since.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Repair {
    /// Identity of a watched source.
    source: String,
    /// Take the proposal into use, and read everything again that was captured since the last good visit. The service
    /// must be stopped; while it runs, its pages do the same.
    #[arg(long)]
    accept: bool,
    /// Why; needed for a proposal that is not complete.
    #[arg(long, default_value = "", requires = "accept")]
    reason: String,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

impl Repair {
    pub(in crate::cli) async fn run(self, config: Config) -> anyhow::Result<ExitCode> {
        let library = library(&config)?;
        let read = definitions::configured(&config, &library)?;
        let found = read.into_iter().find(|(definition, ..)| definition.id == self.source);
        let Some((definition, text, _)) = found else {
            bail!("the source `{}` is not watched; look at `[[source]]` in the configuration", plain(&self.source));
        };
        if self.accept {
            return self.take(config, &library).await;
        }
        let repair = self.look(&config, &library, definition, &text).await?;
        self.show(&repair.proposal, repair.known);
        Ok(code(&repair.proposal))
    }

    /// The proposal, with nothing written: the service may be running.
    async fn look(
        &self, config: &Config, library: &Library, definition: Definition, text: &Text,
    ) -> anyhow::Result<definitions::Repair> {
        let store = open_store(config).await?;
        let row = store.sources().await?.into_iter().find(|row| row.source.id == self.source);
        let row = row.with_context(|| format!("the source `{}` was never visited", self.source))?;
        let evidence = Evidence::of(&store, &row).await?;
        let history = store.definition_history(&self.source).await?;
        let archive = Archive::open(&config.captures_dir())?;
        let shelf = Shelf::new(archive, config.net.limits(), &history, library, Arc::new(definition));
        Ok(evidence.propose(&shelf, library, &text.text, &text.origin)?)
    }

    async fn take(&self, config: Config, library: &Library) -> anyhow::Result<ExitCode> {
        let stop = tokio_util::sync::CancellationToken::new();
        let app = App::build(config, library, Arc::new(SystemClock), stop, super::super::system_rng()).await?;
        let (repair, _) = app.workbench.propose(&self.source).await?;
        self.show(&repair.proposal, repair.known);
        let (now, by) = (SystemClock.now(), std::env::var("USER").unwrap_or_else(|_| "cli".to_owned()));
        let looked_at = digest(&repair.proposal);
        let changed = app.workbench.accept(&self.source, &looked_at, &by, &self.reason, now).await?;
        while matches!(
            reread_step(&app.pipeline, &app.sources, SignedDuration::ZERO).await?,
            RereadStep::Read | RereadStep::Finished
        ) {}
        let read = app.store.rereads(&self.source, 1).await?;
        let read = read.first().context("what was read again is not recorded")?;
        let told = json!({"accepted": changed.number, "captures": read.captures, "posts": read.posts,
            "revisions": read.revisions, "unreadable": read.unreadable});
        line(&if self.json {
            told.to_string()
        } else {
            format!(
                "accepted as text number {}; read {} captures again: {} new posts, {} revisions, {} could not be read",
                changed.number, read.captures, read.posts, read.revisions, read.unreadable
            )
        });
        Ok(ExitCode::SUCCESS)
    }

    fn show(&self, proposal: &Proposal, known: usize) {
        if self.json {
            line(&as_json(proposal, known).to_string());
            return;
        }
        let (verdict, sentences) = verdict(proposal);
        line(&format!("{verdict}; {known} rows were known"));
        sentences.iter().chain(&proposal.notes).for_each(|sentence| line(&format!("  {}", plain(sentence))));
        for (url, why) in &proposal.set_aside {
            line(&format!("  set aside: {}: {}", plain(url.as_str()), plain(why)));
        }
        for change in &proposal.changes {
            let (old, new) = (plain(&change.old), plain(&change.new));
            line(&format!("{} {}\n  - {old}\n  + {new}", kind(change.kind), plain(&change.name)));
        }
        for row in &proposal.preview {
            let fields = row.fields.iter().map(|(name, value)| format!("{name}={}", plain(value)));
            let fields: String = fields.collect::<Vec<_>>().join("  ").chars().take(240).collect();
            line(&format!("{} {}  {fields}", if row.known { "known" } else { "new  " }, kind(row.kind)));
        }
        if !matches!(proposal.verdict, Verdict::None(_)) {
            line("");
            line(proposal.text.trim_end());
        }
    }
}

fn verdict(proposal: &Proposal) -> (&'static str, Vec<String>) {
    match &proposal.verdict {
        Verdict::Complete => ("complete", vec![]),
        Verdict::Partial(sentences) => ("partial", sentences.clone()),
        Verdict::None(why) => ("none", vec![why.clone()]),
    }
}

/// What is not complete is told to scripts as well.
fn code(proposal: &Proposal) -> ExitCode {
    if proposal.verdict == Verdict::Complete { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn kind(kind: PageKind) -> &'static str {
    match kind {
        PageKind::Boards => "site",
        PageKind::Listing => "listing",
        PageKind::Thread => "thread",
        PageKind::Posts => "posts",
        PageKind::Times => "times",
    }
}

fn as_json(proposal: &Proposal, known: usize) -> Value {
    let (verdict, sentences) = verdict(proposal);
    let changes = proposal
        .changes
        .iter()
        .map(|change| json!({"kind": kind(change.kind), "name": change.name, "old": change.old, "new": change.new}));
    let preview = proposal.preview.iter().map(|row| {
        json!({"url": row.url, "kind": kind(row.kind), "fields": row.fields, "known": row.known,
            "differs": row.differs})
    });
    let evidence = proposal.evidence.iter().map(|one| {
        json!({"kind": kind(one.kind), "pages": one.pages, "known": one.known, "found": one.found,
            "equal": one.equal, "new": one.new})
    });
    json!({
        "verdict": verdict, "sentences": sentences, "known": known, "notes": proposal.notes,
        "set_aside": proposal.set_aside, "changes": changes.collect::<Vec<_>>(),
        "evidence": evidence.collect::<Vec<_>>(), "preview": preview.collect::<Vec<_>>(), "text": proposal.text,
    })
}
