//! Verification of the write-ahead log before SQLite opens it.
//!
//! SQLite ends recovery at the first frame whose checksum is wrong, and drops what is behind it without a word:
//! right after a power cut, where that is a transaction nobody was told of, wrong where a disk lost bits of
//! acknowledged ones. Two witnesses tell these apart:
//!
//! * A transaction is only begun when the one before it is synced. So where the damaged frame is followed by
//!   a whole transaction and the beginning of another, it was acknowledged.
//! * The `-shm` file, which outlives a killed process, says how many frames were committed. It is never synced:
//!   after a power cut it may be older than the rest, so it counts only where its salt shows that it speaks
//!   of this write-ahead log, or where the machine has not been started anew since.
//!
//! Formats: sqlite.org/fileformat2.html#the_write_ahead_log and sqlite.org/walformat.html.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use super::disk::beside;
use super::failure::io_error;
use super::lock::LeftBehind;
use crate::LogError;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
const SHM_HEADER: usize = 48;
/// What `schema` makes.
const PAGE_SIZE: usize = 8192;
const VERSION: u32 = 3_007_000;
const MAGIC_LITTLE: u32 = 0x377f_0682;
const MAGIC_BIG: u32 = 0x377f_0683;

type Sum = (u32, u32);

/// What a walk over the frames found.
#[derive(Default)]
struct Walk {
    /// Frames that SQLite will take.
    valid: u32,
    /// Whether an acknowledged transaction lies behind the first frame that it will not take.
    lost: bool,
}

/// Checks the write-ahead log of `log`, where there is one.
pub(super) fn verify(log: &Path, left: LeftBehind) -> Result<(), LogError> {
    let path = beside(log, "-wal");
    let error = |error: io::Error| io_error(&path, &error);
    let mut file = match File::open(&path) {
        Ok(file) => BufReader::with_capacity(1 << 20, file),
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(other) => return Err(error(other)),
    };
    let mut header = [0; HEADER];
    let format = if fill(&mut file, &mut header).map_err(error)? { Format::read(&header) } else { None };
    let walk = walk(&mut file, format.as_ref()).map_err(error)?;
    let damaged = |detail: String| Err(LogError::Corrupt { file: path.clone(), detail });
    if walk.lost {
        return damaged(format!("acknowledged records lie behind its damaged frame {}", walk.valid + 1));
    }
    let committed = match &format {
        Some(format) => committed_frames(log, |salt| salt == format.salt),
        None if left == LeftBehind::Unclean { same_boot: true } => committed_frames(log, |_| true),
        None => None,
    };
    match committed {
        Some(frames) if frames > walk.valid => {
            damaged(format!("{frames} frames were committed, {} are readable", walk.valid))
        }
        _ => Ok(()),
    }
}

/// How the frames of this file are written.
struct Format {
    little_endian: bool,
    page_size: usize,
    salt: [u8; 8],
    sum: Sum,
}

impl Format {
    /// Reads the header; `None` where it is damaged, so that SQLite would ignore the whole file.
    fn read(header: &[u8; HEADER]) -> Option<Self> {
        let little_endian = match big(header, 0)? {
            MAGIC_LITTLE => true,
            MAGIC_BIG => false,
            _ => return None,
        };
        let page_size = big(header, 8)? as usize;
        let sum = checksum(little_endian, &header[..24], (0, 0));
        let sane = page_size.is_power_of_two() && (512..=65_536).contains(&page_size);
        let salt = header[16..24].try_into().ok()?;
        let stored = (big(header, 24)?, big(header, 28)?);
        (sane && big(header, 4)? == VERSION && stored == sum).then_some(Self {
            little_endian,
            page_size,
            salt,
            sum,
        })
    }
}

/// Walks over all frames: first those that SQLite takes, then the rest, each of which carries the checksum
/// that the next one goes on from. Without a header SQLite takes none, and their form is taken to be ours.
fn walk(file: &mut impl Read, format: Option<&Format>) -> io::Result<Walk> {
    let little_endian = format.map_or(cfg!(target_endian = "little"), |format| format.little_endian);
    let page_size = format.map_or(PAGE_SIZE, |format| format.page_size);
    let mut before = format.map_or((0, 0), |format| format.sum);
    let mut valid = format.is_some();
    let mut frame = vec![0; FRAME_HEADER + page_size];
    let mut walk = Walk::default();
    let mut in_transaction = 0;
    let mut behind_commit = false;
    while fill(file, &mut frame)? {
        let number = |at| big(&frame, at).unwrap_or(0);
        let stored = (number(16), number(20));
        let start = checksum(little_endian, &frame[..8], before);
        let linked = checksum(little_endian, &frame[FRAME_HEADER..], start) == stored;
        // Other salts: left from before the write-ahead log was started over.
        let same = format.is_none_or(|format| frame[8..16] == format.salt);
        let commit = number(4) != 0;
        valid = valid && linked && same && number(0) != 0;
        if valid {
            // Only whole transactions count.
            in_transaction += 1;
            if commit {
                walk.valid += in_transaction;
                in_transaction = 0;
            }
        } else if linked && same && behind_commit {
            walk.lost = true;
        }
        behind_commit = !valid && same && commit;
        before = stored;
    }
    Ok(walk)
}

/// How many frames were committed to the write-ahead log with such a salt, as the `-shm` file knows; `None`
/// where it does not.
fn committed_frames(log: &Path, salt: impl Fn(&[u8]) -> bool) -> Option<u32> {
    let mut header = [0; 2 * SHM_HEADER];
    File::open(beside(log, "-shm")).ok()?.read_exact(&mut header).ok()?;
    let (first, second) = header.split_at(SHM_HEADER);
    let native = |at: usize| Some(u32::from_ne_bytes(first.get(at..at + 4)?.try_into().ok()?));
    let sum = checksum(cfg!(target_endian = "little"), &first[..40], (0, 0));
    let whole = first == second && (native(40)?, native(44)?) == sum && native(0)? == VERSION;
    native(16).filter(|frames| whole && salt(&first[32..40]) && *frames > 0)
}

/// SQLite's checksum over pairs of words.
fn checksum(little_endian: bool, bytes: &[u8], seed: Sum) -> Sum {
    let word = |bytes: &[u8]| match <[u8; 4]>::try_from(bytes) {
        Ok(word) if little_endian => u32::from_le_bytes(word),
        Ok(word) => u32::from_be_bytes(word),
        Err(_) => 0,
    };
    bytes.chunks_exact(8).fold(seed, |(one, two), pair| {
        let one = one.wrapping_add(word(&pair[..4])).wrapping_add(two);
        (one, two.wrapping_add(word(&pair[4..])).wrapping_add(one))
    })
}

fn big(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Fills the buffer, or says that the file ended before it was full.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match file.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(end) if end.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(other) => Err(other),
    }
}
