//! Writing: one open file at a time, flushed to the disk record by record.

use std::{
    fs::{File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use flate2::{Compression, write::GzEncoder};
use jiff::Timestamp;
use rand::Rng;

use super::{
    CaptureError, Record, RecordKind,
    read::{self, scan},
    record::{link, sha256},
};
use crate::store::model::NewCapture;

/// A file is closed and the next begun at this size in bytes, so that one can be copied or retired.
const MAX_FILE: u64 = 1 << 30;

/// What was fetched, to be archived.
#[derive(Debug, Clone)]
pub struct Captured {
    /// What it is.
    pub kind: RecordKind,
    /// The source it was fetched for.
    pub source: String,
    /// Address after redirects, or a file's.
    pub url: String,
    /// What was asked for, as JSON.
    pub request: String,
    /// HTTP status; 0 for a file.
    pub status: u16,
    /// When the response was complete.
    pub fetched_at: Timestamp,
    /// Status line and headers, with the empty line at their end; nothing for a file.
    pub head: Vec<u8>,
    /// The body as received.
    pub body: Vec<u8>,
}

/// The folder of WARC files of this process; shared by cloning.
#[derive(Debug, Clone)]
pub struct Archive {
    folder: Arc<Path>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    open: Option<(File, String, u64)>,
    chain: String,
}

impl Archive {
    /// Opens a folder, creating it; the chain goes on from its last whole record.
    ///
    /// # Errors
    /// [`CaptureError::Io`] when the folder cannot be used.
    pub fn open(folder: &Path) -> Result<Self, CaptureError> {
        let io = |source| CaptureError::Io { doing: "opening the folder of captures", file: folder.into(), source };
        std::fs::create_dir_all(folder).map_err(io)?;
        let mut chain = String::new();
        for file in read::files(folder)?.into_iter().rev() {
            if let Some((_, last)) = scan(&folder.join(file), 0)?.records.pop() {
                chain = last.chain;
                break;
            }
        }
        let state = State { open: None, chain };
        Ok(Self { folder: folder.into(), state: Arc::new(Mutex::new(state)) })
    }

    /// Where the files lie.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a record and flushes it to the disk; when this returns, the capture survives a power cut.
    /// Blocking: call it where blocking is allowed.
    ///
    /// # Errors
    /// [`CaptureError::Io`], a full disk for example; nothing then refers to what was half written.
    pub fn write(&self, captured: &Captured, rng: &mut impl Rng) -> Result<NewCapture, CaptureError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let block = [&captured.head[..], &captured.body].concat();
        let digest = sha256(&block);
        let record = Record {
            kind: captured.kind,
            id: uuid(rng),
            date: captured.fetched_at,
            source: captured.source.clone(),
            url: captured.url.clone(),
            request: captured.request.clone(),
            chain: link(&state.chain, &digest),
            sha256: digest,
            block,
        };
        let (file, offset, length) = match self.append(&mut state, &record, rng) {
            Ok(place) => place,
            Err(error) => {
                // Whatever was half written stays behind in a file that is not appended to again.
                state.open = None;
                return Err(error);
            }
        };
        state.chain.clone_from(&record.chain);
        Ok(NewCapture {
            id: record.id,
            url: record.url,
            request: record.request,
            status: captured.status,
            fetched_at: record.date,
            file,
            offset,
            length,
            sha256: record.sha256,
            chain: record.chain,
        })
    }

    fn append(
        &self, state: &mut State, record: &Record, rng: &mut impl Rng,
    ) -> Result<(String, u64, u64), CaptureError> {
        let open = match state.open.take().filter(|(_, _, size)| *size < MAX_FILE) {
            Some(open) => open,
            None => self.begin_file(record.date, rng)?,
        };
        let (mut file, name, offset) = open;
        let member = member(&record.to_bytes());
        let io = |source| CaptureError::Io { doing: "writing a capture to", file: self.folder.join(&name), source };
        file.write_all(&member).and_then(|()| file.sync_data()).map_err(io)?;
        let length = member.len() as u64;
        state.open = Some((file, name.clone(), offset + length));
        Ok((name, offset, length))
    }

    /// Begins a file with a `warcinfo` record. The name sorts by time; chance keeps two processes apart.
    fn begin_file(&self, now: Timestamp, rng: &mut impl Rng) -> Result<(File, String, u64), CaptureError> {
        let name = format!("nightheron-{}-{:08x}.warc.gz", now.strftime("%Y%m%d%H%M%S%3f"), rng.next_u32());
        let path = self.folder.join(&name);
        let info = "software: nightheron\r\nformat: WARC File Format 1.1\r\n";
        let head = format!(
            "WARC/1.1\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: <urn:uuid:{}>\r\nWARC-Date: {now}\r\n\
             WARC-Filename: {name}\r\nContent-Type: application/warc-fields\r\nContent-Length: {}\r\n\r\n{info}\r\n\r\n",
            uuid(rng),
            info.len()
        );
        let first = member(head.as_bytes());
        let write = || -> std::io::Result<File> {
            let mut file = OpenOptions::new().create_new(true).append(true).open(&path)?;
            file.write_all(&first)?;
            file.sync_all()?;
            // The folder's entry must survive as well, or the file is lost with its records.
            File::open(&self.folder)?.sync_all()?;
            Ok(file)
        };
        let file = write().map_err(|source| CaptureError::Io { doing: "beginning", file: path.clone(), source })?;
        Ok((file, name, first.len() as u64))
    }

    /// The record at a place that the store knows.
    ///
    /// # Errors
    /// [`CaptureError`] when the file is gone, or the bytes are not the record whose hash the store holds.
    pub fn read(&self, capture: &NewCapture) -> Result<Record, CaptureError> {
        let path: PathBuf = self.folder.join(&capture.file);
        let broken = |reason: &str| CaptureError::Broken {
            file: path.clone(),
            offset: capture.offset,
            reason: reason.to_owned(),
        };
        let record = read::record_at(&path, capture.offset, capture.length)?;
        if record.id != capture.id || sha256(&record.block) != capture.sha256 {
            return Err(broken("the record is not the one whose hash was stored: the file was changed"));
        }
        Ok(record)
    }
}

fn member(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::fast());
    // Writing to memory does not fail.
    encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap_or_default()
}

fn uuid(rng: &mut impl Rng) -> String {
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}
