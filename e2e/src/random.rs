//! Seeded randomness, so that a run that failed can be run again.

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same on every machine.
pub struct Random(u64);

impl Random {
    /// A sequence that depends on `seed` alone.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0..end`; 0 where `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next_u64().checked_rem(end).unwrap_or(0)
    }
}

/// The seed of this run: `FOREBAY_SEED` where it is set, else new. Printed, so that it can be set next time.
#[allow(clippy::print_stderr, reason = "the seed belongs into the output of every random run")]
pub fn seed(run: &str) -> u64 {
    let given = std::env::var("FOREBAY_SEED").ok().and_then(|text| text.parse().ok());
    let seed = given.unwrap_or_else(|| (uuid::Uuid::new_v4().as_u128() as u64) >> 16);
    eprintln!("seed: {run}: {seed} (FOREBAY_SEED={seed} repeats it)");
    seed
}
