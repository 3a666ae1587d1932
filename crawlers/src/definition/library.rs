//! The definitions at hand: those shipped inside the program, and those of a folder, which win.

mod engines;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{Definition, DefinitionError, Problem, compile::compile, raw::Site};

/// Shipped definitions: file name and text.
const SHIPPED: [(&str, &str); 2] = [
    ("spirit.yaml", include_str!("../../sites/spirit.yaml")),
    ("bepasty.yaml", include_str!("../../sites/bepasty.yaml")),
];

/// `extends` may go this deep: an engine, a variant of it, a site.
const MAX_DEPTH: usize = 8;

/// Texts of definitions by their identity.
#[derive(Debug, Clone)]
pub struct Library {
    texts: BTreeMap<String, (String, String)>,
}

impl Library {
    /// The definitions inside the program.
    ///
    /// # Panics
    /// Never: a test parses each of them.
    #[must_use]
    pub fn shipped() -> Self {
        let mut texts = BTreeMap::new();
        for (file, text) in SHIPPED.into_iter().chain(engines::ENGINES) {
            let id = file.trim_end_matches(".yaml").to_owned();
            texts.insert(id, (file.to_owned(), text.to_owned()));
        }
        Self { texts }
    }

    /// Adds the `*.yaml` files of a folder; one with the identity of a shipped definition takes its place.
    ///
    /// # Errors
    /// The folder or a file cannot be read, or a file is no definition.
    pub fn with_folder(mut self, folder: &Path) -> Result<Self, DefinitionError> {
        let cannot =
            |e: std::io::Error| DefinitionError::whole(&folder.display().to_string(), format!("cannot be read: {e}"));
        let mut files: Vec<PathBuf> = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(cannot)? {
            let path = entry.map_err(cannot)?.path();
            if path.extension().is_some_and(|e| e == "yaml") {
                files.push(path);
            }
        }
        files.sort();
        for file in files {
            let (origin, text) = read(&file)?;
            let site = raw(&origin, &text)?;
            self.texts.insert(site.id.value, (origin, text));
        }
        Ok(self)
    }

    /// The identities at hand.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    /// Where a definition comes from, a path or the name of a shipped file, and its text; `None` without one.
    #[must_use]
    pub fn text(&self, id: &str) -> Option<(&str, &str)> {
        self.texts.get(id).map(|(origin, text)| (origin.as_str(), text.as_str()))
    }

    /// Puts another text in the place of a definition's, for those that extend it as well; without effect when there is
    /// no such definition.
    pub fn put_text(&mut self, id: &str, text: &str) {
        if let Some((_, old)) = self.texts.get_mut(id) {
            text.clone_into(old);
        }
    }

    /// A definition by its identity.
    ///
    /// # Errors
    /// There is none, or it is wrong.
    pub fn get(&self, id: &str) -> Result<Definition, DefinitionError> {
        let Some((origin, text)) = self.texts.get(id) else {
            let known: Vec<_> = self.ids().collect();
            return Err(DefinitionError::whole(
                id,
                format!("there is no such definition; known are {}", known.join(", ")),
            ));
        };
        self.parse(text, origin)
    }

    /// Reads a definition from a file.
    ///
    /// # Errors
    /// The file cannot be read, or is wrong.
    pub fn load_file(&self, file: &Path) -> Result<Definition, DefinitionError> {
        let (origin, text) = read(file)?;
        self.parse(&text, &origin)
    }

    /// Reads a definition from its text; `origin` names it in errors.
    ///
    /// # Errors
    /// Every problem, with its place.
    pub fn parse(&self, text: &str, origin: &str) -> Result<Definition, DefinitionError> {
        let mut layers = vec![(origin.to_owned(), raw(origin, text)?)];
        while let Some(base) = layers.last().and_then(|(_, site)| site.extends.clone()) {
            let (file, _) = &layers[layers.len() - 1];
            let at = |message: String| DefinitionError {
                problems: vec![Problem {
                    file: file.clone(),
                    line: base.referenced.line(),
                    column: base.referenced.column(),
                    message,
                }],
            };
            if layers.iter().any(|(_, site)| site.id.value == base.value) || layers.len() > MAX_DEPTH {
                return Err(at(format!("`extends: {}` leads back to itself; remove it here or there", base.value)));
            }
            let Some((origin, text)) = self.texts.get(&base.value) else {
                let known: Vec<_> = self.ids().collect();
                return Err(at(format!(
                    "there is no definition `{}` to extend; known are {}",
                    base.value,
                    known.join(", ")
                )));
            };
            layers.push((origin.clone(), raw(origin, text)?));
        }
        compile(&layers)
    }
}

fn read(file: &Path) -> Result<(String, String), DefinitionError> {
    let origin = file.display().to_string();
    let text = std::fs::read_to_string(file)
        .map_err(|e| DefinitionError::whole(&origin, format!("cannot be read: {e}; give the path of a definition")))?;
    Ok((origin, text))
}

fn raw(origin: &str, text: &str) -> Result<Site, DefinitionError> {
    serde_saphyr::from_str(text).map_err(|error| {
        let (line, column) = error.location().map_or((0, 0), |l| (l.line(), l.column()));
        let shown = error.to_string();
        // The library draws the lines around the place; the first line says what is wrong.
        let first = shown.lines().next().unwrap_or_default().trim_start_matches("error: ");
        // The place stands before the message already.
        let message = first.strip_prefix(&format!("line {line} column {column}: ")).unwrap_or(first).to_owned();
        DefinitionError { problems: vec![Problem { file: origin.to_owned(), line, column, message }] }
    })
}

#[cfg(test)]
mod tests;
