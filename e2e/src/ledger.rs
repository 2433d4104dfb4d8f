//! The load client's own record of what it was told, on a file system of its own, fsynced.
//!
//! A line is `seq status eventId`; status 0 is *no answer*. What is not in the ledger was never counted.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// What became of one request, as its sender saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Number of the event, from which its body follows.
    pub seq: u64,
    /// The HTTP status, or 0 where no answer came after the request was (partly) written.
    pub status: u16,
    /// The `eventId` of a 200.
    pub event_id: Option<String>,
}

/// Appends entries.
pub struct Writer(File);

impl Writer {
    /// Opens the ledger for appending; makes it if it is missing.
    pub fn open(path: &Path) -> io::Result<Self> {
        OpenOptions::new().create(true).append(true).open(path).map(Self)
    }

    /// Appends the entries and returns when they are on the disk.
    pub fn append(&mut self, entries: &[Entry]) -> io::Result<()> {
        let mut text = String::with_capacity(entries.len() * 56);
        for entry in entries {
            let id = entry.event_id.as_deref().unwrap_or("-");
            text.push_str(&format!("{} {} {id}\n", entry.seq, entry.status));
        }
        self.0.write_all(text.as_bytes())?;
        self.0.sync_data()
    }
}

/// All whole entries of a ledger, in the order in which they were known. A missing ledger is an empty one; a last
/// line without its end (the writer was killed) was never counted and is left out.
pub fn read(path: &Path) -> io::Result<Vec<Entry>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut reader = BufReader::new(file);
    let mut entries = Vec::new();
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 && line.ends_with('\n') {
        entries.push(
            parse(line.trim_end()).ok_or_else(|| io::Error::other(format!("bad ledger line: {line}")))?,
        );
        line.clear();
    }
    Ok(entries)
}

/// Follows a growing ledger: how many requests it knows so far.
pub struct Counter {
    path: PathBuf,
    read: u64,
    lines: u64,
}

impl Counter {
    /// Follows the ledger at this path, which may not be there yet.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), read: 0, lines: 0 }
    }

    /// The number of whole lines by now.
    pub fn count(&mut self) -> io::Result<u64> {
        let Ok(mut file) = File::open(&self.path) else { return Ok(0) };
        file.seek(SeekFrom::Start(self.read))?;
        let mut new = Vec::new();
        self.read += file.read_to_end(&mut new)? as u64;
        self.lines += new.iter().filter(|byte| **byte == b'\n').count() as u64;
        Ok(self.lines)
    }
}

fn parse(line: &str) -> Option<Entry> {
    let mut parts = line.split(' ');
    let seq = parts.next()?.parse().ok()?;
    let status = parts.next()?.parse().ok()?;
    let event_id = parts.next().filter(|id| *id != "-").map(str::to_owned);
    Some(Entry { seq, status, event_id })
}
