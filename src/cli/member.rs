//! `nightheron member`: the registry.

use std::{path::PathBuf, process::ExitCode};

use clap::Subcommand;

use super::{check::read, text::line};
use crate::{
    app::open_store,
    clock::{Clock as _, SystemClock},
    config::Config,
    members::parse_members,
    store::Members as _,
};

/// Members and applicants.
#[derive(Debug, Subcommand)]
pub(super) enum Member {
    /// Imports application forms: all rows, or none with every bad row named.
    Import {
        /// The file.
        #[arg(value_name = "FILE.csv")]
        file: PathBuf,
    },
    /// Lists members and applicants.
    List,
}

impl Member {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        match self {
            Self::Import { file } => {
                let members = parse_members(&read(&file)?, &file.display().to_string())?;
                open_store(config).await?.import_members(&members, SystemClock.now()).await?;
                line(&format!("imported {} organisations", members.len()));
            }
            Self::List => {
                for member in open_store(config).await?.members().await? {
                    line(&format!("{}\t{}\t{}", member.business_number, member.state, member.name));
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
