//! `nightheron check`: configuration, definitions and stored terms, before anything is started.

use std::{collections::HashMap, path::Path, process::ExitCode};

use anyhow::Context as _;
use nightheron_crawlers::definition::Library;

use super::text::line;
use crate::{
    alerts::senders::mail_sender,
    app::{library, open_store},
    config::{Config, FolderSection},
    definitions::configured,
    members::parse_members,
    pipeline::WatchList,
    terms::read_file,
};

/// Checks configuration, definitions and stored terms.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A list of members to check without importing it.
    #[arg(long, value_name = "FILE.csv")]
    members: Option<std::path::PathBuf>,
    /// A list of terms to check without importing it.
    #[arg(long, value_name = "FILE")]
    terms: Option<std::path::PathBuf>,
}

pub(super) async fn run(args: &Args, config: &Config) -> anyhow::Result<ExitCode> {
    config.alerts.prepare()?;
    mail_sender(&config.mail, &config.alerts.organisation)?;
    line("configuration: as it should be");
    let library: Library = library(config)?;
    for id in library.ids() {
        library.get(id)?;
    }
    line(&format!("definitions at hand: {}", library.ids().collect::<Vec<_>>().join(", ")));
    for (definition, ..) in configured(config, &library)? {
        if definition.links.is_empty() {
            anyhow::bail!("{}: it has no links; add `links: [ \"http://…/\" ]` to its definition", definition.id);
        }
        line(&format!("source {}: {} links", definition.id, definition.links.len()));
    }
    let watched: Vec<_> = configured(config, &library)?.into_iter().map(|(definition, ..)| definition.id).collect();
    for folder in check_folders(&config.folders, &watched)? {
        line(&folder);
    }
    if let Some(file) = &args.members {
        line(&format!(
            "{}: {} organisations",
            file.display(),
            parse_members(&read(file)?, &file.display().to_string())?.len()
        ));
    }
    if let Some(file) = &args.terms {
        line(&format!("{}: {} terms", file.display(), read_file(file, &read(file)?, None, "")?.len()));
    }
    let store = open_store(config).await?;
    let list = WatchList::load(&store).await?;
    line(&format!("stored terms in force: {}", list.len()));
    Ok(ExitCode::SUCCESS)
}

/// A line for each drop folder that is read.
fn check_folders(folders: &[FolderSection], watched: &[String]) -> anyhow::Result<Vec<String>> {
    let (mut lines, mut seen) = (Vec::new(), HashMap::new());
    for FolderSection { id, path, .. } in folders.iter().filter(|folder| folder.enabled) {
        anyhow::ensure!(
            !watched.contains(id),
            "a [[folder]] and a [[source]] have the id `{id}`: give the folder another"
        );
        let shown = path.display();
        let about = std::fs::metadata(path);
        let about = about
            .with_context(|| format!("the folder {shown} of `{id}` is not there; make it, or set another path"))?;
        anyhow::ensure!(
            about.is_dir(),
            "{shown} of the folder `{id}` is a file; set the path of the folder that it is in"
        );
        std::fs::read_dir(path).with_context(|| {
            format!("the folder {shown} of `{id}` cannot be read; let the service's user read and enter it")
        })?;
        // The same folder may be written in two ways, through a link for example.
        if let Some(other) = seen.insert(std::fs::canonicalize(path)?, id) {
            anyhow::bail!("`{other}` and `{id}` are the same folder, {shown}: remove one of the two");
        }
        lines.push(format!("folder {id}: {shown}"));
    }
    Ok(lines)
}

/// Reads a file that the operator named.
pub(super) fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_that_cannot_be_read_are_told_before_anything_starts() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("drop")).unwrap();
        std::fs::write(folder.path().join("file"), "x").unwrap();
        std::os::unix::fs::symlink(folder.path().join("drop"), folder.path().join("again")).unwrap();
        let said = |all: &[(&str, &str)]| {
            let section = |(id, name): &(&str, &str)| {
                let path = folder.path().join(name).display().to_string();
                toml::from_str::<FolderSection>(&format!("id = \"{id}\"\npath = \"{path}\"")).unwrap()
            };
            let sections: Vec<_> = all.iter().map(section).collect();
            check_folders(&sections, &["spirit".to_owned()]).map_err(|error| error.to_string())
        };
        assert!(said(&[("a", "drop")]).unwrap()[0].starts_with("folder a: "));
        for (folders, told) in [
            (&[("a", "none")][..], "is not there; make it"),
            (&[("a", "file")], "is a file"),
            (&[("spirit", "drop")], "a [[folder]] and a [[source]] have the id `spirit`"),
            (&[("a", "drop"), ("b", "again")], "`a` and `b` are the same folder"),
        ] {
            let said = said(folders).unwrap_err();
            assert!(said.contains(told), "{said}");
        }
    }
}
