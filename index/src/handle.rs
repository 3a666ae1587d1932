//! The opened index: creating, opening, rebuilding, and how far it has got.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tantivy::directory::error::LockError;
use tantivy::directory::{Directory, DirectoryLock, INDEX_WRITER_LOCK, MmapDirectory};
use tantivy::{IndexReader, ReloadPolicy, TantivyError};

use crate::analyzer;
use crate::error::IndexError;
use crate::fold::Folding;
use crate::payload;
use crate::schema::{self, Fields};
use crate::writer::{MIN_MEMORY_BUDGET_BYTES, Writer};

/// Most writer threads the engine runs.
const MAX_WRITER_THREADS: usize = 8;

/// How an index is made and written.
#[derive(Debug, Clone)]
pub struct IndexOptions {
    /// Folding of indexed and searched text.
    pub folding: Folding,
    /// Memory the writer may fill before it writes a segment, in bytes, over all its threads;
    /// at least [`MIN_MEMORY_BUDGET_BYTES`] a thread, below 4 GiB.
    pub memory_budget_bytes: usize,
    /// Writer threads, 1 to 8.
    pub writer_threads: usize,
}

impl Default for IndexOptions {
    /// The default folding, 64 MiB, one thread.
    fn default() -> Self {
        IndexOptions { folding: Folding::default(), memory_budget_bytes: 64 << 20, writer_threads: 1 }
    }
}

impl IndexOptions {
    fn validate(&self) -> Result<(), IndexError> {
        if !(1..=MAX_WRITER_THREADS).contains(&self.writer_threads) {
            return Err(IndexError::Option {
                option: "writer_threads",
                value: self.writer_threads,
                expected: "1 to 8",
            });
        }
        let per_thread = self.memory_budget_bytes / self.writer_threads;
        if per_thread < MIN_MEMORY_BUDGET_BYTES || self.memory_budget_bytes > 0xF000_0000 {
            return Err(IndexError::Option {
                option: "memory_budget_bytes",
                value: self.memory_budget_bytes,
                expected: "at least 15 MB a writer thread and less than 4 GB",
            });
        }
        Ok(())
    }
}

/// An opened search index. Cloning is cheap; clones share the reader and the checkpoint.
#[derive(Clone)]
pub struct Index {
    pub(crate) engine: tantivy::Index,
    pub(crate) reader: IndexReader,
    pub(crate) fields: Fields,
    pub(crate) options: IndexOptions,
    pub(crate) dir: PathBuf,
    pub(crate) checkpoint: Arc<AtomicU64>,
}

impl Index {
    /// Opens the index in `dir`, creating the folder and an empty index where there is none.
    ///
    /// # Errors
    /// [`IndexError::Unusable`] when the files are damaged or were made with another schema, format or
    /// folding; [`IndexError::Option`], [`IndexError::Io`], [`IndexError::Locked`].
    pub fn open(dir: impl AsRef<Path>, options: IndexOptions) -> Result<Index, IndexError> {
        let dir = dir.as_ref();
        options.validate()?;
        fs::create_dir_all(dir).map_err(|error| IndexError::io("creating", dir, error))?;
        let failed = |error: TantivyError| IndexError::engine("opening", dir, error);
        let directory = MmapDirectory::open(dir).map_err(|error| failed(error.into()))?;
        let (schema, fields) = schema::schema();
        let exists = tantivy::Index::exists(&directory).map_err(|error| failed(error.into()))?;
        // Two processes creating at once must not overwrite each other's first commit.
        let lock = match exists {
            true => None,
            false => Some(lock(&directory, dir)?),
        };
        let engine = tantivy::Index::builder()
            .schema(schema)
            .tokenizers(analyzer::tokenizers(&options.folding))
            .open_or_create(directory)
            .map_err(failed)?;
        drop(lock);
        let reader = engine.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(failed)?;
        let index =
            Index { engine, reader, fields, options, dir: dir.to_owned(), checkpoint: Arc::new(AtomicU64::new(0)) };
        index.read_checkpoint()?;
        Ok(index)
    }

    /// Deletes the index in `dir` and nothing else that may be in the folder.
    ///
    /// # Errors
    /// [`IndexError::Locked`] while somebody writes to it; [`IndexError::Io`].
    pub fn destroy(dir: impl AsRef<Path>) -> Result<(), IndexError> {
        let dir = dir.as_ref();
        if !dir.exists() {
            return Ok(());
        }
        let failed = |error| IndexError::io("deleting", dir, error);
        let directory = MmapDirectory::open(dir).map_err(|error| IndexError::engine("deleting", dir, error.into()))?;
        let _lock = lock(&directory, dir)?;
        // The metadata goes first: what is left after a crash half-way is an empty index, not a
        // damaged one.
        for name in ["meta.json", ".managed.json"] {
            match fs::remove_file(dir.join(name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(failed(error));
                }
                _ => {}
            }
        }
        for entry in fs::read_dir(dir).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if is_segment_file(&path) {
                fs::remove_file(&path).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Deletes what is in `dir` and opens an empty index there, its checkpoint 0.
    ///
    /// # Errors
    /// Those of [`Index::destroy`] and [`Index::open`].
    pub fn recreate(dir: impl AsRef<Path>, options: IndexOptions) -> Result<Index, IndexError> {
        options.validate()?;
        Index::destroy(dir.as_ref())?;
        Index::open(dir, options)
    }

    /// Opens the one writer.
    ///
    /// # Errors
    /// [`IndexError::Locked`] when there is a writer already, here or in another process.
    pub fn writer(&self) -> Result<Writer, IndexError> {
        Writer::open(self)
    }

    /// Sequence number up to which documents are published, 0 before the first commit.
    pub fn checkpoint(&self) -> u64 {
        self.checkpoint.load(Ordering::Acquire)
    }

    /// Number of posts that can be found.
    pub fn documents(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// Makes the commits of another process visible; this process's own are visible at once.
    ///
    /// # Errors
    /// [`IndexError::Unusable`] when the other process rebuilt it differently or left it damaged.
    pub fn refresh(&self) -> Result<(), IndexError> {
        self.reader.reload().map_err(|error| IndexError::engine("reading", &self.dir, error))?;
        self.read_checkpoint()
    }

    /// Reads every file and compares its checksum; takes as long as reading the whole index.
    ///
    /// # Errors
    /// [`IndexError::Unusable`] naming the damaged files.
    pub fn verify(&self) -> Result<(), IndexError> {
        let damaged =
            self.engine.validate_checksum().map_err(|error| IndexError::engine("verifying", &self.dir, error))?;
        if damaged.is_empty() {
            return Ok(());
        }
        let mut names: Vec<_> = damaged.iter().map(|path| path.display().to_string()).collect();
        names.sort();
        Err(IndexError::unusable(&self.dir, format!("damaged files: {}", names.join(", "))))
    }

    fn read_checkpoint(&self) -> Result<(), IndexError> {
        let meta = self.engine.load_metas().map_err(|error| IndexError::engine("reading", &self.dir, error))?;
        let checkpoint = payload::checkpoint(&meta, self.options.folding.name())
            .map_err(|reason| IndexError::unusable(&self.dir, reason))?;
        self.checkpoint.store(checkpoint, Ordering::Release);
        Ok(())
    }
}

fn lock(directory: &MmapDirectory, dir: &Path) -> Result<DirectoryLock, IndexError> {
    directory
        .acquire_lock(&INDEX_WRITER_LOCK)
        .map_err(|error: LockError| IndexError::engine("locking", dir, TantivyError::LockFailure(error, None)))
}

/// The engine names a segment's files by 32 hexadecimal digits, a dot and an extension.
fn is_segment_file(path: &Path) -> bool {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    path.extension().is_some()
        && stem.is_some_and(|stem| {
            let id = stem.split('.').next().unwrap_or_default();
            id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
}
