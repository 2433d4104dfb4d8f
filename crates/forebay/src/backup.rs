//! `forebay backup` and `forebay restore`: everything of an embedded Forebay in one folder, copied while it runs.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::config::Config;
use crate::data_folder::{self, DataFolder, EVENTS, MASTER_KEY, STORE};
use crate::text::say;

/// Written last: a folder without it is no backup, or half of one.
const LABEL: &str = "backup.toml";

/// Why there is no backup, or no restored folder.
#[derive(Debug, Error)]
pub(crate) enum Error {
    #[error("{0}")]
    Refused(String),
    #[error("{file}: {source}")]
    Io { file: PathBuf, source: io::Error },
    #[error("the store: {0}")]
    Store(#[from] store::StoreError),
    #[error("the event log: {0}")]
    EventLog(#[from] eventlog::LogError),
    #[error(transparent)]
    Folder(#[from] data_folder::Error),
}

impl Error {
    /// sysexits.h where it has a word for it.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Error::Refused(_) => 64,
            Error::Io { .. } | Error::Folder(_) => 73,
            Error::Store(_) | Error::EventLog(_) => 74,
        }
    }
}

/// What `backup.toml` says.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Label {
    /// Version of the program that made it.
    forebay: String,
    /// When the last file was copied (RFC 3339, UTC).
    made_at: String,
    store_bytes: u64,
    events_bytes: u64,
}

/// Copies store, event log and master key of the data folder into a new folder, whether a Forebay runs on it or not.
pub(crate) fn back_up(config: &Config, target: &Path) -> Result<(), Error> {
    if config.store.postgres().is_some() {
        return Err(Error::Refused(
            "the store is in PostgreSQL: back it up with its own means; this copies an embedded store"
                .to_owned(),
        ));
    }
    let source = |name: &str| config.data.join(name);
    if !source(STORE).exists() {
        return Err(Error::Refused(format!(
            "there is no data in {}: say where with --data",
            config.data.display()
        )));
    }
    let io = |file: &Path| {
        let file = file.to_owned();
        move |source| Error::Io { file, source }
    };
    fs::DirBuilder::new().mode(0o700).create(target).map_err(|e| match e.kind() {
        io::ErrorKind::AlreadyExists => {
            Error::Refused(format!("{} exists already: a backup is a new folder", target.display()))
        }
        _ => Error::Io { file: target.to_owned(), source: e },
    })?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(io(target))?;
    // the log after the store, so that no stored position lies past its end; what it holds beyond them is started after a restore
    runtime.block_on(store::back_up(&source(STORE), &target.join(STORE)))?;
    eventlog::back_up(&source(EVENTS), &target.join(EVENTS))?;
    copy(&source(MASTER_KEY), &target.join(MASTER_KEY))?;
    let length = |name: &str| fs::metadata(target.join(name)).map_or(0, |file| file.len());
    let label = Label {
        forebay: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: jiff::Timestamp::now().to_string(),
        store_bytes: length(STORE),
        events_bytes: length(EVENTS),
    };
    let text = toml::to_string(&label).map_err(|e| Error::Refused(e.to_string()))?;
    write(&target.join(LABEL), text.as_bytes())?;
    sync(target)?;
    say(&format!(
        "{} holds the store ({} bytes), the event log ({} bytes) and the master key, which opens the stored API keys: \
         keep it as safe as them.",
        target.display(),
        label.store_bytes,
        label.events_bytes
    ));
    Ok(())
}

/// Makes a new data folder of a backup. What stands in it is verified when Forebay starts on it.
pub(crate) fn restore(config: &Config, backup: &Path) -> Result<(), Error> {
    let label = backup.join(LABEL);
    let text = fs::read_to_string(&label).map_err(|e| {
        Error::Refused(format!("{} is no whole backup: {} cannot be read: {e}", backup.display(), LABEL))
    })?;
    let label: Label = toml::from_str(&text).map_err(|e| {
        Error::Refused(format!("{} is not as backup wrote it: {}", label.display(), e.message()))
    })?;
    for (name, bytes) in [(STORE, label.store_bytes), (EVENTS, label.events_bytes)] {
        let found = fs::metadata(backup.join(name)).map_or(0, |file| file.len());
        if found != bytes {
            return Err(Error::Refused(format!(
                "{} has {found} bytes, and {bytes} when it was made: the backup is damaged",
                backup.join(name).display()
            )));
        }
    }
    let folder = DataFolder::lock(&config.data)?;
    if folder.store().exists() || folder.events().exists() {
        return Err(Error::Refused(format!(
            "there is data in {} already: restore into a new folder (--data), or move the old one away first",
            config.data.display()
        )));
    }
    // all of it under passing names first: a start on half of a folder would make the other half anew
    let files = [MASTER_KEY, EVENTS, STORE].map(|name| (backup.join(name), config.data.join(name)));
    for (from, to) in &files {
        copy(from, &partial(to))?;
    }
    for (_, to) in &files {
        fs::rename(partial(to), to).map_err(|source| Error::Io { file: to.clone(), source })?;
    }
    sync(&config.data)?;
    say(&format!(
        "{} is as it was at {}. Start it with: forebay up --data {}",
        config.data.display(),
        label.made_at,
        config.data.display()
    ));
    Ok(())
}

fn partial(file: &Path) -> PathBuf {
    file.with_added_extension("partial")
}

/// Copies a file for its owner alone.
fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    let io = |source| Error::Io { file: from.to_owned(), source };
    let mut reader = File::open(from).map_err(io)?;
    let mut options = OpenOptions::new();
    let mut writer = options.write(true).create(true).truncate(true).mode(0o600).open(to).map_err(io)?;
    io::copy(&mut reader, &mut writer).and_then(|_| writer.sync_all()).map_err(io)
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), Error> {
    let io = |source| Error::Io { file: file.to_owned(), source };
    let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).map_err(io)?;
    out.write_all(bytes).and_then(|()| out.sync_all()).map_err(io)
}

fn sync(folder: &Path) -> Result<(), Error> {
    let io = |source| Error::Io { file: folder.to_owned(), source };
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)
}
