//! From bytes to text (XML 1.0, section 4.3.3 and appendix F).

use std::borrow::Cow;

use super::ReadError;

/// How far into the file an XML declaration is looked for, in bytes.
const DECLARATION_BYTES: usize = 256;

/// Code points of Windows-1252's bytes 0x80 to 0x9F; 0 where a byte stands for nothing.
const WINDOWS_1252: [u16; 32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
    0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
    0x0153, 0, 0x017E, 0x0178,
];

/// The text of a file, without its byte order mark. What the bytes show (a mark, UTF-16's zeros)
/// counts for more than what the declaration says.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    if let Some(rest) = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]) {
        return utf8(rest);
    }
    if bytes.starts_with(&[0xFF, 0xFE, 0, 0]) || bytes.starts_with(&[0, 0, 0xFE, 0xFF]) {
        return Err(fault("the file is UTF-32, which is not read"));
    }
    if let Some(rest) = bytes.strip_prefix(&[0xFF, 0xFE]) {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(&[0xFE, 0xFF]) {
        return utf16(rest, u16::from_be_bytes);
    }
    if bytes.starts_with(b"<\0") {
        return utf16(bytes, u16::from_le_bytes);
    }
    if bytes.starts_with(b"\0<") {
        return utf16(bytes, u16::from_be_bytes);
    }
    declared(bytes)
}

fn declared(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    let Some(label) = label(bytes) else {
        return utf8(bytes);
    };
    match label.to_ascii_lowercase().as_str() {
        // Text that calls itself UTF-16 but is not was transcoded on its way; the bytes are right.
        "utf-8" | "utf8" | "us-ascii" | "ascii" | "utf-16" | "utf-16le" | "utf-16be" => utf8(bytes),
        "iso-8859-1" | "iso8859-1" | "iso_8859-1" | "latin1" => {
            Ok(bytes.iter().map(|byte| char::from(*byte)).collect())
        }
        "windows-1252" | "cp1252" => windows_1252(bytes),
        _ => Err(fault(&format!("the file is in the encoding \"{label}\", which is not read"))),
    }
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
