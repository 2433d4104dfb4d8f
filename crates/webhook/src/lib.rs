//! The rules of an incoming webhook: its address, key, payload, headers and event record.
//!
//! Everything here is a pure function of its arguments: no clock, no randomness, no I/O, no HTTP status
//! codes. The gateway and the runner call the same functions, so that what the one accepted the other can
//! always read.

pub mod address;
pub mod api_key;
pub mod event;
pub mod headers;
pub mod idempotency;
pub mod json;
pub mod name;
pub mod payload;
pub mod rejection;
pub mod shape;
pub mod timestamp;
pub mod trigger;

pub use address::{Address, SecretUrl};
pub use api_key::{ApiKey, KeyDigest, MasterKey, Presented, PresentedKey};
pub use event::{EventRecord, RefusedRequest};
pub use idempotency::IdempotencyKey;
pub use name::{CommitMessage, Description, ProjectName, ResourceName};
pub use rejection::{Rejection, Unavailability};
pub use trigger::TriggerState;
