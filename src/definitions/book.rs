//! The texts in use, and the one way to change them.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use nightheron_crawlers::definition::{Definition, Library};

use super::{BookError, Text, file};
use crate::{
    faults,
    pipeline::{SourceSet, row},
    store::{self, Store, StoreError, model::Revision},
};

/// Under this name the history holds what was found changed at a start.
const FILE: &str = "file";

/// The definitions of all watched sources, with their texts.
pub struct Book {
    store: Arc<dyn Store>,
    sources: Arc<SourceSet>,
    state: Mutex<State>,
    /// One change at a time.
    changing: tokio::sync::Mutex<()>,
}

struct State {
    library: Library,
    entries: HashMap<String, Entry>,
}

#[derive(Clone)]
struct Entry {
    text: Text,
    number: i64,
}

/// A text in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Current {
    /// The definition, as YAML.
    pub text: String,
    /// Its number in the history.
    pub number: i64,
    /// Its file; `None` when it is part of the program and cannot be changed.
    pub file: Option<PathBuf>,
    /// What names it in errors.
    pub origin: String,
}

/// What a change came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    /// Number of the text in the history.
    pub number: i64,
    /// Whether its schedule or network limits differ: they hold wholly from the next start on.
    pub more_after_restart: bool,
}

impl Book {
    /// Opens the book on the texts that were read at start. A text that differs from the newest of the history joins it
    /// under the name `file`: it was changed while the service did not run, or a crash came between file and history.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn open(
        store: Arc<dyn Store>, sources: Arc<SourceSet>, library: Library, texts: Vec<(String, Text)>, now: Timestamp,
    ) -> store::Result<Self> {
        let mut known = store.definitions().await?;
        let (mut entries, mut found) = (HashMap::new(), Vec::new());
        for (source, text) in texts {
            let last = known.remove(&source);
            let same = last.as_ref().is_some_and(|last| last.text == text.text);
            let number = last.map_or(0, |last| last.number) + i64::from(!same);
            if let Some(live) = sources.get(&source).filter(|_| !same) {
                let by = FILE.to_owned();
                let (source, text) = (source.clone(), text.text.clone());
                found.push((live.row(), Revision { source, number, at: now, by, reason: String::new(), text }));
            }
            entries.insert(source, Entry { text, number });
        }
        store.add_definitions(&found).await?;
        let state = Mutex::new(State { library, entries });
        Ok(Self { store, sources, state, changing: tokio::sync::Mutex::default() })
    }

    /// The text that a source is read with; `None` when the source is not watched here.
    #[must_use]
    pub fn current(&self, source: &str) -> Option<Current> {
        let Entry { text, number } = self.state().entries.get(source)?.clone();
        Some(Current { text: text.text, number, file: text.file, origin: text.origin })
    }

    /// The definitions that others may extend, as of now.
    #[must_use]
    pub fn library(&self) -> Library {
        self.state().library.clone()
    }

    /// Reads a text as the definition of a source, and changes nothing.
    ///
    /// # Errors
    /// Every problem with its place: also one of another source or network than it is watched on.
    pub fn parse(&self, source: &str, text: &str) -> Result<Definition, BookError> {
        let (entry, library) = self.entry(source)?;
        let live = self.sources.get(source).ok_or_else(|| BookError::Unknown(source.to_owned()))?;
        let origin = &entry.text.origin;
        let definition = with_text(&entry, library, source, text).parse(text, origin)?;
        if definition.id != source {
            let message =
                format!("the source is `{source}`, and its posts are kept under that name; give it that `id`");
            return Err(BookError::at_key(origin, text, "id", message));
        }
        if definition.via() != live.definition().via() {
            let message = "a source is read through Tor or over the clear net, and its links may not lead it to the \
                           other while it is watched; write another definition with an `id` of its own";
            return Err(BookError::at_key(origin, text, "links", message.to_owned()));
        }
        Ok(definition)
    }

    /// Changes a definition: checked whole, written to its file, kept in the history, and in use from the next visit on.
    ///
    /// # Errors
    /// [`BookError`]: the old text is in use as before.
    pub async fn change(
        &self, source: &str, text: &str, by: &str, reason: &str, now: Timestamp,
    ) -> Result<Changed, BookError> {
        self.change_from(None, source, text, by, reason, now).await
    }

    /// The same for a text that was made from a certain one: what somebody else changed meanwhile is not overwritten.
    ///
    /// # Errors
    /// As [`Book::change`], and [`BookError::Meanwhile`].
    pub async fn change_from(
        &self, number: Option<i64>, source: &str, text: &str, by: &str, reason: &str, now: Timestamp,
    ) -> Result<Changed, BookError> {
        let _one = self.changing.lock().await;
        let (entry, library) = self.entry(source)?;
        let old = self.sources.get(source).map(|live| live.definition());
        let file = self.may_change(&entry, number, source, text, reason)?;
        let definition = self.parse(source, text)?;
        let more_after_restart =
            old.is_some_and(|old| old.network != definition.network || old.schedule != definition.schedule);
        let library = with_text(&entry, library, source, text);
        let others = if entry.text.shared { self.extending(source, &library)? } else { vec![] };
        write(&file, &entry.text.text, text).await?;
        faults::point("after_definition_file");
        let number = entry.number + 1;
        let (by, reason) = (by.to_owned(), reason.trim().to_owned());
        let revision = Revision { source: source.to_owned(), number, at: now, by, reason, text: text.to_owned() };
        if let Err(error) = self.store.add_definitions(&[(row(&definition), revision)]).await {
            // What the history does not know is not in use; when this fails as well, the next start mends it.
            write(&file, text, &entry.text.text).await.ok();
            return Err(refused(source, number, error));
        }
        tracing::info!(source.id = source, definition.number = number, "a definition was changed");
        self.take(source, text, number, library);
        for definition in std::iter::once(definition).chain(others) {
            if let Some(live) = self.sources.get(&definition.id) {
                live.take(definition);
            }
        }
        Ok(Changed { number, more_after_restart })
    }

    /// The file to change, when nothing stands against it.
    fn may_change(
        &self, entry: &Entry, number: Option<i64>, source: &str, text: &str, reason: &str,
    ) -> Result<PathBuf, BookError> {
        let Some(file) = entry.text.file.clone() else { return Err(BookError::Shipped(source.to_owned())) };
        if number.is_some_and(|number| number != entry.number) {
            return Err(BookError::Meanwhile(source.to_owned(), entry.number));
        }
        if reason.trim().is_empty() {
            return Err(BookError::Reason(source.to_owned()));
        }
        if text == entry.text.text {
            return Err(BookError::Same(source.to_owned()));
        }
        Ok(file)
    }

    /// The definitions of other sources, when one that they may extend is changed.
    fn extending(&self, changed: &str, library: &Library) -> Result<Vec<Definition>, BookError> {
        let entries = self.state().entries.clone();
        let others =
            entries.into_iter().filter(|(source, entry)| source != changed && entry.text.text.contains("extends"));
        let read = others.map(|(source, Entry { text, .. })| {
            library.parse(&text.text, &text.origin).map_err(|error| BookError::Extended(source, error))
        });
        read.collect()
    }

    fn take(&self, source: &str, text: &str, number: i64, library: Library) {
        let mut state = self.state();
        state.library = library;
        if let Some(entry) = state.entries.get_mut(source) {
            entry.number = number;
            text.clone_into(&mut entry.text.text);
        }
    }

    fn entry(&self, source: &str) -> Result<(Entry, Library), BookError> {
        let state = self.state();
        let entry = state.entries.get(source).ok_or_else(|| BookError::Unknown(source.to_owned()))?;
        Ok((entry.clone(), state.library.clone()))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn with_text(entry: &Entry, mut library: Library, source: &str, text: &str) -> Library {
    if entry.text.shared {
        library.put_text(source, text);
    }
    library
}

/// Writes a file that still holds what it is believed to hold.
async fn write(path: &std::path::Path, held: &str, text: &str) -> Result<(), BookError> {
    let (path, held, text) = (path.to_owned(), held.to_owned(), text.to_owned());
    let failed = |file: PathBuf| move |source| BookError::Io { file, source };
    let written = tokio::task::spawn_blocking(move || {
        let there = std::fs::read(&path).map_err(failed(path.clone()))?;
        if there != held.as_bytes() {
            return Err(BookError::OnDisk(path));
        }
        file::replace(&path, &text).map_err(failed(path.clone()))
    });
    written.await.unwrap_or_else(|error| Err(failed(PathBuf::new())(std::io::Error::other(error))))
}

fn refused(source: &str, number: i64, error: StoreError) -> BookError {
    match error {
        StoreError::Conflict { .. } => BookError::Meanwhile(source.to_owned(), number),
        error => error.into(),
    }
}
