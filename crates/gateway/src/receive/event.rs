//! The record of a request.

use bytes::Bytes;
use eventlog::{Headers, Record};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use webhook::{EventRecord, headers};

use super::Webhook;

/// The content type that decides over the body and is recorded. Where the key stands in it, it is cut off: the
/// verdict must be the same for whoever reads the record.
pub(super) fn content_type(webhook: &Webhook<'_>) -> Option<String> {
    let value = webhook.parts.headers.get(CONTENT_TYPE)?;
    let text = headers::text(value.as_bytes());
    let key = webhook.key.reveal();
    if !text.contains(key) {
        return Some(text.into_owned());
    }
    let essence = text.split_once(';').map_or(&*text, |(essence, _)| essence);
    Some(if essence.contains(key) { headers::REDACTED } else { essence }.to_owned())
}

/// The record of an accepted request.
pub(super) fn record(webhook: &Webhook<'_>, content_type: Option<String>, body: Bytes) -> Record {
    let event = event(webhook, content_type, &body);
    let (id, time) = (event.id.clone(), event.time);
    Record { id, time, headers: owned(event.into_headers()), value: body }
}

/// The event of a request, without its body.
pub(super) fn event(webhook: &Webhook<'_>, content_type: Option<String>, body: &[u8]) -> EventRecord {
    let entry = &webhook.slot.entry;
    let map = &webhook.parts.headers;
    let key = Some(webhook.key.reveal());
    let all = map.iter().map(|(name, value)| (name.as_str().as_bytes(), value.as_bytes()));
    EventRecord {
        id: webhook.arrival.id.to_string(),
        address: entry.address,
        time: webhook.arrival.now_ms,
        content_type,
        traceparent: value(map, "traceparent")
            .and_then(|value| std::str::from_utf8(value).ok())
            .and_then(webhook::event::traceparent)
            .map(str::to_owned),
        headers_json: headers::canonical(all, &entry.redacted, key),
        idempotency_key: entry
            .idempotency
            .as_ref()
            .and_then(|place| place.extract(|name| value(map, name), body, key)),
        commit: entry.commit,
        body: Vec::new(),
    }
}

fn value<'a>(map: &'a HeaderMap, name: &str) -> Option<&'a [u8]> {
    map.get(name).map(http::HeaderValue::as_bytes)
}

/// Headers as the log takes them.
pub(super) fn owned(headers: Vec<(&'static str, String)>) -> Headers {
    headers.into_iter().map(|(name, value)| (name.to_owned(), value.into_bytes())).collect()
}
