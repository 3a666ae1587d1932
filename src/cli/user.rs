//! `nightheron user`: who may sign in.

use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
};

use anyhow::Context;
use clap::Subcommand;

use super::text::line;
use crate::{
    app::open_store,
    config::Config,
    store::{Users as _, model::Role},
    web::auth::hash_password,
};

/// Users of the pages.
#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// Adds a user; the password is read from standard input.
    Add {
        /// Name to sign in with.
        name: String,
        /// `admin` or `analyst`.
        #[arg(long, default_value = "admin")]
        role: Role,
        /// Language of the pages: `zh-TW` or `en`.
        #[arg(long, default_value = "zh-TW", value_parser = ["zh-TW", "en"])]
        language: String,
    },
}

impl User {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        let Self::Add { name, role, language } = self;
        if std::io::stdin().is_terminal() {
            write!(std::io::stderr(), "password for {name} (it is shown while you type): ").ok();
        }
        let mut password = String::new();
        std::io::stdin().read_line(&mut password).context("the password cannot be read from standard input")?;
        let hash = hash_password(password.trim_end_matches(['\n', '\r']), &mut super::system_rng())
            .map_err(anyhow::Error::msg)?;
        open_store(config).await?.add_user(&name, &hash, role, &language).await?;
        line(&format!("{name} may sign in"));
        Ok(ExitCode::SUCCESS)
    }
}
