//! Reading records, foreign ones too: every header is checked.

use uuid::Uuid;

use super::{EventRecord, Invalid, REFUSED, RefusedRequest, traceparent};
use crate::{Address, idempotency, json, payload, timestamp};

/// The longest event id, in characters.
const MAX_ID_CHARS: usize = 200;

/// The longest content type, in bytes: a header line cannot be longer.
const MAX_CONTENT_TYPE_BYTES: usize = 64 * 1024;

/// The headers of one record by name.
struct Headers<'a>(&'a [(String, Vec<u8>)]);

impl<'a> Headers<'a> {
    fn optional(&self, name: &'static str) -> Result<Option<&'a str>, Invalid> {
        let mut values = self.0.iter().filter(|(other, _)| other == name).map(|(_, value)| value);
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(_), Some(_)) => Err(Invalid::Repeated(name)),
            (Some(value), None) => match std::str::from_utf8(value) {
                Ok(text) => Ok(Some(text)),
                Err(_) => malformed(name, "UTF-8"),
            },
        }
    }

    fn required(&self, name: &'static str) -> Result<&'a str, Invalid> {
        self.optional(name)?.ok_or(Invalid::Missing(name))
    }

    fn id(&self, name: &'static str) -> Result<Uuid, Invalid> {
        uuid(name, self.required(name)?)
    }
}

pub(super) fn event(
    headers: &[(String, Vec<u8>)],
    body: &[u8],
    expected_type: &str,
) -> Result<EventRecord, Invalid> {
    let headers = Headers(headers);
    if headers.required("ce_specversion")? != "1.0" {
        return malformed("ce_specversion", "1.0");
    }
    if headers.required("ce_type")? != expected_type {
        return malformed("ce_type", "the type of the topic's records");
    }
    let id = headers.required("ce_id")?;
    if !is_usable_id(id) {
        return malformed("ce_id", "1 to 200 characters without controls");
    }
    let address = address(&headers)?;
    let Some(time) = timestamp::parse(headers.required("ce_time")?) else {
        return malformed("ce_time", "an RFC 3339 time");
    };
    if body.len() > payload::MAX_BYTES {
        return Err(Invalid::TooLarge(body.len()));
    }
    Ok(EventRecord {
        id: id.to_owned(),
        address,
        time,
        content_type: content_type(&headers)?,
        // A trace that cannot be continued is no reason to lose an event.
        traceparent: headers.optional("ce_traceparent")?.and_then(traceparent).map(str::to_owned),
        headers_json: headers_json(&headers)?,
        idempotency_key: idempotency_key(&headers)?,
        commit: headers.optional("forebay_commit")?.map(|text| uuid("forebay_commit", text)).transpose()?,
        body: body.to_vec(),
    })
}

pub(super) fn is_usable_id(id: &str) -> bool {
    !id.is_empty() && id.chars().count() <= MAX_ID_CHARS && !id.chars().any(char::is_control)
}

pub(super) fn refused(headers: &[(String, Vec<u8>)], body: &[u8]) -> Result<RefusedRequest, Invalid> {
    let event = event(headers, body, REFUSED)?;
    let headers = Headers(headers);
    let Some(status) = headers.required("forebay_status")?.parse().ok().filter(|s| (400..600).contains(s))
    else {
        return malformed("forebay_status", "an HTTP status of an error");
    };
    let cause = headers.required("forebay_cause")?;
    if cause.is_empty() || cause.len() > 100 || !cause.bytes().all(|byte| byte.is_ascii_graphic()) {
        return malformed("forebay_cause", "1 to 100 visible ASCII characters");
    }
    let truncated = headers.optional("forebay_truncated")? == Some("true");
    Ok(RefusedRequest { event, status, cause: cause.to_owned(), truncated })
}

fn address(headers: &Headers<'_>) -> Result<Address, Invalid> {
    let address = Address {
        organization: headers.id("forebay_organization")?,
        workspace: headers.id("forebay_workspace")?,
        project: headers.id("forebay_project")?,
        data_source: headers.id("forebay_data_source")?,
    };
    // The two must not name different data sources: one is what people see, the other what is started.
    if Address::parse(headers.required("ce_source")?) != Some(address) {
        return malformed("ce_source", "the path of the same data source as the forebay_… headers");
    }
    Ok(address)
}

fn content_type(headers: &Headers<'_>) -> Result<Option<String>, Invalid> {
    match headers.optional("content-type")? {
        Some(text) if text.len() > MAX_CONTENT_TYPE_BYTES => malformed("content-type", "at most 64 KiB"),
        other => Ok(other.map(str::to_owned)),
    }
}

/// A flat JSON object of strings; a foreign producer may leave it out.
fn headers_json(headers: &Headers<'_>) -> Result<String, Invalid> {
    const NAME: &str = "forebay_headers";
    let Some(text) = headers.optional(NAME)? else {
        return Ok("{}".to_owned());
    };
    if json::is_object_of_strings(text) {
        Ok(text.to_owned())
    } else {
        malformed(NAME, "a JSON object whose values are strings")
    }
}

fn idempotency_key(headers: &Headers<'_>) -> Result<Option<String>, Invalid> {
    match headers.optional("forebay_idempotency_key")? {
        Some(key) if !idempotency::is_usable(key) => {
            malformed("forebay_idempotency_key", "1 to 512 characters without controls")
        }
        other => Ok(other.map(str::to_owned)),
    }
}

fn uuid(name: &'static str, text: &str) -> Result<Uuid, Invalid> {
    match Uuid::try_parse(text) {
        Ok(id) if text.len() == 36 => Ok(id),
        _ => malformed(name, "a hyphenated UUID"),
    }
}

fn malformed<T>(name: &'static str, must_be: &'static str) -> Result<T, Invalid> {
    Err(Invalid::Malformed { name, must_be })
}
