//! Wiring: the only file that names every part of the service.

use std::{
    collections::HashMap,
    fs::File,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use anyhow::{Context, bail};
use jiff::SignedDuration;
use nightheron_crawlers::{
    definition::{Library, Via},
    net::{ClearPlane, ClearPolicy, ListenerSecret, TorConfig, TorOptions, TorPlane, TorState},
};
use nightheron_index::{Folding, Index, IndexOptions};
use rand::{Rng as _, SeedableRng, rngs::StdRng};
use tokio::{
    net::TcpListener,
    sync::{Notify, Semaphore},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

use crate::{
    alerts::{Desk, Outbox, Senders, notices::tell_soc, router, senders},
    captures::Archive,
    clock::Clock,
    config::Config,
    definitions::{Book, Configured, Workbench, configured},
    pipeline::{
        self, Agenda, Blindness, DropFolder, HealthBoard, LiveSource, Pipeline, Sessions, SourceSet, WatchList,
        WatchLists, indexer,
    },
    store::{Schedule as _, SqlStore, Store},
    terms::look_back,
    web,
};

/// The service, ready to run: all that can fail on wrong configuration has been done.
pub struct App {
    /// The configuration it was made from.
    pub config: Config,
    /// The store.
    pub store: Arc<dyn Store>,
    /// The search index.
    pub index: Index,
    /// The pipeline.
    pub pipeline: Arc<Pipeline>,
    /// The watched sources.
    pub sources: Arc<SourceSet>,
    /// Their definitions.
    pub workbench: Arc<Workbench>,
    desk: Arc<Desk>,
    senders: Senders,
    tor: Option<Arc<TorPlane>>,
    wake: Wakes,
    rng: StdRng,
    // Held until the end: one process a data folder.
    _lock: File,
}

/// What wakes the loops before their naps end.
#[derive(Clone, Default)]
struct Wakes {
    terms: Arc<Notify>,
    alerts: Arc<Notify>,
    outbox: Arc<Notify>,
    posts: Arc<Notify>,
    look_back: Arc<Notify>,
    reread: Arc<Notify>,
    due: Arc<Notify>,
}

/// The definitions at hand: shipped ones and those of the configured folder.
///
/// # Errors
/// A definition in the folder is wrong.
pub fn library(config: &Config) -> anyhow::Result<Library> {
    let library = Library::shipped();
    Ok(match &config.crawl.sites_dir {
        Some(folder) => library.with_folder(folder)?,
        None => library,
    })
}

/// The options of the index: the folding of the watch terms, so that both find the same.
#[must_use]
pub fn index_options(config: &Config) -> IndexOptions {
    IndexOptions {
        folding: Folding::new(nightheron_watchlists::FOLDING, nightheron_watchlists::fold_char),
        memory_budget_bytes: config.index.memory.bytes,
        ..IndexOptions::default()
    }
}

/// Creates a folder of the service, private to its user.
///
/// # Errors
/// A sentence saying what to do.
pub fn make_folder(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("the folder {} cannot be made; choose one that you may write to", folder.display()))?;
    let probe = folder.join(".writable");
    std::fs::write(&probe, b"")
        .and_then(|()| std::fs::remove_file(&probe))
        .with_context(|| format!("the folder {} cannot be written; choose one that you may write to", folder.display()))
}

/// Opens the store of a configuration.
///
/// # Errors
/// As [`SqlStore::open`], or the data folder cannot be written.
pub async fn open_store(config: &Config) -> anyhow::Result<SqlStore> {
    make_folder(&config.data_dir)?;
    Ok(SqlStore::open(config.store.address()?.expose(), config.store.connections).await?)
}

impl App {
    /// Opens everything: folders, store, archive, index, planes, sources, senders. Must be called inside a runtime.
    ///
    /// # Errors
    /// A chain of sentences for the operator.
    pub async fn build(
        config: Config, library: &Library, clock: Arc<dyn Clock>, stop: CancellationToken, mut rng: StdRng,
    ) -> anyhow::Result<Self> {
        let store = open_store(&config).await?;
        let lock = lock(&config.data_dir)?;
        let owner = owner(&config.data_dir, &mut rng)?;
        let archive = Archive::open(&config.captures_dir())?;
        let index = Index::open(config.index_dir(), index_options(&config))?;
        let health = Arc::new(HealthBoard::default());
        let read = configured(&config, library)?;
        let tor = start_tor(&config, &read, &mut rng).await?;
        let sources = Arc::new(open_sources(&config, &read, tor.as_deref())?);
        let texts = read.into_iter().map(|(definition, text, _)| (definition.id, text)).collect();
        let desk = Arc::new(config.alerts.prepare()?);
        let senders = Senders {
            mail: senders::mail_sender(&config.mail, &config.alerts.organisation)?,
            webhook: Some(Arc::new(senders::WebhookSender::new(
                clear_plane(&config).webhook_client()?,
                clear_policy(&config),
            ))),
        };
        let now = clock.now();
        let folders = pipeline::folders(&config.folders);
        if let Some(id) = folders.keys().find(|id| sources.contains_key(*id)) {
            bail!("a [[folder]] and a [[source]] have the id `{id}`: give the folder another");
        }
        let rows = sources.values().map(LiveSource::row).chain(folders.values().map(DropFolder::row));
        let rows: Vec<_> = rows.collect();
        store.set_sources(&rows, now).await?;
        // What this process held when it died is due again at once, not when the leases end.
        store.release_leases(&owner).await?;
        let terms = WatchLists::new(WatchList::load(&store).await?);
        let sessions = Sessions::new(config.sessions_dir(), &config.credentials);
        for (id, source) in sources.iter() {
            sessions.restore(id, source.session.as_ref());
        }
        let agenda = Agenda::new(&sources, &store.sources().await?, config.crawl.requests_per_minute, now);
        let wake = Wakes::default();
        let store: Arc<dyn Store> = Arc::new(store);
        let book = Book::open(Arc::clone(&store), Arc::clone(&sources), library.clone(), texts, now).await?;
        let workbench = Arc::new(Workbench {
            book: Arc::new(book),
            store: Arc::clone(&store),
            archive: archive.clone(),
            sources: Arc::clone(&sources),
            wake: Arc::clone(&wake.reread),
            working: Semaphore::new(2),
        });
        let pipeline = Arc::new(Pipeline {
            store: Arc::clone(&store),
            archive,
            terms,
            agenda,
            folders,
            sessions,
            clock,
            owner,
            lease: SignedDuration::try_from(config.crawl.lease.0).unwrap_or(SignedDuration::from_mins(5)),
            health,
            alerts: Arc::clone(&wake.alerts),
            posts: Arc::clone(&wake.posts),
            stop,
        });
        Ok(Self { config, store, index, pipeline, sources, workbench, desk, senders, tor, wake, rng, _lock: lock })
    }

    /// Runs until stopped: first what a crash left behind, then everything at once. Returns when the last step in hand
    /// is done.
    ///
    /// # Errors
    /// The listener fails; everything else is retried.
    pub async fn run(mut self, listener: TcpListener) -> anyhow::Result<()> {
        self.recover().await;
        let stop = self.pipeline.stop.clone();
        let mut tasks = JoinSet::new();
        self.spawn_pipeline(&mut tasks);
        self.spawn_alerts(&mut tasks);
        self.spawn_look_back(&mut tasks);
        self.spawn_reread(&mut tasks);
        self.spawn_watchers(&mut tasks);
        let router = web::router(self.web_state());
        let closing = stop.clone();
        let served =
            axum::serve(listener, router).with_graceful_shutdown(async move { closing.cancelled().await }).await;
        stop.cancel();
        while tasks.join_next().await.is_some() {}
        self.store.release_leases(&self.pipeline.owner).await.ok();
        served.context("the pages can no longer be served")
    }

    async fn recover(&self) {
        match pipeline::recover(&self.pipeline, &self.sources).await {
            Ok(found) if found.captures > 0 => {
                tracing::info!(
                    captures = found.captures,
                    posts.new = found.new,
                    "stored captures that a crash had left behind"
                );
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(error = %error, "captures left behind by a crash are looked for at the next start")
            }
        }
    }

    fn spawn_pipeline(&mut self, tasks: &mut JoinSet<()>) {
        let p = &self.pipeline;
        tasks.spawn(pipeline::work(
            Arc::clone(p),
            Arc::clone(&self.sources),
            Arc::clone(&self.desk),
            Arc::clone(&self.wake.due),
            self.config.crawl.workers,
            StdRng::from_rng(&mut self.rng),
        ));
        tasks.spawn(indexer::follow(
            self.index.clone(),
            Arc::clone(&self.store),
            Arc::clone(&p.clock),
            Arc::clone(&p.health),
            Arc::clone(&self.wake.posts),
            p.stop.clone(),
        ));
        let (p, wake) = (Arc::clone(p), Arc::clone(&self.wake.terms));
        tasks.spawn(async move {
            p.terms.follow(p.store.as_ref(), &wake, &p.stop).await;
        });
    }

    fn spawn_alerts(&mut self, tasks: &mut JoinSet<()>) {
        let (p, desk, wake) = (Arc::clone(&self.pipeline), Arc::clone(&self.desk), self.wake.clone());
        let rng = StdRng::from_rng(&mut self.rng);
        tasks.spawn(async move {
            let wakes = (wake.alerts.as_ref(), wake.outbox.as_ref());
            router::run(p.store.as_ref(), &desk, p.clock.as_ref(), &p.owner, rng, wakes, &p.stop).await;
        });
        let outbox = Outbox {
            store: Arc::clone(&self.store),
            desk: Arc::clone(&self.desk),
            senders: self.senders.clone(),
            clock: Arc::clone(&self.pipeline.clock),
            owner: self.pipeline.owner.clone(),
        };
        let (stop, wake, rng) =
            (self.pipeline.stop.clone(), Arc::clone(&self.wake.outbox), StdRng::from_rng(&mut self.rng));
        tasks.spawn(async move { outbox.run(rng, &wake, &stop).await });
    }

    /// Matches newly watched terms against history.
    fn spawn_look_back(&self, tasks: &mut JoinSet<()>) {
        let (p, desk, wake) = (Arc::clone(&self.pipeline), Arc::clone(&self.desk), self.wake.clone());
        tasks.spawn(async move {
            let wakes = (wake.look_back.as_ref(), wake.outbox.as_ref());
            look_back::run(p.store.as_ref(), &desk, p.clock.as_ref(), wakes, &p.stop).await;
        });
    }

    /// Reads captures again after their definition was changed.
    fn spawn_reread(&self, tasks: &mut JoinSet<()>) {
        let (p, sources, wake) = (Arc::clone(&self.pipeline), Arc::clone(&self.sources), Arc::clone(&self.wake.reread));
        tasks.spawn(async move { pipeline::reread(&p, &sources, &wake).await });
    }

    /// Notes every second how the database, Tor and the mail are.
    fn spawn_watchers(&self, tasks: &mut JoinSet<()>) {
        let (p, tor, mail) = (Arc::clone(&self.pipeline), self.tor.clone(), self.senders.mail.is_some());
        let (desk, mut blindness) = (Arc::clone(&self.desk), Blindness::default());
        tasks.spawn(async move {
            while !p.stop.is_cancelled() {
                let now = p.clock.now();
                if let Some(tor) = &tor {
                    let status = tor.status();
                    let state = if status.state == TorState::Ready { Ok(()) } else { Err(status.detail) };
                    p.health.note("tor", state, now);
                    let state = p.health.snapshot().into_iter().find(|part| part.name == "tor");
                    if let Some(news) = state.and_then(|tor| blindness.news(&tor, now)) {
                        tell_soc(p.store.as_ref(), &news, &desk, now).await;
                    }
                }
                p.health.note("database", p.store.probe().await.map_err(|e| e.to_string()), p.clock.now());
                p.health.note("mail", mail_state(p.store.as_ref(), mail).await, now);
                tokio::select! {
                    () = p.stop.cancelled() => {}
                    () = tokio::time::sleep(std::time::Duration::from_secs(1)) => {}
                }
            }
        });
    }

    fn web_state(&mut self) -> web::WebState {
        let ports = Arc::new(crate::ports::Ports {
            index: self.index.clone(),
            sources: Arc::clone(&self.sources),
            pipeline: Arc::clone(&self.pipeline),
        });
        web::WebState {
            store: Arc::clone(&self.store),
            search: ports.clone(),
            evidence: ports.clone(),
            sessions: ports.clone(),
            workbench: Arc::clone(&self.workbench),
            health: ports,
            wake_outbox: Arc::clone(&self.wake.outbox),
            wake_look_back: Arc::clone(&self.wake.look_back),
            clock: Arc::clone(&self.pipeline.clock),
            rng: Arc::new(Mutex::new(StdRng::from_rng(&mut self.rng))),
            secure_cookies: self.config.web.secure_cookies,
            session_hours: i64::from(self.config.web.session_hours),
        }
    }
}

/// Mail is in trouble when the last try of any waiting notice failed.
async fn mail_state(store: &dyn Store, configured: bool) -> Result<(), String> {
    if !configured {
        return Err("mail is not configured: set mail.host or mail.folder; notices wait".to_owned());
    }
    let waiting = store.notices(Some(crate::store::model::NoticeState::Queued), 50, 0).await.unwrap_or_default();
    let failed = waiting.into_iter().find_map(|view| view.notice.last_error);
    failed.map_or(Ok(()), |error| Err(format!("notices wait: {error}")))
}

/// What the clear plane may reach.
fn clear_policy(config: &Config) -> ClearPolicy {
    ClearPolicy { allow_private: config.net.allow_private.clone() }
}

/// The clear plane of a configuration.
#[must_use]
pub fn clear_plane(config: &Config) -> ClearPlane {
    ClearPlane::new(clear_policy(config))
}

/// Starts Tor if any source needs it.
///
/// # Errors
/// The configuration of arti is wrong, or its folders cannot be used.
pub async fn start_tor(
    config: &Config, read: &[Configured<'_>], rng: &mut StdRng,
) -> anyhow::Result<Option<Arc<TorPlane>>> {
    let needed = read.iter().any(|(definition, ..)| definition.via() == Some(Via::Tor));
    if !(needed && config.tor.enabled) {
        return Ok(None);
    }
    Ok(Some(Arc::new(open_tor(config, rng).await?)))
}

/// Starts Tor.
///
/// # Errors
/// As [`start_tor`].
pub async fn open_tor(config: &Config, rng: &mut StdRng) -> anyhow::Result<TorPlane> {
    let directories = || TorConfig::Directories { state: config.tor_state_dir(), cache: config.tor_cache_dir() };
    let from = config.tor.arti_config.clone().map_or_else(directories, TorConfig::File);
    let mut options = TorOptions::new(from);
    options.bootstrap_timeout = config.tor.bootstrap_timeout.0;
    options.connect_timeout = config.net.connect_timeout.0;
    Ok(TorPlane::start(options, ListenerSecret::generate(rng)).await?)
}

/// Opens a session for each of the configured definitions.
///
/// # Errors
/// A definition stands there twice, or has no link.
pub fn open_sources(config: &Config, read: &[Configured<'_>], tor: Option<&TorPlane>) -> anyhow::Result<SourceSet> {
    let (clear, limits) = (clear_plane(config), config.net.limits());
    let mut sources = HashMap::new();
    for (definition, _, section) in read {
        let id = definition.id.clone();
        let mut live = LiveSource::open(definition.clone(), &clear, tor, &limits).map_err(anyhow::Error::msg)?;
        live.max_pages = section.max_pages;
        live.interval = section.max_interval.map(|interval| interval.0);
        if sources.insert(id.clone(), live).is_some() {
            bail!("two sources have the id `{id}`: give one of their definitions another `id`");
        }
    }
    Ok(sources)
}

/// Takes the folder for this process.
fn lock(data_dir: &Path) -> anyhow::Result<File> {
    let path = data_dir.join("lock");
    let file = File::create(&path).with_context(|| format!("the file {} cannot be written", path.display()))?;
    if file.try_lock().is_err() {
        bail!("another nightheron runs on the folder {}; stop it, or set another data_dir", data_dir.display());
    }
    Ok(file)
}

/// The name under which this folder's process holds leases: the same after a restart.
fn owner(data_dir: &Path, rng: &mut StdRng) -> anyhow::Result<String> {
    let path: PathBuf = data_dir.join("owner");
    if let Ok(name) = std::fs::read_to_string(&path)
        && !name.trim().is_empty()
    {
        return Ok(name.trim().to_owned());
    }
    let name = format!("node-{:016x}", rng.next_u64());
    std::fs::write(&path, &name).with_context(|| format!("the file {} cannot be written", path.display()))?;
    Ok(name)
}
