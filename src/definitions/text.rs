//! The texts of the configured definitions, and where they lie.

use std::path::{Path, PathBuf};

use nightheron_crawlers::definition::{Definition, Library};

use crate::config::{Config, SourceSection};

/// The text of a source's definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Its file; `None` when it is part of the program.
    pub file: Option<PathBuf>,
    /// What names it in errors: the path, or the name of the shipped file.
    pub origin: String,
    /// The definition, as YAML.
    pub text: String,
    /// Whether others may extend it by its identity.
    pub shared: bool,
}

/// A definition with its text and its section of the configuration.
pub type Configured<'c> = (Definition, Text, &'c SourceSection);

/// The definitions of the sources that are watched.
///
/// # Errors
/// A file cannot be read, there is no such definition, or the first that is wrong with every problem.
pub fn configured<'c>(config: &'c Config, library: &Library) -> anyhow::Result<Vec<Configured<'c>>> {
    let watched = config.sources.iter().filter(|section| section.enabled);
    let read = watched.map(|section| {
        let text = Text::of(section, config.crawl.sites_dir.as_deref(), library)?;
        Ok((library.parse(&text.text, &text.origin)?, text, section))
    });
    read.collect()
}

impl Text {
    fn of(section: &SourceSection, sites: Option<&Path>, library: &Library) -> anyhow::Result<Self> {
        if let Some(file) = section.file() {
            let text = std::fs::read_to_string(&file).map_err(|error| {
                anyhow::anyhow!("{}: cannot be read: {error}; give the path of a definition", file.display())
            })?;
            return Ok(Self { origin: file.display().to_string(), file: Some(file), text, shared: false });
        }
        let Some((origin, text)) = library.text(&section.definition) else {
            // The library says what there is instead.
            library.get(&section.definition)?;
            anyhow::bail!("there is no definition `{}`", section.definition);
        };
        let path = PathBuf::from(origin);
        // Shipped ones are named without a folder.
        let file = (sites.is_some() && path.parent() == sites).then_some(path);
        Ok(Self { file, origin: origin.to_owned(), text: text.to_owned(), shared: true })
    }
}
