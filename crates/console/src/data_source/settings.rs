//! What may be set on a data source.

use webhook::{Description, IdempotencyKey};

use crate::problem::Fields;

/// At most this many headers are redacted.
const MAX_HEADERS: usize = 50;

/// A description, checked.
pub(crate) fn description(fields: &mut Fields, text: &str) -> Option<String> {
    fields.name("description", Description::parse(text)).map(|d| d.as_str().to_owned())
}

/// Names of headers whose values are not stored, checked: tokens of RFC 9110 section 5.6.2.
pub(crate) fn redacted(fields: &mut Fields, names: &[String]) -> Option<Vec<String>> {
    if names.len() > MAX_HEADERS {
        fields.add("redactedHeaders", "length", "must have at most 50 header names");
        return None;
    }
    let mut good = Vec::with_capacity(names.len());
    for (at, name) in names.iter().enumerate() {
        let known = name.len() <= 100 && axum::http::HeaderName::from_bytes(name.as_bytes()).is_ok();
        if known {
            good.push(name.clone());
        } else {
            let field = format!("redactedHeaders/{at}");
            fields.add(&field, "characters", "must be a header name of 1 to 100 characters: X-Secret");
        }
    }
    (good.len() == names.len()).then_some(good)
}

/// Where the sender's own id of an event stands, checked; the outer `None` is a fault.
pub(crate) fn idempotency(fields: &mut Fields, text: Option<&str>) -> Option<Option<String>> {
    let Some(text) = text else { return Some(None) };
    if text.len() > 512 || text.chars().any(char::is_control) {
        fields.add("idempotencyKey", "length", "must have at most 512 bytes, without control characters");
        return None;
    }
    match IdempotencyKey::parse(text) {
        Ok(key) => Some(Some(key.to_text())),
        Err(e) => {
            fields.add("idempotencyKey", "form", e.to_string());
            None
        }
    }
}
