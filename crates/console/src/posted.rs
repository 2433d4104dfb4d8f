//! A request that somebody writes by hand: to try a draft with, or to send to a webhook.

use axum::http::{HeaderName, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::problem::{Fields, Problem};

/// What a request may have that is written by hand.
const MAX_HEADERS: usize = 50;
const MAX_NAME: usize = 100;
const MAX_VALUE: usize = 8 * 1024;

/// Headers that belong to the connection, or that we set.
const NOT_BY_HAND: &[&str] = &[
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-api-key",
];

/// A request to a webhook, written by hand.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PostedRequest {
    /// The body; left out, it is empty.
    #[serde(default)]
    payload: PostedPayload,
    /// Left out: `application/json`; empty: the request has none.
    #[schema(max_length = 256)]
    content_type: Option<String>,
    /// Further headers, at most 50.
    #[serde(default)]
    #[schema(max_items = 50)]
    headers: Vec<PostedHeader>,
}

/// A body.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PostedPayload {
    /// The body as text, sent as it is, or its base64.
    text: String,
    /// `utf-8` (as it is; the default) or `base64`.
    #[schema(pattern = "^(utf-8|base64)$")]
    encoding: Option<String>,
}

/// A header.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PostedHeader {
    /// Not one of the connection (`Host`, `Content-Length`, …), and not `X-Api-Key`.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Without control characters.
    #[schema(max_length = 8192)]
    value: String,
}

/// The same, checked.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Posted {
    pub(crate) body: Vec<u8>,
    pub(crate) content_type: Option<String>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

/// A body may be personal data.
impl std::fmt::Debug for Posted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Posted({} bytes)", self.body.len())
    }
}

impl PostedRequest {
    /// A request without body and content type.
    pub(crate) fn empty() -> Self {
        PostedRequest { content_type: Some(String::new()), ..PostedRequest::default() }
    }

    /// Checks everything; `at` is where it stands in the body: empty, or `request/`.
    pub(crate) fn check(self, at: &str) -> Result<Posted, Problem> {
        let mut fields = Fields::default();
        let body = match self.payload.encoding.as_deref() {
            None | Some("utf-8") => Some(self.payload.text.into_bytes()),
            Some("base64") => STANDARD.decode(self.payload.text).ok(),
            Some(_) => {
                fields.add(&format!("{at}payload/encoding"), "unknown", "must be utf-8 or base64");
                None
            }
        };
        if body.is_none() {
            fields.add(&format!("{at}payload/text"), "base64", "is not base64 with its padding");
        }
        let content_type = match self.content_type {
            None => Some("application/json".to_owned()),
            Some(empty) if empty.is_empty() => None,
            Some(text) => {
                if text.len() > 256 || !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
                    let allowed = "must have at most 256 characters of printable ASCII: application/json";
                    fields.add(&format!("{at}contentType"), "characters", allowed);
                }
                Some(text)
            }
        };
        if self.headers.len() > MAX_HEADERS {
            fields.add(&format!("{at}headers"), "length", "must be at most 50");
        }
        let mut headers = Vec::new();
        for (index, header) in self.headers.iter().take(MAX_HEADERS).enumerate() {
            headers.extend(checked(&mut fields, &format!("{at}headers/{index}"), header));
        }
        fields.finish(body.map(|body| Posted { body, content_type, headers }))
    }
}

fn checked(fields: &mut Fields, at: &str, header: &PostedHeader) -> Option<(HeaderName, HeaderValue)> {
    let name = HeaderName::from_bytes(header.name.as_bytes()).ok().filter(|_| header.name.len() <= MAX_NAME);
    let value = HeaderValue::from_bytes(header.value.as_bytes()).ok();
    let value = value.filter(|_| header.value.len() <= MAX_VALUE && !header.value.contains('\t'));
    match &name {
        None => {
            fields.add(&format!("{at}/name"), "characters", "must be a header name of 1 to 100 characters")
        }
        Some(name) if NOT_BY_HAND.contains(&name.as_str()) => {
            let message = format!("{name} cannot be set by hand");
            fields.add(&format!("{at}/name"), "reserved", message);
        }
        Some(_) => {}
    }
    if value.is_none() {
        let message = "must have at most 8,192 bytes, without control characters";
        fields.add(&format!("{at}/value"), "characters", message);
    }
    name.zip(value)
}
