//! `nightheron run`: the 24×7 service.

use std::{process::ExitCode, sync::Arc};

use anyhow::Context;
use tokio::net::TcpListener;

use super::text::line;
use crate::{
    app::{App, library},
    clock::SystemClock,
    config::Config,
    lifecycle::stop_on_signal,
};

pub(super) async fn run(config: Config) -> anyhow::Result<ExitCode> {
    let stop = stop_on_signal()?;
    let listen = config.web.listen;
    let listener = bind(listen, "set web.listen in the configuration to a free one").await?;
    let library = library(&config)?;
    let app = App::build(config, &library, Arc::new(SystemClock), stop, super::system_rng()).await?;
    line(&format!(
        "nightheron watches {} sources; the pages are at http://{}/",
        app.sources.len(),
        listener.local_addr()?
    ));
    app.run(listener).await?;
    line("nightheron has ended cleanly");
    Ok(ExitCode::SUCCESS)
}

/// Binds the pages' port, or says what to do.
pub(super) async fn bind(listen: std::net::SocketAddr, remedy: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(listen)
        .await
        .with_context(|| format!("the address {listen} is taken or not this machine's; {remedy}"))
}
