//! The file in which a gateway keeps the triggers, so that it can start while the store is away. Of keys it holds hashes
//! only.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde::{Deserialize, Serialize};
use store::trigger::RegistryRow;

/// What the file holds, below a line with its checksum.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Snapshot {
    /// When it was read from the store, milliseconds since the epoch.
    pub(super) as_of: i64,
    /// The triggers.
    pub(super) rows: Vec<RegistryRow>,
}

/// Puts the file in the place of the old one, whole or not at all.
pub(super) fn write(file: &Path, snapshot: &Snapshot) -> io::Result<()> {
    let text = serde_json::to_string(snapshot)?;
    let draft = file.with_extension("tmp");
    // left by a process that was killed meanwhile
    let _ = fs::remove_file(&draft);
    let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    writeln!(out, "{:08x}\n{text}", crc32c::crc32c(text.as_bytes()))?;
    out.sync_all()?;
    fs::rename(&draft, file)
}

/// Reads the file; the error says why it cannot be used.
pub(super) fn read(file: &Path) -> Result<Snapshot, String> {
    let whole = fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let damaged = || format!("{} is damaged", file.display());
    let (sum, text) = whole.split_once('\n').ok_or_else(damaged)?;
    let text = text.strip_suffix('\n').ok_or_else(damaged)?;
    if u32::from_str_radix(sum, 16) != Ok(crc32c::crc32c(text.as_bytes())) {
        return Err(damaged());
    }
    serde_json::from_str(text).map_err(|e| format!("{}: {e}", file.display()))
}
