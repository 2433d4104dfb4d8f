//! From bytes to text (XML 1.0, section 4.3.3 and appendix F).

use std::borrow::Cow;
use std::ops::Range;

use super::ReadError;

/// How far into the file an XML declaration is looked for, in bytes.
const DECLARATION_BYTES: usize = 256;

/// Code points of Windows-1252's bytes 0x80 to 0x9F; 0 where a byte stands for nothing.
const WINDOWS_1252: [u16; 32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
    0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
    0x0153, 0, 0x017E, 0x0178,
];

/// How characters stand in the bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Utf8,
    Utf16Le,
    Utf16Be,
    Latin1,
    Windows1252,
}

/// The form of a file and the length of its byte order mark. What the bytes show (a mark, UTF-16's zeros)
/// counts for more than what the declaration says.
fn form(bytes: &[u8]) -> Result<(Form, usize), ReadError> {
    if bytes.starts_with(&[0xEF, 0xBB, 0xBF]) {
        return Ok((Form::Utf8, 3));
    }
    if bytes.starts_with(&[0xFF, 0xFE, 0, 0]) || bytes.starts_with(&[0, 0, 0xFE, 0xFF]) {
        return Err(fault("the file is UTF-32, which is not read"));
    }
    match bytes {
        [0xFF, 0xFE, ..] => return Ok((Form::Utf16Le, 2)),
        [0xFE, 0xFF, ..] => return Ok((Form::Utf16Be, 2)),
        [b'<', 0, ..] => return Ok((Form::Utf16Le, 0)),
        [0, b'<', ..] => return Ok((Form::Utf16Be, 0)),
        _ => {}
    }
    let Some(label) = label(bytes) else {
        return Ok((Form::Utf8, 0));
    };
    match label.to_ascii_lowercase().as_str() {
        // Text that calls itself UTF-16 but is not was transcoded on its way; the bytes are right.
        "utf-8" | "utf8" | "us-ascii" | "ascii" | "utf-16" | "utf-16le" | "utf-16be" => Ok((Form::Utf8, 0)),
        "iso-8859-1" | "iso8859-1" | "iso_8859-1" | "latin1" => Ok((Form::Latin1, 0)),
        "windows-1252" | "cp1252" => Ok((Form::Windows1252, 0)),
        _ => Err(fault(&format!("the file is in the encoding \"{label}\", which is not read"))),
    }
}

/// The text of a file, without its byte order mark.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    let (form, mark) = form(bytes)?;
    let rest = &bytes[mark..];
    match form {
        Form::Utf8 => utf8(rest),
        Form::Utf16Le => utf16(rest, u16::from_le_bytes),
        Form::Utf16Be => utf16(rest, u16::from_be_bytes),
        Form::Latin1 => Ok(rest.iter().map(|byte| char::from(*byte)).collect()),
        Form::Windows1252 => windows_1252(rest),
    }
}

/// The bytes of a file with pieces of its text replaced by ASCII; everything else stays byte for byte. `text` is
/// what [`decode`] gave; the pieces are ranges of it, in order.
pub(super) fn splice(
    bytes: &[u8],
    text: &str,
    pieces: &[(Range<usize>, String)],
) -> Result<Vec<u8>, ReadError> {
    let (form, mark) = form(bytes)?;
    let width = |text: &str| match form {
        Form::Utf8 => text.len(),
        Form::Utf16Le | Form::Utf16Be => 2 * text.encode_utf16().count(),
        Form::Latin1 | Form::Windows1252 => text.chars().count(),
    };
    let mut spliced = Vec::with_capacity(bytes.len());
    spliced.extend_from_slice(&bytes[..mark]);
    let (mut read, mut from) = (0, mark);
    for (range, ascii) in pieces {
        // where a piece begins in the bytes: what was copied so far and the text in between
        let to = from + width(&text[read..range.start]);
        spliced.extend_from_slice(&bytes[from..to]);
        for byte in ascii.bytes() {
            match form {
                Form::Utf16Le => spliced.extend([byte, 0]),
                Form::Utf16Be => spliced.extend([0, byte]),
                _ => spliced.push(byte),
            }
        }
        from = to + width(&text[range.clone()]);
        read = range.end;
    }
    spliced.extend_from_slice(&bytes[from..]);
    Ok(spliced)
}

/// The encoding that an XML declaration names.
fn label(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(DECLARATION_BYTES)];
    let head = String::from_utf8_lossy(head);
    let (declaration, _) = head.strip_prefix("<?xml")?.split_once("?>")?;
    let (_, after) = declaration.split_once("encoding")?;
    let value = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (label, _) = value[1..].split_once(quote)?;
    Some(label.trim().to_owned())
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        fault(&format!("the file is not valid UTF-8 in line {line}"))
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, ReadError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(fault("the file is UTF-16 but has an odd number of bytes"));
    }
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .collect::<Result<String, _>>()
        .map(Cow::Owned)
        .map_err(|_| fault("the file is UTF-16 but has half a surrogate pair"))
}

fn windows_1252(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    bytes
        .iter()
        .map(|byte| match byte {
            0x80..=0x9F => match WINDOWS_1252[usize::from(byte - 0x80)] {
                0 => Err(fault(&format!(
                    "the file says that it is Windows-1252, which has no byte {byte:#04X}"
                ))),
                point => Ok(char::from_u32(u32::from(point)).unwrap_or(char::REPLACEMENT_CHARACTER)),
            },
            _ => Ok(char::from(*byte)),
        })
        .collect::<Result<String, _>>()
        .map(Cow::Owned)
}

fn fault(message: &str) -> ReadError {
    ReadError::Encoding { message: message.to_owned() }
}
