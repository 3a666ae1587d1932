//! `nightheron demo`: the whole path on embedded defaults.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, bail};
use rand::Rng as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{run::bind, text::line};
use crate::{
    app::{App, library, make_folder, open_store},
    clock::{Clock as _, SystemClock},
    demo::{Forum, configuration, members, narrate, sale},
    lifecycle::stop_on_signal,
    store::{Members as _, SqlStore, Users as _, model::Role},
    web::auth::hash_password,
};

/// Shows the whole path: a leak is posted, found, held, confirmed and told.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Address and port of the pages.
    #[arg(long, default_value = "127.0.0.1:8750")]
    listen: SocketAddr,
    /// An empty or new folder for everything the demonstration writes; one in the system's temporary folder when absent.
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
    /// Seconds until the sale is posted.
    #[arg(long, value_name = "S", default_value_t = 12)]
    sale_after: u64,
}

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let stop = stop_on_signal()?;
    let mut rng = super::system_rng();
    let folder = args
        .dir
        .clone()
        .unwrap_or_else(|| std::env::temp_dir().join(format!("nightheron-demo-{:08x}", rng.next_u32())));
    prepare(&folder)?;
    let listener = bind(args.listen, "choose a free one by `--listen 127.0.0.1:PORT`").await?;
    let page = format!("http://{}", listener.local_addr()?);
    let (forum, forum_at) = serve_forum(&stop).await?;
    let definition = folder.join("demo-forum.yaml");
    let text = format!("{}links: [ \"http://{forum_at}/\" ]\n", include_str!("../demo/forum.yaml"));
    std::fs::write(&definition, text).with_context(|| format!("{} cannot be written", definition.display()))?;
    let config = configuration(&folder, listener.local_addr()?, &definition);
    let mail = folder.join("mail");
    make_folder(&mail)?;
    let store = open_store(&config).await?;
    let password = seed(&store, &mut rng).await?;
    let library = library(&config)?;
    let app = App::build(config, &library, Arc::new(SystemClock), stop.clone(), rng).await?;
    line("Nightheron 夜鷺: a demonstration with invented companies, on this machine alone");
    line(&format!("  the pages:      {page}/   (sign in as `analyst`, password `{password}`)"));
    line(&format!("  a leak forum:   http://{forum_at}/   (watched every 3 seconds)"));
    line(&format!("  everything else in {}", folder.display()));
    line(&format!(
        "in {} seconds somebody offers 2 TB of an applicant's data; Ctrl-C ends the demonstration",
        args.sale_after
    ));
    tokio::spawn(post_sale(forum, Duration::from_secs(args.sale_after), stop.clone()));
    let (store, told) = (Arc::clone(&app.store), stop.clone());
    let narrator = tokio::spawn(async move { narrate(store.as_ref(), &mail, &page, &told, line).await });
    app.run(listener).await?;
    stop.cancel();
    narrator.await.ok();
    line("the demonstration has ended cleanly");
    Ok(ExitCode::SUCCESS)
}

/// The folder must be new, so that nothing of anybody's is touched.
fn prepare(folder: &Path) -> anyhow::Result<()> {
    make_folder(folder)?;
    let mut entries =
        std::fs::read_dir(folder).with_context(|| format!("the folder {} cannot be read", folder.display()))?;
    if entries.next().is_some() {
        bail!("the folder {} is not empty; choose a new one by `--dir FOLDER`", folder.display());
    }
    Ok(())
}

async fn serve_forum(stop: &CancellationToken) -> anyhow::Result<(Forum, SocketAddr)> {
    let forum = Forum::default();
    let now = SystemClock.now();
    for (n, (title, author, text)) in (1_i64..).zip(crate::demo::OLD_POSTS) {
        forum.post(title, author, text, now - jiff::SignedDuration::from_hours(30 - 6 * n));
    }
    let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await.context("no free port for the forum")?;
    let at = listener.local_addr()?;
    let (router, stop) = (forum.router(), stop.clone());
    tokio::spawn(async move {
        axum::serve(listener, router).with_graceful_shutdown(async move { stop.cancelled().await }).await.ok();
    });
    Ok((forum, at))
}

async fn seed(store: &SqlStore, rng: &mut rand::rngs::StdRng) -> anyhow::Result<String> {
    store.import_members(&members(), SystemClock.now()).await?;
    let password = format!("heron-{:012x}", rng.next_u64() & 0xffff_ffff_ffff);
    let hash = hash_password(&password, rng).map_err(anyhow::Error::msg)?;
    store.add_user("analyst", &hash, Role::Admin, "zh-TW").await?;
    Ok(password)
}

async fn post_sale(forum: Forum, after: Duration, stop: CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(after) => {
            let (title, author, text) = sale();
            forum.post(title, author, text, SystemClock.now());
            line(&format!("posted by {author}: {title}"));
        }
    }
}
