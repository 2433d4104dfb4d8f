//! Optimistic concurrency: `ETag` on what is read, `If-Match` on what changes it (RFC 9110 section 13.1.1).

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};

use crate::problem::Problem;

/// The tag of a thing, in quotes.
pub(crate) fn tag(version: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// What the caller believes to change. Missing is 428.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum IfMatch {
    /// `*`: whatever stands there.
    Any,
    /// One of these.
    Tags(Vec<String>),
}

impl IfMatch {
    /// 412 if the stored version is not one that the caller named.
    pub(crate) fn permits(&self, stored: &str) -> Result<(), Problem> {
        match self {
            IfMatch::Any => Ok(()),
            IfMatch::Tags(tags) if tags.iter().any(|tag| tag == stored) => Ok(()),
            IfMatch::Tags(_) => Err(Problem::stale()),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let mut tags = Vec::new();
        for value in parts.headers.get_all(header::IF_MATCH) {
            let text = value.to_str().map_err(|_| Problem::unreadable("If-Match is not readable text."))?;
            if listed(text, &mut tags).ok_or_else(unreadable)? {
                return Ok(IfMatch::Any);
            }
        }
        if tags.is_empty() && !parts.headers.contains_key(header::IF_MATCH) {
            return Err(Problem::new(
                StatusCode::PRECONDITION_REQUIRED,
                "if-match-missing",
                "Send If-Match with the ETag that you read, so that nobody's change is lost; * overwrites whatever is there.",
            ));
        }
        Ok(IfMatch::Tags(tags))
    }
}

fn unreadable() -> Problem {
    Problem::unreadable("If-Match must be an ETag in quotes, as it was answered, or *.")
}

/// Adds the strong tags of a list to `tags`; a weak one never matches here (RFC 9110 section 13.1.1). True for `*`,
/// nothing for what is no list. A comma may stand inside a tag (section 8.8.3).
fn listed(text: &str, tags: &mut Vec<String>) -> Option<bool> {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return Some(false);
        }
        if rest.starts_with('*') {
            return Some(true);
        }
        let weak = rest.starts_with("W/");
        let (tag, after) = rest.trim_start_matches("W/").strip_prefix('"')?.split_once('"')?;
        if !weak {
            tags.push(tag.to_owned());
        }
        rest = after;
    }
}
