//! A splitter of JSON text: where members and items begin and end. It never builds values.
//!
//! It is given text that [`valid`] has seen; on other text it gives wrong slices, never a panic.

use std::ops::Range;

/// True if `text` is one JSON value (RFC 8259) nested no deeper than `depth`. Nothing recurses.
pub(super) fn valid(text: &str, depth: usize) -> Result<(), &'static str> {
    if serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
        return Err("is not valid JSON");
    }
    let bytes = text.as_bytes();
    let (mut at, mut open) = (0, 0usize);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = string_end(bytes, at);
                continue;
            }
            b'{' | b'[' => open += 1,
            b'}' | b']' => open = open.saturating_sub(1),
            _ => {}
        }
        if open > depth {
            return Err("is nested too deep");
        }
        at += 1;
    }
    Ok(())
}

/// A member of an object, or an item of an array (whose key is empty).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The key with its quotation marks.
    pub(super) key: Range<usize>,
    /// Everything between the separators, white space too.
    pub(super) whole: Range<usize>,
    /// The value alone.
    pub(super) value: Range<usize>,
}

/// The parts of the object or array that begins at `at` (its bracket); empty for anything else.
pub(super) fn parts(text: &str, at: usize) -> Parts<'_> {
    let bytes = text.as_bytes();
    let open = bytes.get(at).copied();
    let done = !matches!(open, Some(b'{' | b'['));
    Parts { bytes, at: at + 1, keyed: open == Some(b'{'), done }
}

/// Iterator over [`parts`].
pub(super) struct Parts<'a> {
    bytes: &'a [u8],
    at: usize,
    keyed: bool,
    done: bool,
}

impl Iterator for Parts<'_> {
    type Item = Part;

    fn next(&mut self) -> Option<Part> {
        if self.done {
            return None;
        }
        let first = self.at;
        self.at = after_space(self.bytes, self.at);
        if matches!(self.bytes.get(self.at), None | Some(b'}' | b']')) {
            self.done = true;
            return None;
        }
        let mut key = self.at..self.at;
        let mut start = first;
        if self.keyed {
            key.end = string_end(self.bytes, self.at);
            start = (after_space(self.bytes, key.end) + 1).min(self.bytes.len());
        }
        let value_start = after_space(self.bytes, start);
        let value_end = value_end(self.bytes, value_start);
        let end = after_space(self.bytes, value_end);
        self.done = self.bytes.get(end) != Some(&b',');
        self.at = end + 1;
        Some(Part { key, whole: start..end, value: value_start..value_end })
    }
}

/// The place after the value that begins at `at`.
pub(super) fn value_end(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'"') => string_end(bytes, at),
        Some(b'{' | b'[') => bracket_end(bytes, at),
        _ => {
            let rest = bytes.get(at..).unwrap_or_default();
            let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r');
            at + rest.iter().position(ends).unwrap_or(rest.len())
        }
    }
}

/// The first place from `at` on that is not white space.
pub(super) fn after_space(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let blank = |byte: &u8| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    at.min(bytes.len()) + rest.iter().position(blank).unwrap_or(rest.len())
}

fn bracket_end(bytes: &[u8], mut at: usize) -> usize {
    let mut open = 0usize;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = string_end(bytes, at);
                continue;
            }
            b'{' | b'[' => open += 1,
            b'}' | b']' => {
                open -= 1;
                if open == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// The place after the string that begins at `at`.
fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The string behind a quoted key, as UTF-8 in which a lone surrogate has three bytes (WTF-8):
/// keys that differ stay different, keys written in two ways become the same.
pub(super) fn decoded(quoted: &str) -> Vec<u8> {
    let inner = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(quoted);
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(slash) = rest.find('\\') {
        out.extend_from_slice(&rest.as_bytes()[..slash]);
        let escape = &rest[slash + 1..];
        let (unit, used) = unescaped(escape);
        rest = escape.get(used..).unwrap_or_default();
        let low = rest.strip_prefix("\\u").and_then(hex).filter(|low| (0xDC00..0xE000).contains(low));
        match low {
            Some(low) if (0xD800..0xDC00).contains(&unit) => {
                push(&mut out, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
                rest = rest.get(6..).unwrap_or_default();
            }
            _ => push(&mut out, unit),
        }
    }
    out.extend_from_slice(rest.as_bytes());
    out
}

/// The code unit of an escape without its backslash, and how many bytes it took.
fn unescaped(escape: &str) -> (u32, usize) {
    let unit = match escape.as_bytes().first() {
        Some(b'u') => return (hex(escape.get(1..).unwrap_or_default()).unwrap_or(0xFFFD), 5),
        Some(b'b') => 8,
        Some(b'f') => 12,
        Some(b'n') => 10,
        Some(b'r') => 13,
        Some(b't') => 9,
        Some(&byte) => u32::from(byte),
        None => return (0xFFFD, 0),
    };
    (unit, 1)
}

fn hex(digits: &str) -> Option<u32> {
    u32::from_str_radix(digits.get(..4)?, 16).ok()
}

fn push(out: &mut Vec<u8>, code: u32) {
    match char::from_u32(code) {
        Some(character) => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        None => {
            let byte = |shift: u32, mark: u32| (mark | ((code >> shift) & 0x3F)) as u8;
            out.extend_from_slice(&[(0xE0 | (code >> 12)) as u8, byte(6, 0x80), byte(0, 0x80)]);
        }
    }
}
