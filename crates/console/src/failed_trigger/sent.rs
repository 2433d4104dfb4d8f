//! What the sender sent, as it is shown: the bytes themselves, as text where they are text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A body as it was stored.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Payload {
    /// `utf-8`: `text` is the body, byte for byte. `base64`: it is no text, `text` is its base64.
    encoding: &'static str,
    text: String,
    /// How many bytes the body has.
    size: usize,
}

impl Payload {
    pub(super) fn of(bytes: Vec<u8>) -> Self {
        let size = bytes.len();
        match String::from_utf8(bytes) {
            Ok(text) => Payload { encoding: "utf-8", text, size },
            Err(e) => Payload { encoding: "base64", text: STANDARD.encode(e.as_bytes()), size },
        }
    }
}

/// A header of the event's record.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RecordHeader {
    name: String,
    /// Text, or base64 where it is none.
    value: String,
    /// `utf-8` or `base64`.
    encoding: &'static str,
}

/// As the runner stores them: `[[name, value], …]`, a value that is not text as `{"base64": …}`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    Text(String),
    Bytes { base64: String },
}

/// The headers of a stored record, byte for byte; `None` if they are not readable.
pub(crate) fn record_headers(text: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let stored: Vec<(String, Stored)> = serde_json::from_str(text).ok()?;
    let bytes = stored.into_iter().map(|(name, value)| match value {
        Stored::Text(value) => Some((name, value.into_bytes())),
        Stored::Bytes { base64 } => Some((name, STANDARD.decode(base64).ok()?)),
    });
    bytes.collect()
}

impl RecordHeader {
    /// Reads the stored text; what is not readable is shown as no headers.
    pub(super) fn all(text: &str) -> Vec<Self> {
        let stored: Vec<(String, Stored)> = serde_json::from_str(text).unwrap_or_default();
        let shown = stored.into_iter().map(|(name, value)| match value {
            Stored::Text(value) => RecordHeader { name, value, encoding: "utf-8" },
            Stored::Bytes { base64 } => RecordHeader { name, value: base64, encoding: "base64" },
        });
        shown.collect()
    }
}
