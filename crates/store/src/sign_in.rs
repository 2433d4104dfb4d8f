//! One-time links, and the memory of wrong passwords. Installation-wide: a person who signs in has no scope yet.

use uuid::Uuid;

use crate::query::{execute, fetch_optional};
use crate::user::Stamp;
use crate::{Result, Tx};

/// A link that sets a password and signs in, and the user it is for.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Link {
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
    /// Milliseconds since the epoch.
    pub expires_at: i64,
}

/// Makes a link for a user; the one before it is void.
pub async fn make_link(
    tx: &mut Tx,
    user: Uuid,
    sha256: [u8; 32],
    stamp: &Stamp,
    expires_at: i64,
) -> Result<()> {
    remove_links(tx, user).await?;
    let sql = "INSERT INTO sign_in_link (id, user_id, sha256, created_by, created_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    execute!(
        tx,
        sql,
        Uuid::now_v7().to_string(),
        user.to_string(),
        sha256.to_vec(),
        stamp.user_text(),
        stamp.at,
        expires_at,
    )?;
    Ok(())
}

/// The link with this hash, whether it is still valid or not.
pub async fn link(tx: &mut Tx, sha256: [u8; 32]) -> Result<Option<Link>> {
    let sql = "SELECT l.id, l.user_id, u.email, u.name AS user_name, u.disabled, l.expires_at \
               FROM sign_in_link l JOIN app_user u ON u.id = l.user_id WHERE l.sha256 = $1";
    fetch_optional!(tx, Link, sql, sha256.to_vec())
}

/// Uses a link up; false if somebody else just did.
pub async fn use_link(tx: &mut Tx, id: &str) -> Result<bool> {
    Ok(execute!(tx, "DELETE FROM sign_in_link WHERE id = $1", id)? > 0)
}

/// Makes every link of a user void.
pub async fn remove_links(tx: &mut Tx, user: Uuid) -> Result<()> {
    execute!(tx, "DELETE FROM sign_in_link WHERE user_id = $1", user.to_string())?;
    Ok(())
}

/// Wrong passwords of late of one subject.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Failures {
    /// How many.
    pub failures: i64,
    /// When the last one was; milliseconds since the epoch.
    pub last_at: i64,
}

/// What is remembered of a subject; its row is held until the transaction ends, so that guesses at the same time
/// are counted one after the other.
pub async fn failures(tx: &mut Tx, subject: &str) -> Result<Failures> {
    let sql = "INSERT INTO sign_in_failure (subject, failures, last_at) VALUES ($1, 0, 0) \
               ON CONFLICT (subject) DO UPDATE SET failures = sign_in_failure.failures RETURNING failures, last_at";
    Ok(fetch_optional!(tx, Failures, sql, subject)?.unwrap_or_default())
}

/// Remembers so many; 0 forgets the subject.
pub async fn set_failures(tx: &mut Tx, subject: &str, failures: Failures) -> Result<()> {
    if failures.failures <= 0 {
        execute!(tx, "DELETE FROM sign_in_failure WHERE subject = $1", subject)?;
    } else {
        let sql = "UPDATE sign_in_failure SET failures = $1, last_at = $2 WHERE subject = $3";
        execute!(tx, sql, failures.failures, failures.last_at, subject)?;
    }
    Ok(())
}
