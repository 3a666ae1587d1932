//! `nightheron site new` and `site record`: a definition to begin with, and pages saved as its fixtures.

use std::{
    fs::OpenOptions,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use ipnet::IpNet;
use nightheron_crawlers::{
    extract::{ReadOutcome, extract},
    guess::{self, Basis},
    net::{Fetch, Response, SourceId},
    walk::{PageKind, PageRequest, ThreadContext},
};
use url::Url;

use super::super::text::{line, plain};
use crate::{
    app::{clear_plane, library, open_tor},
    clock::{Clock as _, SystemClock},
    config::Config,
    pipeline::raw_page,
};

/// Drafts a definition from one page of a site: for a known engine, or from what the page repeats.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct New {
    /// A page of the site: best a listing of threads.
    url: Url,
    /// Identity of the definition: lower-case letters, digits and dashes.
    #[arg(long, default_value = "new-site")]
    id: String,
    /// A new file to write it to; standard output when absent.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Private network that may be read, such as 127.0.0.0/8.
    #[arg(long, value_name = "CIDR")]
    allow_private: Vec<IpNet>,
}

impl New {
    pub(in crate::cli) async fn run(self, mut config: Config) -> anyhow::Result<ExitCode> {
        config.net.allow_private.extend(&self.allow_private);
        let library = library(&config)?;
        let (response, body) = fetch(&self.url, &config).await?;
        let guess = guess::site(&library, &self.id, &raw_page(&response, &body, SystemClock.now()))?;
        match &self.out {
            Some(file) => write_new(file, guess.text.as_bytes())?,
            None => line(guess.text.trim_end()),
        }
        eprint(&match guess.basis {
            Basis::Engine { base, rows } => format!("it looks like {base}: {rows} rows were read from the page"),
            Basis::Structure { rows, thread } => format!(
                "no known engine; drafted from {rows} repeated parts that look like {}: check every selector",
                if thread { "posts" } else { "threads" }
            ),
        });
        Ok(ExitCode::SUCCESS)
    }
}

/// Kinds of pages, as definitions name them.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Boards,
    Listing,
    Thread,
    Posts,
}

impl From<Kind> for PageKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Boards => Self::Boards,
            Kind::Listing => Self::Listing,
            Kind::Thread => Self::Thread,
            Kind::Posts => Self::Posts,
        }
    }
}

/// Saves a page among the fixtures of a definition, and prints the line for its `tests:`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Record {
    /// The definition's file; the page goes to `fixtures/ID/` beside it.
    definition: PathBuf,
    /// The page.
    url: Url,
    /// What kind of page it is.
    #[arg(long)]
    page: Kind,
    /// Name of the new file.
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Private network that may be read, such as 127.0.0.0/8.
    #[arg(long, value_name = "CIDR")]
    allow_private: Vec<IpNet>,
}

impl Record {
    pub(in crate::cli) async fn run(self, mut config: Config) -> anyhow::Result<ExitCode> {
        config.net.allow_private.extend(&self.allow_private);
        let definition = library(&config)?.load_file(&self.definition)?;
        if Path::new(&self.name).file_name().is_none_or(|name| name != self.name.as_str()) {
            bail!("--name `{}`: a file name without a folder is expected", plain(&self.name));
        }
        let (response, body) = fetch(&self.url, &config).await?;
        let folder = self.definition.parent().unwrap_or(Path::new("")).join("fixtures").join(&definition.id);
        std::fs::create_dir_all(&folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        write_new(&folder.join(&self.name), &body)?;
        let kind = PageKind::from(self.page);
        let thread = (kind == PageKind::Thread).then(|| ThreadContext { id: "1".into(), fields: [].into() });
        let request = PageRequest { url: response.url.clone(), kind, page: 1, thread, zone: None };
        let reading = extract(&definition, &request, &raw_page(&response, &body, SystemClock.now()));
        let rows = reading.posts.len() + reading.threads.len();
        let result = match &reading.outcome {
            ReadOutcome::Rows => format!("rows: {rows}"),
            outcome => format!("outcome: {}", outcome_text(outcome)),
        };
        let name = serde_json::to_string(&self.name).unwrap_or_default();
        let page = self.page.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        line(&format!("  - {{ file: {name}, page: {page}, {result} }}"));
        Ok(ExitCode::SUCCESS)
    }
}

fn outcome_text(outcome: &ReadOutcome) -> String {
    match outcome {
        ReadOutcome::Rows => "ok_new".to_owned(),
        ReadOutcome::Empty => "ok_empty".to_owned(),
        ReadOutcome::Gone => "\"blocked(not_found)\"".to_owned(),
        ReadOutcome::Failed(outcome) => serde_json::to_string(&outcome.to_string()).unwrap_or_default(),
    }
}

/// One page, by the plane that its address belongs to.
async fn fetch(url: &Url, config: &Config) -> anyhow::Result<(Response, Vec<u8>)> {
    let (id, limits) = (SourceId::from("one-page"), config.net.limits());
    let session: Box<dyn Fetch> = if url.host_str().is_some_and(|host| host.ends_with(".onion")) {
        Box::new(open_tor(config, &mut super::super::system_rng()).await?.session(&id, limits)?)
    } else {
        Box::new(clear_plane(config).session(&id, limits)?)
    };
    let response = session.fetch(url).await.with_context(|| format!("reading {url}"))?;
    let body = response.decode(session.limits())?;
    Ok((response, body))
}

/// Writes a file that must not be there yet.
fn write_new(file: &Path, text: &[u8]) -> anyhow::Result<()> {
    let mut out = OpenOptions::new().write(true).create_new(true).open(file).with_context(|| {
        format!("{} cannot be written; give the name of a new file in a folder that you may write to", file.display())
    })?;
    Ok(out.write_all(text)?)
}

#[expect(clippy::print_stderr, reason = "what a person reads beside the output")]
fn eprint(text: &str) {
    eprintln!("{}", plain(text));
}
