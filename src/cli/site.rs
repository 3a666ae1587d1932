//! `nightheron site`: definitions at work.

mod member;
mod moves;
mod new;
mod repair;

use std::{
    cell::RefCell,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::Context;
use clap::Subcommand;
use ipnet::IpNet;
use nightheron_crawlers::{
    definition::{Definition, Via},
    extract::Post,
    fixtures::run_fixtures,
    walk::{Mode, Seen, Summary, Walk},
};
use rand::rngs::StdRng;
use serde_json::json;

use self::member::{Member, gap};
use super::text::{line, plain};
use crate::{
    app::{clear_plane, library, open_tor},
    clock::{Clock as _, SystemClock},
    config::Config,
    pipeline::{LiveSource, fetch_failure, raw_page},
};

/// Works on site definitions.
#[derive(Debug, Subcommand)]
pub(super) enum Site {
    /// Fetches a site and prints every post it holds, and how it ended.
    Preview(Preview),
    /// Drafts a definition from one page of a site.
    New(new::New),
    /// Saves a page as a fixture of a definition.
    Record(new::Record),
    /// Lists the sites that say that they have moved, and decides about them.
    Moves {
        /// What to decide; without it, the proposals are listed.
        #[command(subcommand)]
        decision: Option<moves::Decision>,
    },
    /// Proposes what would read a broken source again.
    Repair(repair::Repair),
    /// Runs the fixtures of definitions; of all shipped ones without a file.
    Test {
        /// Definitions, with their fixtures in `fixtures/ID/` beside them.
        files: Vec<PathBuf>,
    },
}

/// Fetches a site and prints its posts.
#[derive(Debug, clap::Args)]
pub(super) struct Preview {
    /// The definition's file, or the identity of a shipped one.
    definition: String,
    /// One JSON object a line, the last one the outcome.
    #[arg(long)]
    json: bool,
    /// Address to read instead of the definition's links.
    #[arg(long, value_name = "URL")]
    link: Option<url::Url>,
    /// Read this many pages at most; everything when absent.
    #[arg(long, value_name = "N")]
    max_pages: Option<u32>,
    /// Private network that may be read, such as 127.0.0.0/8.
    #[arg(long, value_name = "CIDR")]
    allow_private: Vec<IpNet>,
    /// Wait between two requests instead of the definition's gap, in milliseconds.
    #[arg(long, value_name = "MS")]
    gap: Option<u64>,
    /// Log in with this [[credential]] of the configuration instead of the one that the definition names.
    #[arg(long, value_name = "NAME")]
    credential: Option<String>,
}

impl Site {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<ExitCode> {
        match self {
            Self::Preview(args) => args.run(config).await,
            Self::New(args) => args.run(config).await,
            Self::Record(args) => args.run(config).await,
            Self::Moves { decision } => moves::run(decision, config).await,
            Self::Repair(args) => args.run(config).await,
            Self::Test { files } => test(&files, &config),
        }
    }
}

impl Preview {
    async fn run(self, mut config: Config) -> anyhow::Result<ExitCode> {
        config.net.allow_private.extend(&self.allow_private);
        let library = library(&config)?;
        let file = Path::new(&self.definition);
        let mut definition = if file.exists() || self.definition.contains(['/', '.']) {
            library.load_file(file)?
        } else {
            library.get(&self.definition)?
        };
        if let Some(link) = &self.link {
            definition.links = vec![link.clone()];
        }
        if let Some(gap) = self.gap {
            definition.network.gap = std::time::Duration::from_millis(gap);
        }
        let mut rng = super::system_rng();
        let tor = match definition.via() {
            Some(Via::Tor) => Some(open_tor(&config, &mut rng).await?),
            _ => None,
        };
        let source = LiveSource::open(definition, &clear_plane(&config), tor.as_ref(), &config.net.limits())
            .map_err(anyhow::Error::msg)?;
        let definition = source.definition();
        let link = definition.links.first().context("the definition has no links; give one by --link")?;
        let walk = Walk::new(Arc::clone(&definition), link, Mode::Everything, Seen::new(), self.max_pages);
        let member = Member::of(&config, &source, self.credential.as_deref())?;
        self.read(&source, walk, rng, member).await
    }

    async fn read(
        &self, source: &LiveSource, mut walk: Walk, rng: StdRng, mut member: Member,
    ) -> anyhow::Result<ExitCode> {
        let (mut first, rng) = (true, RefCell::new(rng));
        while let Some(request) = walk.next_request() {
            if !std::mem::take(&mut first) {
                tokio::time::sleep(gap(source, &rng)).await;
            }
            let fetched = source.session.fetch(&request.url).await;
            let decoded =
                fetched.and_then(|response| response.decode(source.session.limits()).map(|body| (response, body)));
            match decoded {
                Ok((response, body)) => {
                    for post in walk.read(&request, &raw_page(&response, &body, SystemClock.now())).posts {
                        self.show(&post);
                    }
                    member.let_in(source, &mut walk, &rng).await;
                }
                Err(error) => {
                    tracing::warn!(page = %request.url, error = %error, "a page did not come");
                    walk.failed(&request, fetch_failure(&error));
                }
            }
        }
        let summary = walk.summary();
        member.at_the_end(source, &summary.outcome);
        self.ended(&summary, member.said);
        Ok(if summary.outcome.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn ended(&self, summary: &Summary, login: Option<String>) {
        if self.json {
            let mut last =
                json!({"outcome": summary.outcome.to_string(), "posts": summary.posts, "pages": summary.pages});
            if let Some(login) = login {
                last["login"] = login.into();
            }
            line(&last.to_string());
            return;
        }
        if let Some(login) = login {
            line(&plain(&login));
        }
        line(&format!("{}: {} posts on {} pages", summary.outcome, summary.posts, summary.pages));
    }

    fn show(&self, post: &Post) {
        if self.json {
            let post = json!({
                "post_id": post.post_id, "thread_id": post.thread_id, "url": post.url, "author": post.author,
                "posted_at": post.posted_at.map(|t| t.to_string()), "title": post.title, "body": post.body,
            });
            line(&post.to_string());
            return;
        }
        let author = post.author.as_deref().unwrap_or("–");
        let at = post.posted_at.map_or_else(|| "–".to_owned(), |t| t.to_string());
        line(&format!("{}  {}  {}  {}", plain(&post.post_id), at, plain(author), plain(&post.title)));
        let start: String = plain(&post.body).chars().take(160).collect();
        line(&format!("    {start}"));
    }
}

fn test(files: &[PathBuf], config: &Config) -> anyhow::Result<ExitCode> {
    let library = library(config)?;
    let mut failed = 0;
    for file in files {
        let definition = library.load_file(file)?;
        let folder = file.parent().unwrap_or(Path::new("")).join("fixtures").join(&definition.id);
        failed += report(&definition, &folder);
    }
    if files.is_empty() {
        for id in library.ids() {
            let definition = library.get(id)?;
            // Fixtures travel with the source code, not inside the program.
            let folders = ["crawlers/sites/fixtures", "crawlers/sites/engines/fixtures"].map(|f| Path::new(f).join(id));
            if let Some(folder) = folders.into_iter().find(|folder| folder.exists()) {
                failed += report(&definition, &folder);
            } else {
                line(&format!("{id}: parsed; run this in a checkout to read its {} fixtures", definition.tests.len()));
            }
        }
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn report(definition: &Definition, folder: &Path) -> usize {
    let results = run_fixtures(definition, folder);
    if results.is_empty() {
        line(&format!("{}: no fixtures; add `tests:` with saved pages", definition.id));
    }
    let mut failed = 0;
    for result in results {
        if result.failures.is_empty() {
            line(&format!("{}: {}: ok", definition.id, result.file));
        }
        for failure in &result.failures {
            failed += 1;
            line(&format!("{}: {}: {}", definition.id, result.file, plain(failure)));
        }
    }
    failed
}
