//! One process at a time, and whether the last one left in order.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::disk;
use super::failure::io_error;
use crate::LogError;

/// What the file says while the log is open, before the id of the machine's boot.
const OPEN: &str = "open ";
/// What it says after a close in order.
const CLEAN: &str = "clean\n";
/// Differs after each start of the machine (Linux).
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// The file `<log>.lock`: locked while the log is open, gone with the process however that ends. Its text
/// says whether the log was closed in order, and so which other files must be there.
pub(super) struct Lock {
    file: File,
    path: PathBuf,
}

/// How the log was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LeftBehind {
    /// There was no log.
    Nothing,
    /// Closed in order: everything is in the main file.
    Clean,
    /// The process ended without closing: what was acknowledged last is in the write-ahead log.
    Unclean {
        /// Whether the machine runs on since: then what was written is there, synced or not.
        same_boot: bool,
    },
}

/// A log that was just closed can stay locked for a moment: a child process that is being started holds its
/// parent's files until it becomes another program.
const PATIENCE: Duration = Duration::from_secs(1);
const AGAIN: Duration = Duration::from_millis(10);

impl Lock {
    /// Takes the lock.
    pub(super) fn take(log: &Path) -> Result<(Self, LeftBehind), LogError> {
        let path = disk::beside(log, ".lock");
        let error = |error| io_error(&path, &error);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(error)?;
        let begun = Instant::now();
        while let Err(refused) = file.try_lock() {
            match refused {
                TryLockError::Error(failed) => return Err(error(failed)),
                TryLockError::WouldBlock if begun.elapsed() < PATIENCE => std::thread::sleep(AGAIN),
                TryLockError::WouldBlock => return Err(LogError::Locked(log.to_owned())),
            }
        }
        let mut text = String::new();
        // What is not our text counts as unclean: the stricter checks apply.
        let left = match file.read_to_string(&mut text) {
            Ok(0) => LeftBehind::Nothing,
            Ok(_) if text == CLEAN => LeftBehind::Clean,
            _ => LeftBehind::Unclean {
                same_boot: boot_id().is_some_and(|boot| text.trim().strip_prefix(OPEN) == Some(&boot)),
            },
        };
        Ok((Self { file, path }, left))
    }

    /// From now on a write-ahead log must be there.
    pub(super) fn mark_open(&mut self) -> Result<(), LogError> {
        self.mark(&format!("{OPEN}{}\n", boot_id().unwrap_or_default()))
    }

    /// Everything is in the main file.
    pub(super) fn mark_clean(&mut self) -> Result<(), LogError> {
        self.mark(CLEAN)
    }

    fn mark(&mut self, text: &str) -> Result<(), LogError> {
        let mut write = || {
            self.file.seek(SeekFrom::Start(0))?;
            self.file.write_all(text.as_bytes())?;
            self.file.set_len(text.len() as u64)?;
            self.file.sync_all()
        };
        write().map_err(|error| io_error(&self.path, &error))
    }
}

fn boot_id() -> Option<String> {
    let id = std::fs::read_to_string(BOOT_ID).ok()?;
    Some(id.trim().to_owned()).filter(|id| !id.is_empty())
}
