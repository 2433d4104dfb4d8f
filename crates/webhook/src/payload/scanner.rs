//! A scanner for JSON text (RFC 8259) that keeps nothing and never recurses.

/// Where a text stops being JSON, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Syntax {
    pub(crate) offset: usize,
    pub(crate) why: &'static str,
}

/// Checks a whole JSON text and says how deep arrays and objects are nested in it.
pub(crate) fn document(text: &str) -> Result<usize, Syntax> {
    let bytes = text.as_bytes();
    let value = value_end(bytes, white_space(bytes, 0))?;
    let end = white_space(bytes, value.end);
    if end == bytes.len() { Ok(value.depth) } else { fault(end, "more text after the value") }
}

/// Where a value ends, and how deep it is nested.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value {
    pub(crate) end: usize,
    pub(crate) depth: usize,
}

/// Scans the one value that begins exactly at `start`.
///
/// The bytes must be UTF-8: strings are not checked for it again.
pub(crate) fn value_end(bytes: &[u8], start: usize) -> Result<Value, Syntax> {
    let mut open = Containers::default();
    let mut deepest = 0;
    let mut at = start;
    loop {
        // Here a value is due.
        match bytes.get(at) {
            Some(b'"') => at = string_end(bytes, at)?,
            Some(b'{') => {
                open.push(true);
                deepest = deepest.max(open.depth);
                at = white_space(bytes, at + 1);
                if bytes.get(at) != Some(&b'}') {
                    at = member_value(bytes, at)?;
                    continue;
                }
                open.pop();
                at += 1;
            }
            Some(b'[') => {
                open.push(false);
                deepest = deepest.max(open.depth);
                at = white_space(bytes, at + 1);
                if bytes.get(at) != Some(&b']') {
                    continue;
                }
                open.pop();
                at += 1;
            }
            Some(b'-' | b'0'..=b'9') => at = number_end(bytes, at)?,
            Some(b't') => at = literal_end(bytes, at, b"true")?,
            Some(b'f') => at = literal_end(bytes, at, b"false")?,
            Some(b'n') => at = literal_end(bytes, at, b"null")?,
            Some(_) => return fault(at, "a value was expected"),
            None => return fault(at, "the text ends where a value was expected"),
        }
        // Here a value has ended: close what ends with it, then go to the next one.
        match after_value(bytes, at, &mut open)? {
            Next::Value(next) => at = next,
            Next::End(end) => return Ok(Value { end, depth: deepest }),
        }
    }
}

enum Next {
    Value(usize),
    End(usize),
}

fn after_value(bytes: &[u8], mut at: usize, open: &mut Containers) -> Result<Next, Syntax> {
    while open.depth > 0 {
        at = white_space(bytes, at);
        match (bytes.get(at), open.top_is_object()) {
            (Some(b','), true) => {
                return member_value(bytes, white_space(bytes, at + 1)).map(Next::Value);
            }
            (Some(b','), false) => return Ok(Next::Value(white_space(bytes, at + 1))),
            (Some(b'}'), true) | (Some(b']'), false) => {
                open.pop();
                at += 1;
            }
            (Some(_), true) => return fault(at, "a comma or } was expected"),
            (Some(_), false) => return fault(at, "a comma or ] was expected"),
            (None, _) => return fault(at, "the text ends inside an array or object"),
        }
    }
    Ok(Next::End(at))
}

/// From a member's name to where its value begins.
fn member_value(bytes: &[u8], at: usize) -> Result<usize, Syntax> {
    if bytes.get(at) != Some(&b'"') {
        return fault(at, "a name in double quotes was expected");
    }
    let colon = white_space(bytes, string_end(bytes, at)?);
    if bytes.get(colon) != Some(&b':') {
        return fault(colon, "a colon was expected");
    }
    Ok(white_space(bytes, colon + 1))
}

/// Which of the open containers are objects: one bit for each, so that a body of a million `[` needs 128 KiB.
#[derive(Default)]
struct Containers {
    depth: usize,
    word: u64,
    full_words: Vec<u64>,
}

impl Containers {
    fn push(&mut self, object: bool) {
        if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.full_words.push(self.word);
        }
        self.word = (self.word << 1) | u64::from(object);
        self.depth += 1;
    }

    fn pop(&mut self) {
        self.word >>= 1;
        self.depth -= 1;
        if self.depth > 0
            && self.depth.is_multiple_of(64)
            && let Some(word) = self.full_words.pop()
        {
            self.word = word;
        }
    }

    fn top_is_object(&self) -> bool {
        self.word & 1 == 1
    }
}

/// The first byte at or after `at` that is not white space.
pub(crate) fn white_space(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(at) {
        at += 1;
    }
    at
}

/// The byte after the string that begins with the quote at `at`.
pub(crate) fn string_end(bytes: &[u8], at: usize) -> Result<usize, Syntax> {
    let mut at = at + 1;
    loop {
        at = plain_end(bytes, at);
        match bytes.get(at) {
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => at = escape_end(bytes, at)?,
            Some(_) => return fault(at, "a control character in a string must be escaped"),
            None => return fault(at, "the text ends inside a string"),
        }
    }
}

/// The first quote, backslash or control character at or after `at`, eight bytes at a time.
fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*eight);
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let found = control | zero(word ^ (ONES * u64::from(b'"'))) | zero(word ^ (ONES * u64::from(b'\\')));
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while let Some(byte) = bytes.get(at) {
        if *byte < 0x20 || *byte == b'"' || *byte == b'\\' {
            break;
        }
        at += 1;
    }
    at
}

fn escape_end(bytes: &[u8], at: usize) -> Result<usize, Syntax> {
    match bytes.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u') => match bytes.get(at + 2..at + 6) {
            Some(digits) if digits.iter().all(u8::is_ascii_hexdigit) => Ok(at + 6),
            _ => fault(at, "\\u needs four hexadecimal digits"),
        },
        _ => fault(at, "an unknown escape in a string"),
    }
}

fn number_end(bytes: &[u8], at: usize) -> Result<usize, Syntax> {
    let mut end = at + usize::from(bytes.get(at) == Some(&b'-'));
    end = match bytes.get(end) {
        Some(b'0') => end + 1,
        Some(b'1'..=b'9') => digits_end(bytes, end),
        _ => return fault(end, "a digit was expected"),
    };
    if bytes.get(end) == Some(&b'.') {
        end = some_digits_end(bytes, end + 1)?;
    }
    if let Some(b'e' | b'E') = bytes.get(end) {
        let signed = matches!(bytes.get(end + 1), Some(b'+' | b'-'));
        end = some_digits_end(bytes, end + 1 + usize::from(signed))?;
    }
    Ok(end)
}

fn some_digits_end(bytes: &[u8], at: usize) -> Result<usize, Syntax> {
    let end = digits_end(bytes, at);
    if end > at { Ok(end) } else { fault(at, "a digit was expected") }
}

fn digits_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b'0'..=b'9') = bytes.get(at) {
        at += 1;
    }
    at
}

fn literal_end(bytes: &[u8], at: usize, literal: &[u8]) -> Result<usize, Syntax> {
    let end = at + literal.len();
    if bytes.get(at..end) == Some(literal) { Ok(end) } else { fault(at, "a value was expected") }
}

fn fault<T>(offset: usize, why: &'static str) -> Result<T, Syntax> {
    Err(Syntax { offset, why })
}
