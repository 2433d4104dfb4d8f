//! The one verdict on a body: how it becomes `webhookData.payload`, or why it is refused.
//!
//! The gateway asks before it answers and the runner asks again before it starts an instance; both call
//! [`judge`], so that what was answered 200 always starts.

pub(crate) mod scanner;

/// How deep arrays and objects may be nested in a body.
pub const MAX_DEPTH: usize = 100;

/// The largest body, in bytes.
pub const MAX_BYTES: usize = 1_048_576;

/// How a body becomes `webhookData.payload`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// The body is JSON text and is used byte for byte.
    Json,
    /// The body is empty: `null`.
    Null,
    /// The body is UTF-8 text that is not JSON: a string.
    Text,
    /// The body is not UTF-8: its base64, and `webhookData.payloadEncoding` says so.
    Base64,
}

/// Why a body is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The content type asks for JSON and the body is none.
    #[error("not valid JSON at byte {offset}: {why}")]
    NotJson {
        /// Where the first fault is, in bytes from the beginning.
        offset: usize,
        /// What was wrong there.
        why: &'static str,
    },
    /// The body is valid JSON, but nested deeper than [`MAX_DEPTH`].
    #[error("JSON nested deeper than {MAX_DEPTH}")]
    TooDeep,
}

/// Decides over a body by its content type.
///
/// `application/json` and any `…/…+json`: must be JSON (RFC 8259, UTF-8, no byte order mark). No content type:
/// the same, but an empty body is `null`. Any other content type: JSON if it parses, else text, else base64;
/// empty is `null`. JSON nested deeper than [`MAX_DEPTH`] is refused whatever the content type says. Numbers
/// of any size, duplicate keys and lone surrogate escapes are valid: the text is kept, not its value.
pub fn judge(content_type: Option<&str>, body: &[u8]) -> Result<Form, Fault> {
    let strict = content_type.is_none_or(is_json);
    if body.is_empty() && !content_type.is_some_and(is_json) {
        return Ok(Form::Null);
    }
    let text = match std::str::from_utf8(body) {
        Ok(text) => text,
        Err(error) if strict => {
            return Err(Fault::NotJson { offset: error.valid_up_to(), why: "not UTF-8" });
        }
        Err(_) => return Ok(Form::Base64),
    };
    match scanner::document(text) {
        Ok(depth) if depth > MAX_DEPTH => Err(Fault::TooDeep),
        Ok(_) => Ok(Form::Json),
        Err(syntax) if strict => Err(Fault::NotJson { offset: syntax.offset, why: syntax.why }),
        Err(_) => Ok(Form::Text),
    }
}

/// Whether a content type promises JSON: `application/json` or a `+json` suffix (RFC 6839 §3.1), without
/// regard to case and parameters.
pub fn is_json(content_type: &str) -> bool {
    let essence = content_type.split_once(';').map_or(content_type, |(essence, _)| essence).trim();
    let suffix = |suffix: &str| {
        essence.len() > suffix.len()
            && essence
                .as_bytes()
                .get(essence.len() - suffix.len()..)
                .is_some_and(|end| end.eq_ignore_ascii_case(suffix.as_bytes()))
    };
    essence.eq_ignore_ascii_case("application/json") || (essence.contains('/') && suffix("+json"))
}
