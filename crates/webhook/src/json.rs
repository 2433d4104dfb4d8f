//! Text tools over the payload scanner: read one place of a JSON text, write a string.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::payload::scanner::{string_end, value_end, white_space};

/// The text of the value at an RFC 6901 pointer, without the white space around it; the empty pointer is the
/// whole text. Of duplicate names the last one counts, as in JavaScript. `None` where there is no such place.
///
/// The text should be valid JSON; in a text that is not, the answer is unspecified, but never a panic.
pub fn pointer<'a>(text: &'a str, pointer: &str) -> Option<&'a str> {
    let bytes = text.as_bytes();
    let mut at = white_space(bytes, 0);
    if !pointer.is_empty() {
        for token in pointer.strip_prefix('/')?.split('/') {
            let token = unescape(token);
            at = match bytes.get(at) {
                Some(b'{') => member(text, at, &token)?,
                Some(b'[') => element(bytes, at, &token)?,
                _ => return None,
            };
        }
    }
    text.get(at..value_end(bytes, at).ok()?.end)
}

/// The string that a JSON string text stands for; `None` when it is no string, or has a lone surrogate.
pub fn string(text: &str) -> Option<Cow<'_, str>> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        serde_json::from_str(text).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inner))
    }
}

/// Appends a string as JSON text, quotes included.
pub fn write_string(out: &mut String, value: &str) {
    out.push('"');
    let mut written = 0;
    for (at, byte) in value.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(value.get(written..at).unwrap_or_default());
        written = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{byte:04x}");
            }
        }
    }
    out.push_str(value.get(written..).unwrap_or_default());
    out.push('"');
}

/// Whether a text is a well-formed RFC 6901 pointer: empty, or tokens that each begin with `/` and in which `~`
/// is followed by `0` or `1`.
pub fn is_pointer(text: &str) -> bool {
    (text.is_empty() || text.starts_with('/'))
        && text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']))
}

fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(token)
    }
}

/// Where the value of an object's last member of this name begins.
fn member(text: &str, object: usize, name: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut found = None;
    let mut at = white_space(bytes, object + 1);
    while bytes.get(at) == Some(&b'"') {
        let name_end = string_end(bytes, at).ok()?;
        let matches = string(text.get(at..name_end)?).is_some_and(|candidate| candidate == name);
        let value = white_space(bytes, white_space(bytes, name_end) + 1);
        if matches {
            found = Some(value);
        }
        at = white_space(bytes, value_end(bytes, value).ok()?.end);
        if bytes.get(at) == Some(&b',') {
            at = white_space(bytes, at + 1);
        }
    }
    found
}

/// Where an array's element of this index begins.
fn element(bytes: &[u8], array: usize, index: &str) -> Option<usize> {
    if (index.len() > 1 && index.starts_with('0')) || !index.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let index: usize = index.parse().ok()?;
    let mut at = white_space(bytes, array + 1);
    for _ in 0..index {
        at = white_space(bytes, value_end(bytes, at).ok()?.end);
        if bytes.get(at) != Some(&b',') {
            return None;
        }
        at = white_space(bytes, at + 1);
    }
    (bytes.get(at) != Some(&b']')).then_some(at)
}

/// Whether a text is one JSON object whose values are all strings.
pub(crate) fn is_object_of_strings(text: &str) -> bool {
    let bytes = text.as_bytes();
    let start = white_space(bytes, 0);
    let whole = value_end(bytes, start).is_ok_and(|value| {
        bytes.get(start) == Some(&b'{') && value.depth == 1 && white_space(bytes, value.end) == bytes.len()
    });
    // Depth 1 leaves scalars only; outside of strings those begin with none of the bytes below.
    whole && {
        let mut at = white_space(bytes, start + 1);
        while bytes.get(at) == Some(&b'"') {
            let Ok(name_end) = string_end(bytes, at) else { return false };
            let value = white_space(bytes, white_space(bytes, name_end) + 1);
            if bytes.get(value) != Some(&b'"') {
                return false;
            }
            let Ok(value_end) = string_end(bytes, value) else { return false };
            at = white_space(bytes, value_end);
            if bytes.get(at) == Some(&b',') {
                at = white_space(bytes, at + 1);
            }
        }
        true
    }
}
