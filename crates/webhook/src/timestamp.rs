//! Points in time as milliseconds since the epoch, and their RFC 3339 text.

use std::fmt::Write as _;

use jiff::Timestamp;

/// RFC 3339 in UTC with exactly three decimals and `Z`: `2026-11-24T05:34:08.123Z`.
///
/// Times outside of the years −9999 to 9999 are shown as the nearest time inside.
pub fn rfc3339(milliseconds: i64) -> String {
    let timestamp = Timestamp::from_millisecond(milliseconds).unwrap_or(if milliseconds < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    });
    let mut text = String::with_capacity(32);
    // Writing to a String cannot fail.
    let _ = write!(text, "{timestamp:.3}");
    text
}

/// Reads an RFC 3339 time with any offset; what is finer than a millisecond is cut off.
pub fn parse(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}
