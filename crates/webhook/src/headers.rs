//! The request headers as scripts see them.

use std::borrow::Cow;

use percent_encoding::percent_decode;

use crate::json::write_string;

/// The headers whose values are hidden unless the data source says otherwise: they carry credentials.
pub const DEFAULT_REDACTED: &[&str] = &["Authorization", "Proxy-Authorization", "Cookie", "X-Api-Key"];

/// What stands in place of a hidden value.
pub const REDACTED: &str = "[redacted]";

/// The headers as the text of one JSON object: names in Train-Case in the order in which they first appeared,
/// repeated ones joined with `, `, values as UTF-8 or else as Latin-1.
///
/// The values of the headers named in `redact` (without regard to case) are hidden, and so is every value in
/// which the presented key occurs, as it is or percent-encoded: proxies add the URL as it was sent.
pub fn canonical<'a>(
    headers: impl Iterator<Item = (&'a [u8], &'a [u8])>,
    redact: &[String],
    presented_key: Option<&str>,
) -> String {
    let headers: Vec<(&[u8], &[u8])> = headers.collect();
    let mut out =
        String::with_capacity(64 + headers.iter().map(|(n, v)| n.len() + v.len() + 8).sum::<usize>());
    let mut name = String::new();
    out.push('{');
    for (index, (raw_name, first)) in headers.iter().enumerate() {
        let same = |(other, _): &&(&[u8], &[u8])| other.eq_ignore_ascii_case(raw_name);
        if headers.iter().take(index).any(|header| same(&header)) {
            continue;
        }
        if out.len() > 1 {
            out.push(',');
        }
        train_case(&mut name, raw_name);
        write_string(&mut out, &name);
        out.push(':');
        let mut rest = headers.iter().skip(index + 1).filter(same).map(|(_, value)| *value).peekable();
        let hidden = redact.iter().any(|hidden| hidden.eq_ignore_ascii_case(&name));
        if hidden {
            write_string(&mut out, REDACTED);
        } else if rest.peek().is_none() {
            write_string(&mut out, &shown(text(first), presented_key));
        } else {
            let joined = rest.fold(text(first).into_owned(), |all, value| all + ", " + &text(value));
            write_string(&mut out, &shown(Cow::Owned(joined), presented_key));
        }
    }
    out.push('}');
    out
}

/// A header's value: UTF-8, else Latin-1 (RFC 9110 §5.5 leaves the rest to the reader).
pub fn text(value: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(value) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(value.iter().map(|byte| char::from(*byte)).collect()),
    }
}

fn shown<'a>(value: Cow<'a, str>, presented_key: Option<&str>) -> Cow<'a, str> {
    match presented_key {
        Some(key) if !key.is_empty() && holds(&value, key) => Cow::Borrowed(REDACTED),
        _ => value,
    }
}

/// How often a value is decoded: a URL may be a parameter of another one.
const DECODED: usize = 3;

fn holds(value: &str, key: &str) -> bool {
    if value.contains(key) {
        return true;
    }
    let mut bytes = Cow::Borrowed(value.as_bytes());
    for _ in 0..DECODED {
        if !bytes.contains(&b'%') {
            return false;
        }
        bytes = Cow::Owned(percent_decode(&bytes).collect());
        if bytes.windows(key.len()).any(|part| part == key.as_bytes()) {
            return true;
        }
    }
    false
}

/// `x-github-EVENT` → `X-Github-Event`.
fn train_case(out: &mut String, name: &[u8]) {
    out.clear();
    let mut start = true;
    for byte in name {
        let letter = if start { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() };
        out.push(char::from(letter));
        start = *byte == b'-';
    }
}
