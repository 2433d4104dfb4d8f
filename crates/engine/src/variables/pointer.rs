//! RFC 6901 JSON pointers into JSON text.

use super::scan;

/// The text that `pointer` names in `text`, or `None`. Directly below the top it is everything between
/// the separators, white space too, so that a posted body comes back byte for byte; deeper it is
/// the value alone. Of duplicate keys the last one counts, as in JavaScript.
pub(super) fn find<'a>(text: &'a str, pointer: &str) -> Option<&'a str> {
    if pointer.is_empty() {
        return Some(text);
    }
    let mut at = scan::after_space(text.as_bytes(), 0);
    let mut found = text;
    for (depth, token) in pointer.strip_prefix('/')?.split('/').enumerate() {
        let part = if text.as_bytes().get(at) == Some(&b'{') {
            let name = unescape(token)?;
            scan::parts(text, at)
                .filter(|part| scan::decoded(&text[part.key.clone()]) == name.as_bytes())
                .last()?
        } else {
            scan::parts(text, at).nth(index(token)?)?
        };
        found = &text[if depth == 0 { part.whole } else { part.value.clone() }];
        at = part.value.start;
    }
    Some(found)
}

/// `~1` is `/`, `~0` is `~`; another `~` is no pointer (clause 3).
fn unescape(token: &str) -> Option<String> {
    let mut out = String::with_capacity(token.len());
    let mut pieces = token.split('~');
    out.push_str(pieces.next()?);
    for piece in pieces {
        out.push(match piece.as_bytes().first()? {
            b'0' => '~',
            b'1' => '/',
            _ => return None,
        });
        out.push_str(&piece[1..]);
    }
    Some(out)
}

/// Digits without a leading zero (clause 4); `-` names no existing item.
fn index(token: &str) -> Option<usize> {
    let plain = token == "0" || (!token.starts_with('0') && token.bytes().all(|b| b.is_ascii_digit()));
    if plain { token.parse().ok() } else { None }
}
