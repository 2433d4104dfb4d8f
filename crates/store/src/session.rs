//! Sessions of people in a browser. Only the SHA-256 of the cookie's value is kept. A session that ended has no row.
//! Installation-wide: a session is looked up before any scope is known.

use uuid::Uuid;

use crate::query::{execute, fetch_all, fetch_optional};
use crate::{Result, Tx};

/// A session and the user it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Session {
    /// UUID, version 7.
    pub id: String,
    /// The user.
    pub user_id: String,
    /// That user's e-mail.
    pub email: String,
    /// That user's name.
    pub user_name: String,
    /// 1 when that user may not sign in.
    pub disabled: i64,
    /// Where it was begun from.
    pub source_address: Option<String>,
    /// What the browser said it is.
    pub user_agent: Option<String>,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// To the minute.
    pub last_used_at: i64,
    /// When it ends at the latest.
    pub expires_at: i64,
}

/// A session to begin.
#[derive(Debug)]
pub struct NewSession<'a> {
    /// UUID, version 7.
    pub id: Uuid,
    /// The user.
    pub user: Uuid,
    /// SHA-256 of the cookie's value.
    pub sha256: [u8; 32],
    /// Where it is begun from.
    pub source_address: Option<&'a str>,
    /// What the browser says it is.
    pub user_agent: Option<&'a str>,
    /// Milliseconds since the epoch.
    pub now: i64,
    /// When it ends at the latest.
    pub expires_at: i64,
}

/// Begins a session.
pub async fn insert(tx: &mut Tx, session: &NewSession<'_>) -> Result<()> {
    let sql = "INSERT INTO user_session (id, user_id, sha256, source_address, user_agent, created_at, last_used_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    execute!(
        tx,
        sql,
        session.id.to_string(),
        session.user.to_string(),
        session.sha256.to_vec(),
        session.source_address,
        session.user_agent,
        session.now,
        session.now,
        session.expires_at,
    )?;
    Ok(())
}

/// The session with this hash, whether it is still valid or not.
pub async fn by_digest(tx: &mut Tx, sha256: [u8; 32]) -> Result<Option<Session>> {
    let sql = "SELECT s.id, s.user_id, u.email, u.name AS user_name, u.disabled, s.source_address, s.user_agent, \
               s.created_at, s.last_used_at, s.expires_at \
               FROM user_session s JOIN app_user u ON u.id = s.user_id WHERE s.sha256 = $1";
    fetch_optional!(tx, Session, sql, sha256.to_vec())
}

/// The sessions of a user before this id, the newest first; one more than `limit` if there are more.
pub async fn list(tx: &mut Tx, user: Uuid, before: &str, limit: i64) -> Result<Vec<Session>> {
    let sql = "SELECT s.id, s.user_id, u.email, u.name AS user_name, u.disabled, s.source_address, s.user_agent, \
               s.created_at, s.last_used_at, s.expires_at \
               FROM user_session s JOIN app_user u ON u.id = s.user_id WHERE s.user_id = $1 AND s.id < $2 \
               ORDER BY s.id DESC LIMIT $3";
    fetch_all!(tx, Session, sql, user.to_string(), before, limit + 1)
}

/// Notes that a session was used.
pub async fn touch(tx: &mut Tx, id: &str, now: i64) -> Result<()> {
    execute!(tx, "UPDATE user_session SET last_used_at = $1 WHERE id = $2", now, id)?;
    Ok(())
}

/// Ends one session of a user; false if there is none of this id.
pub async fn end(tx: &mut Tx, user: Uuid, id: Uuid) -> Result<bool> {
    let sql = "DELETE FROM user_session WHERE user_id = $1 AND id = $2";
    Ok(execute!(tx, sql, user.to_string(), id.to_string())? > 0)
}

/// Ends every session of a user but this one; how many.
pub async fn end_others(tx: &mut Tx, user: Uuid, but: Option<Uuid>) -> Result<u64> {
    let but = but.map(|id| id.to_string()).unwrap_or_default();
    execute!(tx, "DELETE FROM user_session WHERE user_id = $1 AND id <> $2", user.to_string(), but)
}

/// Removes the sessions of a user that cannot be used any more: over, or idle since before `idle_since`.
pub async fn sweep(tx: &mut Tx, user: Uuid, now: i64, idle_since: i64) -> Result<()> {
    let sql = "DELETE FROM user_session WHERE user_id = $1 AND (expires_at <= $2 OR last_used_at < $3)";
    execute!(tx, sql, user.to_string(), now, idle_since)?;
    Ok(())
}

/// Whether a user has a session that was begun from this address.
pub async fn known_address(tx: &mut Tx, user: Uuid, address: &str) -> Result<bool> {
    let sql = "SELECT id FROM user_session WHERE user_id = $1 AND source_address = $2 LIMIT 1";
    Ok(fetch_optional!(tx, (String,), sql, user.to_string(), address)?.is_some())
}
