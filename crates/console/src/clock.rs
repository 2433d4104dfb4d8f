//! The time, once for each request.

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since the epoch.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// RFC 3339 in UTC with milliseconds and `Z`.
pub(crate) fn show(ms: i64) -> String {
    webhook::timestamp::rfc3339(ms)
}

/// The same of a time that may be missing.
pub(crate) fn show_some(ms: Option<i64>) -> Option<String> {
    ms.map(show)
}
