//! Request bodies: what type, how large, which fields.

use std::time::Duration;

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use crate::problem::Problem;

/// The largest body that is read, in bytes: a process of 4 MiB, as JSON text.
pub(crate) const MAX_BODY: usize = 5 * 1024 * 1024;
/// How long a body may take to come: a slow sender must not hold memory for ever.
const READ_WITHIN: Duration = Duration::from_secs(60);

/// A JSON body. Unknown fields are refused by the types that are read.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        require(request.headers(), "application/json", |kind| kind == "application/json")?;
        let bytes = read(request, MAX_BODY).await?;
        parse(&bytes).map(Body)
    }
}

/// A JSON body that may be missing altogether.
pub(crate) struct MaybeBody<T>(pub(crate) Option<T>);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for MaybeBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let typed = require(request.headers(), "application/json", |kind| kind == "application/json");
        let bytes = read(request, MAX_BODY).await?;
        if bytes.is_empty() {
            return Ok(MaybeBody(None));
        }
        typed?;
        parse(&bytes).map(MaybeBody)
    }
}

/// A BPMN body, byte for byte.
pub(crate) struct Xml(pub(crate) Bytes);

impl<S: Sync> FromRequest<S> for Xml {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let xml = |kind: &str| matches!(kind, "application/xml" | "text/xml") || kind.ends_with("+xml");
        require(request.headers(), "application/xml", xml)?;
        read(request, MAX_BODY).await.map(Xml)
    }
}

pub(crate) fn require(headers: &HeaderMap, wanted: &str, is: impl Fn(&str) -> bool) -> Result<(), Problem> {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let encoded = headers.get(header::CONTENT_ENCODING).is_some_and(|value| value != "identity");
    if is(&kind) && !encoded {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported-media-type",
        format!("Send the body as Content-Type: {wanted}, without Content-Encoding."),
    ))
}

/// Reads a body of at most this many bytes.
pub(crate) async fn read(request: Request, most: usize) -> Result<Bytes, Problem> {
    let too_large = || {
        let detail = format!("The body may have at most {} MiB.", most / 1024 / 1024);
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
    };
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if length.and_then(|text| text.parse::<u64>().ok()).is_some_and(|length| length > most as u64) {
        return Err(too_large());
    }
    let whole = tokio::time::timeout(READ_WITHIN, to_bytes(request.into_body(), most)).await;
    let whole = whole.map_err(|_| {
        let detail = "The body did not come within 60 seconds.";
        Problem::new(StatusCode::REQUEST_TIMEOUT, "timeout", detail)
    })?;
    whole.map_err(|e| {
        // axum gives the limit's error as the source of its own
        let limited = std::error::Error::source(&e).is_some_and(|s| s.to_string().contains("limit exceeded"));
        if limited { too_large() } else { Problem::unreadable("The body did not come to its end.") }
    })
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // serde would fill a struct from an array, field by field
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        serde_json::from_slice::<serde::de::IgnoredAny>(bytes)
            .map_err(|e| Problem::unreadable(format!("The body is not JSON: {}.", clip(&e.to_string()))))?;
        return Err(Problem::field("", "type", "the body must be a JSON object"));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|e| {
        let place = place(e.path());
        let inner = e.into_inner();
        let text = clip(&inner.to_string());
        match inner.classify() {
            serde_json::error::Category::Data => {
                let (field, code) = fault(&text);
                // what is unknown or there twice is part of the place already; what is missing is not
                let field = match (place.as_str(), field) {
                    ("", field) => field.to_owned(),
                    (_, "") => place,
                    _ if place.rsplit('/').next() == Some(field) => place,
                    _ => format!("{place}/{field}"),
                };
                Problem::field(&field, code, text.clone())
            }
            _ => Problem::unreadable(format!("The body is not JSON: {text}.")),
        }
    })?;
    let rest = reader.end();
    rest.map_err(|e| Problem::unreadable(format!("The body is not JSON: {}.", clip(&e.to_string()))))?;
    Ok(value)
}

/// Where in the body: names and numbers with slashes between.
fn place(path: &serde_path_to_error::Path) -> String {
    let mut parts = Vec::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => parts.push(index.to_string()),
            Segment::Map { key } => parts.push(clip(key)),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    parts.join("/")
}

/// Which field a message of serde is about, where it says so.
fn fault(text: &str) -> (&str, &'static str) {
    let name = || text.split('`').nth(1).unwrap_or_default();
    if text.starts_with("unknown field") {
        (name(), "unknown-field")
    } else if text.starts_with("missing field") {
        (name(), "missing-field")
    } else if text.starts_with("duplicate field") {
        (name(), "duplicate-field")
    } else {
        ("", "type")
    }
}

/// A message may quote the body: it is cut, so that it stays a message.
fn clip(text: &str) -> String {
    let mut clipped: String = text.chars().take(300).collect();
    if clipped.len() < text.len() {
        clipped.push('…');
    }
    clipped
}

/// The query of a list. Unknown parameters are refused by the types that are read.
pub(crate) struct Parameters<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let query = Query::<T>::try_from_uri(&parts.uri);
        query.map(|Query(value)| Parameters(value)).map_err(|e| {
            let text = std::error::Error::source(&e).map_or_else(|| e.to_string(), ToString::to_string);
            let split = text.split_once(": ").filter(|(name, _)| is_name(name));
            let (name, message) = split.unwrap_or(("", &text));
            match fault(message) {
                ("", _) if name.is_empty() => {
                    Problem::unreadable(format!("The query cannot be read: {}.", clip(message)))
                }
                ("", code) => Problem::field(name, code, clip(message)),
                (field, code) => Problem::field(field, code, clip(message)),
            }
        })
    }
}

/// Whether a text can be the name of a parameter of ours.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
