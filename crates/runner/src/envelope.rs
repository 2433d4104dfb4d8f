//! Record headers as JSON text, kept with a failed trigger so that Retry sees the very same record.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Value {
    Text(String),
    Bytes { base64: String },
}

/// A text that is no list of record headers.
#[derive(Debug, thiserror::Error)]
pub enum HeadersError {
    /// Not the JSON that [`record_headers_json`] writes.
    #[error("the stored record headers are not readable: {0}")]
    Json(#[from] serde_json::Error),
    /// A value that should be base64 is not.
    #[error("a stored record header is not base64: {0}")]
    Base64(#[from] base64::DecodeError),
}

/// The headers as a JSON array of `[name, value]`; a value that is not UTF-8 is `{"base64": …}`.
pub fn record_headers_json(headers: &[(String, Vec<u8>)]) -> String {
    let pairs: Vec<(&str, Value)> = headers
        .iter()
        .map(|(name, value)| {
            let value = match std::str::from_utf8(value) {
                Ok(text) => Value::Text(text.to_owned()),
                Err(_) => Value::Bytes { base64: STANDARD.encode(value) },
            };
            (name.as_str(), value)
        })
        .collect();
    // names and texts are always serialisable
    serde_json::to_string(&pairs).unwrap_or_else(|_| "[]".to_owned())
}

/// The headers of a [`record_headers_json`].
///
/// # Errors
/// The text was not written by it.
pub fn record_headers(json: &str) -> Result<Vec<(String, Vec<u8>)>, HeadersError> {
    let pairs: Vec<(String, Value)> = serde_json::from_str(json)?;
    pairs
        .into_iter()
        .map(|(name, value)| {
            let value = match value {
                Value::Text(text) => text.into_bytes(),
                Value::Bytes { base64 } => STANDARD.decode(base64)?,
            };
            Ok((name, value))
        })
        .collect()
}
