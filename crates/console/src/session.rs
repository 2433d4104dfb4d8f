//! Sessions of people: how long they last.

use store::session::Session;

/// A session ends so long after its last use.
pub(crate) const IDLE: i64 = 12 * 60 * 60 * 1000;

/// Whether a session has ended by itself.
pub(crate) fn is_over(session: &Session, now: i64) -> bool {
    now >= session.expires_at || now - session.last_used_at >= IDLE
}
