//! `nightheron term import` and `export`: files of terms, compared with the store before anything is written.

use std::{collections::HashMap, path::PathBuf};

use clap::ValueEnum;
use nightheron_watchlists::TermFileFormat;

use super::user;
use crate::{
    app::open_store,
    cli::{
        check::read,
        text::{line, plain},
    },
    clock::{Clock as _, SystemClock},
    config::Config,
    store::{Members as _, Terms as _},
    terms::{OnConflict, Plan, PlanError, Planned, Standing, Verdict, plan, read_file, write_terms},
};

/// Imports terms of a TOML or CSV file: all of them, or none with every fault named.
#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    /// The file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// 統一編號 of the member of terms that name none.
    #[arg(long, value_name = "NUMBER")]
    member: Option<String>,
    /// Show what would happen, and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Leave terms that are there already and differ as they are.
    #[arg(long, conflicts_with = "update")]
    keep: bool,
    /// Change terms that are there already and differ to what the file says.
    #[arg(long)]
    update: bool,
    /// Why terms are watched for although they are too broad; without it they become drafts.
    #[arg(long, value_name = "TEXT", default_value = "")]
    broad_reason: String,
}

impl Import {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<()> {
        let by = user();
        let terms = read_file(&self.file, &read(&self.file)?, self.member.as_deref(), &by)?;
        let store = open_store(config).await?;
        let plan = plan(&store, terms, SystemClock.now()).await?;
        print(&plan, &self.broad_reason);
        let on_conflict = match (self.keep, self.update) {
            (true, _) => OnConflict::Keep,
            (_, true) => OnConflict::Update,
            _ => OnConflict::Refuse,
        };
        if self.dry_run {
            line("nothing was written");
            return Ok(());
        }
        let saved = match plan.write(&store, on_conflict, &self.broad_reason, &by, SystemClock.now()).await {
            Err(error @ PlanError::Conflicts(_)) => {
                anyhow::bail!("{}: {error}; nothing was imported", self.file.display())
            }
            other => other?,
        };
        let known = plan.rows.len() - saved.added.len() - saved.changed.len();
        line(&format!(
            "{} terms added, {} changed, {known} were there already",
            saved.added.len(),
            saved.changed.len()
        ));
        Ok(())
    }
}

/// Says of each term what is remarkable about it; ordinary new ones are counted.
fn print(plan: &Plan, reason: &str) {
    for row in &plan.rows {
        for remark in remarks(row, reason) {
            line(&format!("line {}: {} {}: {remark}", row.line, row.term.kind, plain(&row.term.text)));
        }
    }
    let new = plan.rows.iter().filter(|row| row.standing == Standing::New).count();
    let (conflicts, broad) = (plan.conflicts().count(), plan.too_broad().count());
    let same = plan.rows.len() - new - conflicts;
    line(&format!("{new} new, {same} there already, {conflicts} there and different, {broad} too broad"));
}

fn remarks(row: &Planned, reason: &str) -> Vec<String> {
    let mut remarks = Vec::new();
    match &row.standing {
        Standing::New => {}
        Standing::Same => remarks.push("there already".to_owned()),
        Standing::Differs(old, what) => {
            remarks.push(format!("there already as term {}, with another {}", old.id, what.join(", ")));
        }
    }
    if !row.others.is_empty() {
        remarks.push(format!("watched for by {} as well, which stays as it is", plain(&row.others.join(", "))));
    }
    if let Some(verdict) = row.verdict.filter(|verdict| verdict.is_too_broad()) {
        let then = if reason.trim().is_empty() { "becomes a draft" } else { "becomes active for the stated reason" };
        remarks.push(format!("{}: it {then}", Verdict::sentence(verdict)));
    }
    remarks
}

/// How an export is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// Comma-separated values.
    Csv,
    /// Tables `[[term]]`.
    Toml,
}

/// Writes terms as a file that can be imported again.
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// How.
    #[arg(long, default_value = "toml")]
    format: Format,
    /// Only terms of this member, by its 統一編號.
    #[arg(long, value_name = "NUMBER")]
    member: Option<String>,
}

impl Export {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<()> {
        let store = open_store(config).await?;
        let numbers: HashMap<i64, String> =
            store.members().await?.into_iter().map(|member| (member.id, member.business_number)).collect();
        let member = match &self.member {
            Some(number) => Some(store.member_by_number(number).await?.id),
            None => None,
        };
        let rows: Vec<_> = store
            .terms(member)
            .await?
            .into_iter()
            .map(|row| (numbers.get(&row.member).cloned().unwrap_or_default(), row))
            .collect();
        let format = match self.format {
            Format::Csv => TermFileFormat::Csv,
            Format::Toml => TermFileFormat::Toml,
        };
        line(write_terms(&rows, format)?.trim_end());
        Ok(())
    }
}
