//! Who has which roles on a place.

use uuid::Uuid;

use super::Place;
use crate::query::{execute, fetch_all, fetch_optional};
use crate::user::Stamp;
use crate::{Result, StoreError, Tx};

/// A user with their roles on a place.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Member {
    /// The oldest of the assignments: UUID, version 7.
    pub id: String,
    /// The user.
    pub user_id: String,
    /// The user's e-mail.
    pub email: String,
    /// The user's name.
    pub name: String,
    /// 1 for a user who may not sign in.
    pub disabled: i64,
    /// `organization`, `workspace` or `project`.
    pub level: String,
    /// The id of that thing.
    pub target_id: String,
    /// Some of `viewer`, `editor`, `operator` and `admin`, with spaces between; at least one.
    pub roles: String,
    /// 1 if payloads may be read beside what the roles say.
    pub payload: i64,
    /// Names each assignment with its revision: another text after each change of the roles or the flag, also where
    /// a role was taken away and given again.
    pub version: String,
    /// When the first of the roles was given: milliseconds since the epoch.
    pub created_at: i64,
    /// Milliseconds since the epoch.
    pub updated_at: i64,
}

/// The members whose oldest assignments a condition chooses: a page costs the same at any depth.
macro_rules! members_of {
    ($oldest:literal) => {
        concat!(
            "SELECT f.id, f.user_id, u.email, u.name, u.disabled, f.level, f.target_id, \
             string_agg(a.role, ' ' ORDER BY a.role) AS roles, max(a.payload) AS payload, \
             string_agg(a.id || '.' || a.revision, ' ' ORDER BY a.id) AS version, \
             min(a.created_at) AS created_at, max(a.updated_at) AS updated_at \
             FROM (SELECT r.id, r.user_id, r.level, r.target_id FROM role_assignment r WHERE ",
            $oldest,
            ") f JOIN role_assignment a ON a.user_id = f.user_id AND a.level = f.level AND a.target_id = f.target_id \
             JOIN app_user u ON u.id = f.user_id \
             GROUP BY f.id, f.user_id, u.email, u.name, u.disabled, f.level, f.target_id ORDER BY f.id"
        )
    };
}

/// Members of these places after this assignment, in the order in which they were added; one more than `limit` if
/// there are more.
pub async fn members(tx: &mut Tx, places: &[Place], after: &str, limit: i64) -> Result<Vec<Member>> {
    // with the bare id SQLite would look for an older role among all of the place instead of among the user's
    let sql = members_of!(
        "r.level = $1 AND r.target_id = $2 AND r.id > $3 AND NOT EXISTS (SELECT 1 FROM role_assignment e \
         WHERE e.user_id = r.user_id AND e.level = r.level AND e.target_id = r.target_id AND e.id || '' < r.id) \
         ORDER BY r.id LIMIT $4"
    );
    let mut found = Vec::new();
    for place in places {
        let (level, target) = place.texts();
        found.extend(fetch_all!(tx, Member, sql, level, target, after, limit + 1)?);
    }
    found.sort_by(|a, b| a.id.cmp(&b.id));
    found.truncate(usize::try_from(limit + 1).unwrap_or(usize::MAX));
    Ok(found)
}

/// The roles of a user on a place. [`StoreError::NotFound`] if there are none.
pub async fn member(tx: &mut Tx, place: Place, user: Uuid) -> Result<Member> {
    let sql = members_of!("r.user_id = $1 AND r.level = $2 AND r.target_id = $3 ORDER BY r.id LIMIT 1");
    let (level, target) = place.texts();
    fetch_optional!(tx, Member, sql, user.to_string(), level, target)?.ok_or(StoreError::NotFound)
}

/// Gives a role, with the flag. Nothing happens if the user has it there already.
pub async fn give(
    tx: &mut Tx,
    (user, place): (Uuid, Place),
    (role, payload): (&str, bool),
    stamp: &Stamp,
) -> Result<()> {
    let sql = "INSERT INTO role_assignment (id, user_id, level, target_id, role, payload, revision, created_by, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9) ON CONFLICT (user_id, level, target_id, role) DO NOTHING";
    let (level, target) = place.texts();
    execute!(
        tx,
        sql,
        Uuid::now_v7().to_string(),
        user.to_string(),
        level,
        target,
        role,
        i64::from(payload),
        stamp.user_text(),
        stamp.at,
        stamp.at,
    )?;
    Ok(())
}

/// Takes some roles away and gives others. One that comes in place of another keeps that one's row, and so since when
/// the user is a member. `payload`: the flag as the member has it.
pub async fn exchange(
    tx: &mut Tx,
    (user, place): (Uuid, Place),
    (taken, given): (&[&str], &[&str]),
    payload: bool,
    stamp: &Stamp,
) -> Result<()> {
    let (level, target) = place.texts();
    let both = taken.len().min(given.len());
    let sql = "UPDATE role_assignment SET role = $1, revision = revision + 1, updated_at = $2 \
               WHERE user_id = $3 AND level = $4 AND target_id = $5 AND role = $6";
    for (old, new) in taken.iter().zip(given) {
        execute!(tx, sql, *new, stamp.at, user.to_string(), level, target.as_str(), *old)?;
    }
    let sql =
        "DELETE FROM role_assignment WHERE user_id = $1 AND level = $2 AND target_id = $3 AND role = $4";
    for old in &taken[both..] {
        execute!(tx, sql, user.to_string(), level, target.as_str(), *old)?;
    }
    for new in &given[both..] {
        give(tx, (user, place), (*new, payload), stamp).await?;
    }
    Ok(())
}

/// Lets a member see payloads beside what their roles say, or no longer.
pub async fn set_payload(tx: &mut Tx, (user, place): (Uuid, Place), payload: bool, now: i64) -> Result<()> {
    let sql = "UPDATE role_assignment SET payload = $1, revision = revision + 1, updated_at = $2 \
               WHERE user_id = $3 AND level = $4 AND target_id = $5";
    let (level, target) = place.texts();
    execute!(tx, sql, i64::from(payload), now, user.to_string(), level, target)?;
    Ok(())
}
