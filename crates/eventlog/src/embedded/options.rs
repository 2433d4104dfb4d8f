//! Settings of the embedded log.

/// Settings of the embedded log. Sizes are bytes.
#[derive(Clone, Debug)]
pub struct Options {
    /// Records that may wait for the writer; more are refused with [`crate::AppendError::Full`].
    pub queue_records: usize,
    /// Bytes that may wait for the writer, also while they are being written. One record always fits.
    pub queue_bytes: usize,
    /// Most records of one transaction.
    pub batch_records: usize,
    /// Most bytes of one transaction; a single larger record still gets one.
    pub batch_bytes: usize,
    /// Appends are refused while the disk has less free space than this, so that what is in the log can
    /// still be applied, checkpointed and pruned. No less than `wal_limit_bytes`, or a full disk may hold a
    /// write-ahead log that cannot be copied. 0 turns the reserve off.
    pub disk_reserve_bytes: u64,
    /// The write-ahead log is started over when it is larger than this.
    pub wal_target_bytes: u64,
    /// Long reads are ended when they keep the write-ahead log from becoming smaller than this.
    pub wal_limit_bytes: u64,
    /// Up to this file size the whole file is verified on opening; of a larger one only its structure at
    /// both ends. Every record is verified again when it is read.
    pub verify_bytes: u64,
    /// When an append counts as durable.
    pub synchronous: Synchronous,
}

impl Default for Options {
    fn default() -> Self {
        const MIB: usize = 1024 * 1024;
        Self {
            queue_records: 16_384,
            queue_bytes: 128 * MIB,
            batch_records: 1024,
            batch_bytes: 8 * MIB,
            disk_reserve_bytes: 256 * MIB as u64,
            wal_target_bytes: 64 * MIB as u64,
            wal_limit_bytes: 256 * MIB as u64,
            verify_bytes: 64 * MIB as u64,
            synchronous: Synchronous::Full,
        }
    }
}

/// When an append counts as durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Synchronous {
    /// After an fsync of the write-ahead log: the only setting for use.
    Full,
    /// After the write, without fsync: a power cut loses acknowledged records. It exists so that the power
    /// cut test has a control that must fail.
    Off,
}
