//! The id of a request, which becomes the id of its event.

use std::cell::RefCell;

use uuid::{Builder, Uuid};

/// Random bytes of one id.
const BYTES: usize = 10;

/// Ids for which one call to the operating system gets the random bytes.
const BATCH: usize = 64;

struct Randomness {
    bytes: [u8; BYTES * BATCH],
    left: usize,
}

thread_local! {
    static RANDOMNESS: RefCell<Randomness> =
        const { RefCell::new(Randomness { bytes: [0; BYTES * BATCH], left: 0 }) };
}

/// A new UUID v7 for this time: 48 bits of milliseconds, 74 random bits.
pub(crate) fn new(now_ms: i64) -> Uuid {
    let random = RANDOMNESS.with_borrow_mut(|pool| {
        if pool.left == 0 {
            getrandom::fill(&mut pool.bytes).ok()?;
            pool.left = BATCH;
        }
        pool.left -= 1;
        pool.bytes.get(pool.left * BYTES..)?.first_chunk::<BYTES>().copied()
    });
    match random {
        Some(bytes) => {
            Builder::from_unix_timestamp_millis(u64::try_from(now_ms).unwrap_or(0), &bytes).into_uuid()
        }
        None => Uuid::now_v7(),
    }
}
