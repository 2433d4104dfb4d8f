//! The record of one accepted or refused request in the event log: CloudEvents 1.0 in Kafka's binary mode.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

use crate::payload::{self, Form};
use crate::{Address, json, timestamp};

mod decode;

/// `ce_type` of an accepted request.
pub const RECEIVED: &str = "dev.forebay.webhook.received";

/// `ce_type` of a refused request that had the right key.
pub const REFUSED: &str = "dev.forebay.webhook.refused";

/// The most bytes of a refused body that are kept.
pub const REFUSED_BODY_BYTES: usize = 64 * 1024;

/// One accepted request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRecord {
    /// The event id: a UUID v7 from our gateway; of foreign producers any text of 1 to 200 characters without
    /// controls, unique within its data source.
    pub id: String,
    /// The data source that it was posted to.
    pub address: Address,
    /// When it was accepted, in milliseconds since the epoch.
    pub time: i64,
    /// The `Content-Type` as sent.
    pub content_type: Option<String>,
    /// The W3C trace context that came with it.
    pub traceparent: Option<String>,
    /// The text of the JSON object that [`crate::headers::canonical`] makes.
    pub headers_json: String,
    /// The sender's own id of the delivery.
    pub idempotency_key: Option<String>,
    /// The commit that was running when it was accepted; for people, nothing is decided by it.
    pub commit: Option<Uuid>,
    /// The body, byte for byte.
    pub body: Vec<u8>,
}

/// Why a record cannot be read. Our gateway writes no such record; a foreign producer may.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// A header that must be there is not.
    #[error("the record header {0} is missing")]
    Missing(&'static str),
    /// A header of ours stands there twice.
    #[error("the record header {0} stands there twice")]
    Repeated(&'static str),
    /// A header has a value that it cannot have.
    #[error("the record header {name} must be {must_be}")]
    Malformed {
        /// The header's name.
        name: &'static str,
        /// What it must be.
        must_be: &'static str,
    },
    /// The body is larger than the gateway lets in.
    #[error("the body has {0} bytes, more than {max}", max = payload::MAX_BYTES)]
    TooLarge(usize),
}

impl EventRecord {
    /// The record's headers, in a fixed order. The body is the record's value, untouched.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        self.clone().into_headers()
    }

    /// The same of an event that is not needed any more, without copying its texts.
    pub fn into_headers(self) -> Vec<(&'static str, String)> {
        let mut headers = Vec::with_capacity(16);
        headers.push(("ce_specversion", "1.0".to_owned()));
        headers.push(("ce_id", self.id));
        headers.push(("ce_source", self.address.path()));
        headers.push(("ce_type", RECEIVED.to_owned()));
        headers.push(("ce_time", timestamp::rfc3339(self.time)));
        if let Some(content_type) = self.content_type {
            headers.push(("content-type", content_type));
        }
        if let Some(traceparent) = self.traceparent {
            headers.push(("ce_traceparent", traceparent));
        }
        headers.push(("forebay_headers", self.headers_json));
        headers.push(("forebay_organization", hyphenated(self.address.organization)));
        headers.push(("forebay_workspace", hyphenated(self.address.workspace)));
        headers.push(("forebay_project", hyphenated(self.address.project)));
        headers.push(("forebay_data_source", hyphenated(self.address.data_source)));
        if let Some(key) = self.idempotency_key {
            headers.push(("forebay_idempotency_key", key));
        }
        if let Some(commit) = self.commit {
            headers.push(("forebay_commit", hyphenated(commit)));
        }
        headers
    }

    /// Reads a record of [`RECEIVED`]. Headers that are not ours are passed over.
    ///
    /// Everything is checked but the body's form: [`EventRecord::webhook_data`] gives that verdict.
    pub fn decode(headers: &[(String, Vec<u8>)], body: &[u8]) -> Result<Self, Invalid> {
        decode::event(headers, body, RECEIVED)
    }

    /// Whether a text can be an event's id: 1 to 200 characters without controls.
    pub fn is_usable_id(id: &str) -> bool {
        decode::is_usable_id(id)
    }

    /// What makes two records one event: the sender's idempotency key, else the event id.
    pub fn event_key(&self) -> &str {
        self.idempotency_key.as_deref().unwrap_or(&self.id)
    }

    /// The text of the process variable `webhookData`: `{"dateTime":…,"payload":…,"headers":…}`, and
    /// `"payloadEncoding":"base64"` for a body that is not UTF-8.
    ///
    /// A JSON body stands in it byte for byte, the white space around it included; no white space is added.
    /// The error says why [`payload::judge`] refuses the body.
    pub fn webhook_data(&self) -> Result<String, payload::Fault> {
        let form = payload::judge(self.content_type.as_deref(), &self.body)?;
        let mut out = String::with_capacity(self.body.len() * 4 / 3 + self.headers_json.len() + 128);
        out.push_str("{\"dateTime\":\"");
        out.push_str(&timestamp::rfc3339(self.time));
        out.push_str("\",\"payload\":");
        // A judged body is UTF-8 unless its form is base64.
        let text = std::str::from_utf8(&self.body).unwrap_or_default();
        match form {
            Form::Json => out.push_str(text),
            Form::Null => out.push_str("null"),
            Form::Text => json::write_string(&mut out, text),
            Form::Base64 => {
                out.push('"');
                STANDARD.encode_string(&self.body, &mut out);
                out.push('"');
            }
        }
        out.push_str(",\"headers\":");
        out.push_str(&self.headers_json);
        if form == Form::Base64 {
            out.push_str(",\"payloadEncoding\":\"base64\"");
        }
        out.push('}');
        Ok(out)
    }
}

/// The text of an id, made at once: `to_string` begins with an empty text and makes it larger.
fn hyphenated(id: Uuid) -> String {
    id.hyphenated().encode_lower(&mut Uuid::encode_buffer()).to_owned()
}

/// One request with the right key that was refused, for the list of failed triggers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRequest {
    /// The request. Its body is what was read of it, at most [`REFUSED_BODY_BYTES`].
    pub event: EventRecord,
    /// The status that the sender was told.
    pub status: u16,
    /// The code of the [`crate::Rejection`].
    pub cause: String,
    /// Whether the body is longer than what is kept of it.
    pub truncated: bool,
}

const TOLD: &str = "the sender was answered ";

impl RefusedRequest {
    /// The headers of the event, with [`REFUSED`] as `ce_type`, and `forebay_status`, `forebay_cause`,
    /// `forebay_truncated`.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = self.event.headers();
        for (name, value) in &mut headers {
            if *name == "ce_type" {
                REFUSED.clone_into(value);
            }
        }
        headers.push(("forebay_status", self.status.to_string()));
        headers.push(("forebay_cause", self.cause.clone()));
        if self.truncated {
            headers.push(("forebay_truncated", "true".to_owned()));
        }
        headers
    }

    /// What the list of failed triggers says of it, for people.
    pub fn told(&self) -> String {
        format!("{TOLD}{} ({})", self.status, self.cause)
    }

    /// The status that [`Self::told`] names; `None` for any other sentence.
    pub fn status_told(sentence: &str) -> Option<u16> {
        sentence.strip_prefix(TOLD)?.split(' ').next()?.parse().ok()
    }

    /// Reads a record of [`REFUSED`].
    pub fn decode(headers: &[(String, Vec<u8>)], body: &[u8]) -> Result<Self, Invalid> {
        decode::refused(headers, body)
    }
}

/// A `traceparent` that may be passed on (W3C Trace Context §3.2, version 00), else `None`.
pub fn traceparent(value: &str) -> Option<&str> {
    let hex = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let zero = |text: &str| text.bytes().all(|byte| byte == b'0');
    let mut parts = value.split('-');
    let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let valid = version == "00"
        && hex(trace, 32)
        && !zero(trace)
        && hex(parent, 16)
        && !zero(parent)
        && hex(flags, 2)
        && parts.next().is_none();
    valid.then_some(value)
}
