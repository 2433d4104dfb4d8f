//! How a record's headers lie in one BLOB, and the checksum over the whole record.

use crc32c::crc32c_append;

use crate::Headers;

/// Format byte of the headers BLOB.
const FORMAT: u8 = 1;

/// The format byte, then for each header the length of its name, the name, the length of its value, the
/// value; lengths are LEB128.
pub(super) fn encode(headers: &Headers) -> Vec<u8> {
    let size: usize = headers.iter().map(|(name, value)| name.len() + value.len() + 6).sum();
    let mut out = Vec::with_capacity(size + 1);
    out.push(FORMAT);
    for (name, value) in headers {
        put(&mut out, name.as_bytes());
        put(&mut out, value);
    }
    out
}

/// The opposite of [`encode`]; `None` where the bytes are not its output.
pub(super) fn decode(frame: &[u8]) -> Option<Headers> {
    let (&format, mut rest) = frame.split_first()?;
    if format != FORMAT {
        return None;
    }
    let mut headers = Headers::new();
    while !rest.is_empty() {
        let name = String::from_utf8(take(&mut rest)?.to_vec()).ok()?;
        headers.push((name, take(&mut rest)?.to_vec()));
    }
    Some(headers)
}

/// CRC-32C over everything that must come back unchanged; lengths keep the parts apart.
pub(super) fn checksum(id: &str, time: i64, headers: &[u8], value: &[u8]) -> u32 {
    let begun = crc32c_append(0, &time.to_le_bytes());
    [id.as_bytes(), headers, value]
        .into_iter()
        .fold(begun, |sum, part| crc32c_append(crc32c_append(sum, &(part.len() as u64).to_le_bytes()), part))
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    let mut length = bytes.len();
    while length >= 0x80 {
        out.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend_from_slice(bytes);
}

fn take<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let mut length = 0usize;
    for shift in (0..28).step_by(7) {
        let (&byte, after) = rest.split_first()?;
        *rest = after;
        length |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            let (bytes, after) = rest.split_at_checked(length)?;
            *rest = after;
            return Some(bytes);
        }
    }
    None
}
