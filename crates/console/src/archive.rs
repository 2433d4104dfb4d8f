//! Archives of projects: `.tar.gz` with a few small files, and nothing that could hurt who opens one.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use tar::EntryType;

/// The largest archive that is read, in bytes as it comes: 32 MiB.
pub const MAX_ARCHIVE: usize = 32 * 1024 * 1024;
/// The most bytes that an archive may unpack to: 128 MiB, with the headers of its entries.
const MAX_UNPACKED: u64 = 128 * 1024 * 1024;
/// The most entries that an archive may have.
const MAX_ENTRIES: usize = 4_000;
/// The longest path of a file, in bytes.
const MAX_PATH: usize = 255;

/// Why an archive is refused. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// No gzip, or no tar inside.
    #[error("the file is no .tar.gz archive, or it is damaged: {0}")]
    Damaged(String),
    /// It would unpack to too much.
    #[error("the archive unpacks to more than 128 MiB: a project is far smaller")]
    TooLarge,
    /// Too many entries.
    #[error("the archive has more than 4000 entries: pack only what `forebay export` wrote")]
    TooMany,
    /// A path that leads out of the folder, or that not every system can keep.
    #[error("the archive has an entry whose path is not allowed: {0}")]
    Path(String),
    /// A link, a device, …
    #[error("the archive has an entry that is neither file nor folder: {0}. Links are not followed")]
    NoFile(String),
    /// One path twice.
    #[error("the archive has two files of one path: {0}")]
    Twice(String),
}

/// Files by path, with `/` between the parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Archive {
    /// The files.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Archive {
    /// The bytes of the archive: always the same for the same files.
    pub fn pack(&self) -> Result<Vec<u8>, ArchiveError> {
        let damaged = |e: std::io::Error| ArchiveError::Damaged(e.to_string());
        // the header of gzip holds no time and no name unless asked to
        let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
        for (path, content) in &self.files {
            let mut header = tar::Header::new_ustar();
            header.set_size(content.len() as u64);
            header.set_mode(0o644);
            header.set_mtime(0);
            header.set_entry_type(EntryType::Regular);
            tar.append_data(&mut header, path, content.as_slice()).map_err(damaged)?;
        }
        let mut gzip = tar.into_inner().map_err(damaged)?;
        gzip.flush().map_err(damaged)?;
        gzip.finish().map_err(damaged)
    }

    /// Reads an archive, whoever made it.
    pub fn unpack(bytes: &[u8]) -> Result<Self, ArchiveError> {
        // one byte more than allowed tells "at the limit" from "beyond it"
        let mut limited = GzDecoder::new(bytes).take(MAX_UNPACKED + 1);
        let read = Self::read(&mut limited);
        if limited.limit() == 0 { Err(ArchiveError::TooLarge) } else { read }
    }

    fn read(stream: &mut impl Read) -> Result<Self, ArchiveError> {
        let damaged = |e: std::io::Error| ArchiveError::Damaged(e.to_string());
        let mut files = BTreeMap::new();
        let mut tar = tar::Archive::new(stream);
        for (at, entry) in tar.entries().map_err(damaged)?.enumerate() {
            let mut entry = entry.map_err(damaged)?;
            if at >= MAX_ENTRIES {
                return Err(ArchiveError::TooMany);
            }
            let kind = entry.header().entry_type();
            if kind == EntryType::XGlobalHeader {
                // `git archive` writes the commit's id there
                continue;
            }
            let path = path(&entry.path_bytes())?;
            match kind {
                EntryType::Directory => {}
                EntryType::Regular | EntryType::Continuous => {
                    let mut content = Vec::new();
                    entry.read_to_end(&mut content).map_err(damaged)?;
                    if files.insert(path.clone(), content).is_some() {
                        return Err(ArchiveError::Twice(path));
                    }
                }
                _ => return Err(ArchiveError::NoFile(path)),
            }
        }
        Ok(Archive { files })
    }
}

/// A path that stays inside and that every system can keep.
fn path(bytes: &[u8]) -> Result<String, ArchiveError> {
    let shown = || ArchiveError::Path(String::from_utf8_lossy(bytes).chars().take(100).collect::<String>());
    let text = std::str::from_utf8(bytes).map_err(|_| shown())?;
    let text = text.strip_prefix("./").unwrap_or(text).trim_end_matches('/');
    let part = |part: &str| !part.is_empty() && part != "." && part != "..";
    let odd = |c: char| c.is_control() || c == '\\' || c == ':';
    // the folder itself, as `tar czf x.tgz .` packs it
    let itself = text == "." || bytes == b"./";
    if !itself && (text.len() > MAX_PATH || text.chars().any(odd) || !text.split('/').all(part)) {
        return Err(shown());
    }
    Ok(text.to_owned())
}
