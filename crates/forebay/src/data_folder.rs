//! The folder that holds everything of an embedded Forebay, and the lock that lets one process in.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use thiserror::Error;
use webhook::api_key::MasterKey;

use crate::config::Config;

/// The store's file, where the store is embedded.
pub(crate) const STORE: &str = "store.sqlite";
/// The event log's file.
pub(crate) const EVENTS: &str = "events.sqlite";
/// The file of the key that the stored API keys are sealed with.
pub(crate) const MASTER_KEY: &str = "master.key";

/// Why the folder cannot be used.
#[derive(Debug, Error)]
pub(crate) enum Error {
    #[error(
        "another Forebay{pid} is using the folder {folder}: stop it first, or give this one a folder of its own with --data"
    )]
    InUse { folder: PathBuf, pid: String },
    #[error("the folder {folder} cannot be used: {source}")]
    Io { folder: PathBuf, source: io::Error },
    #[error("{file} is not a master key (32 bytes): restore it from a backup, it opens the stored API keys")]
    MasterKey { file: PathBuf },
    #[error(
        "{file} is missing, and API keys in the store were sealed with it: put it back from a backup. Only to go on \
         without it, make another one (head -c 32 /dev/urandom > {file}): webhooks go on working, and a URL can be \
         shown again after its API key was reset"
    )]
    MasterKeyGone { file: PathBuf },
}

/// The folder, locked for as long as this lives.
pub(crate) struct DataFolder {
    folder: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Makes the folder (for its owner alone) if it is not there, and locks it.
    pub(crate) fn lock(folder: &Path) -> Result<DataFolder, Error> {
        make(folder)?;
        let io = |source| Error::Io { folder: folder.to_owned(), source };
        let file = folder.join("lock");
        let mut lock = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(file)
            .map_err(io)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                let _ = lock.read_to_string(&mut pid);
                let pid =
                    if pid.trim().is_empty() { String::new() } else { format!(" (process {})", pid.trim()) };
                return Err(Error::InUse { folder: folder.to_owned(), pid });
            }
            Err(TryLockError::Error(source)) => return Err(io(source)),
        }
        lock.set_len(0).and_then(|()| writeln!(lock, "{}", std::process::id())).map_err(io)?;
        Ok(DataFolder { folder: folder.to_owned(), _lock: lock })
    }

    /// Where the store is.
    pub(crate) fn store(&self) -> PathBuf {
        store(&self.folder)
    }

    /// Where the event log is.
    pub(crate) fn events(&self) -> PathBuf {
        self.folder.join(EVENTS)
    }

    /// Writes where the process listens, for scripts that asked for port 0.
    pub(crate) fn write_address(&self, address: &str) -> Result<(), Error> {
        let io = |source| Error::Io { folder: self.folder.clone(), source };
        let draft = self.folder.join("address.tmp");
        fs::write(&draft, format!("{address}\n")).map_err(io)?;
        fs::rename(draft, self.folder.join("address")).map_err(io)
    }

    /// Writes the first start's sign-in link, for the folder's owner alone; the file.
    pub(crate) fn write_sign_in_link(&self, link: &str) -> Result<PathBuf, Error> {
        let io = |source| Error::Io { folder: self.folder.clone(), source };
        let file = self.folder.join("sign-in-link");
        // a file that is there already may be open to others
        let _ = fs::remove_file(&file);
        let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file).map_err(io)?;
        writeln!(out, "{link}").and_then(|()| out.sync_all()).map_err(io)?;
        Ok(file)
    }

    /// Takes the address away: nobody listens any more.
    pub(crate) fn remove_address(&self) {
        let _ = fs::remove_file(self.folder.join("address"));
    }

    /// Where a gateway keeps its triggers for a start without the store.
    pub(crate) fn triggers(&self) -> PathBuf {
        self.folder.join("triggers.json")
    }
}

/// The store's file in a data folder.
pub(crate) fn store(folder: &Path) -> PathBuf {
    folder.join(STORE)
}

/// The address a running Forebay has written, if any.
pub(crate) fn address(folder: &Path) -> Option<String> {
    fs::read_to_string(folder.join("address")).ok().map(|text| text.trim().to_owned())
}

fn make(folder: &Path) -> Result<(), Error> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|source| Error::Io { folder: folder.to_owned(), source })
}

/// The key that the stored API keys are sealed with: from the file that is named, else from the data folder, where the
/// first start makes it. `is_used`: keys were sealed, so that one must be there.
pub(crate) fn master_key(config: &Config, is_used: bool) -> Result<MasterKey, Error> {
    let named = &config.master_key_file;
    if !named.as_os_str().is_empty() {
        return read_master_key(named);
    }
    let file = config.data.join(MASTER_KEY);
    if is_used && !file.exists() {
        return Err(Error::MasterKeyGone { file });
    }
    own_master_key(&config.data)
}

fn read_master_key(file: &Path) -> Result<MasterKey, Error> {
    let bytes = fs::read(file).map_err(|source| Error::Io { folder: file.to_owned(), source })?;
    let bytes =
        <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| Error::MasterKey { file: file.to_owned() })?;
    Ok(MasterKey::new(bytes))
}

/// Reads the master key of a data folder, or makes it with mode 0600 and syncs it before anything is sealed with it.
fn own_master_key(folder: &Path) -> Result<MasterKey, Error> {
    let file = folder.join(MASTER_KEY);
    let io = |source| Error::Io { folder: file.clone(), source };
    let fresh = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file);
    match fresh {
        Ok(mut out) => {
            let mut bytes = [0_u8; 32];
            getrandom::fill(&mut bytes).map_err(|e| io(io::Error::other(e)))?;
            out.write_all(&bytes).and_then(|()| out.sync_all()).map_err(io)?;
            File::open(folder).and_then(|f| f.sync_all()).map_err(io)?;
            Ok(MasterKey::new(bytes))
        }
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => read_master_key(&file),
        Err(e) => Err(io(e)),
    }
}
