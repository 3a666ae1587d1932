//! The command line: one subcommand a file.

mod check;
mod demo;
mod member;
mod reextract;
mod run;
mod search;
mod site;
mod term;
mod text;
mod user;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use rand::rngs::StdRng;

use crate::config::{Config, LogFormat};

/// A 24×7 dark-web and leak watch.
#[derive(Debug, Parser)]
#[command(name = "nightheron", version, about, arg_required_else_help = true)]
struct Cli {
    /// Configuration; `nightheron.toml` here when absent.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows the whole path on embedded defaults: a leak forum, members, mail into a folder.
    Demo(demo::Args),
    /// Runs the 24×7 service.
    Run,
    /// Checks configuration, definitions and stored terms.
    Check(check::Args),
    /// Works on site definitions.
    #[command(subcommand)]
    Site(site::Site),
    /// Searches what was captured.
    Search(search::Args),
    /// Builds the search index anew from the store. The service must be stopped.
    Reindex,
    /// Reads archived captures again with the definitions of today. The service must be stopped.
    Reextract(reextract::Args),
    /// Members and applicants.
    #[command(subcommand)]
    Member(member::Member),
    /// Watch terms.
    #[command(subcommand)]
    Term(term::Term),
    /// Users of the pages.
    #[command(subcommand)]
    User(user::User),
}

/// Runs the command line; errors are one chain of sentences on standard error.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let config = match Config::load(cli.config.as_deref()) {
        Ok(config) => config,
        Err(error) => return text::fail(&error.to_string()),
    };
    log(&config);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return text::fail(&format!("the runtime cannot be started: {error}")),
    };
    let done = runtime.block_on(dispatch(cli.command, config));
    // Blocking work that waits for the network is not waited for.
    runtime.shutdown_background();
    match done {
        Ok(code) => code,
        Err(error) => text::fail(&format!("{error:#}")),
    }
}

async fn dispatch(command: Command, config: Config) -> anyhow::Result<ExitCode> {
    match command {
        Command::Demo(args) => demo::run(args).await,
        Command::Run => run::run(config).await,
        Command::Check(args) => check::run(&args, &config).await,
        Command::Site(site) => site.run(config).await,
        Command::Search(args) => search::run(&args, &config),
        Command::Reindex => search::reindex(&config).await,
        Command::Reextract(args) => reextract::run(args, config).await,
        Command::Member(member) => member.run(&config).await,
        Command::Term(term) => term.run(&config).await,
        Command::User(user) => user.run(&config).await,
    }
}

fn log(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log.filter).unwrap_or_else(|_| "info".into());
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false);
    match config.log.format {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().init(),
    }
}

/// Randomness of a real run: from the system.
fn system_rng() -> StdRng {
    rand::make_rng()
}
