//! People who use the console. Installation-wide: a user may be a member of several projects.

use uuid::Uuid;

use crate::query::{execute, fetch_optional};
use crate::{Result, Tx};

/// Who changes something, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The user; `None` for Forebay itself.
    pub user: Option<Uuid>,
    /// Milliseconds since the epoch.
    pub at: i64,
}

impl Stamp {
    /// The user's id as it stands in the rows.
    pub(crate) fn user_text(&self) -> Option<String> {
        self.user.map(|id| id.to_string())
    }
}

/// A user, without the password.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct User {
    /// UUID, version 4.
    pub id: String,
    /// Unique in the installation.
    pub email: String,
    /// As shown.
    pub name: String,
    /// 1 for a user who may not sign in.
    pub disabled: i64,
    /// Milliseconds since the epoch.
    pub created_at: i64,
}

/// Makes a user without a password.
pub async fn insert(tx: &mut Tx, id: Uuid, email: &str, name: &str, now: i64) -> Result<()> {
    let sql = "INSERT INTO app_user (id, email, name, password_hash, disabled, created_at) VALUES ($1, $2, $3, NULL, 0, $4)";
    execute!(tx, sql, id.to_string(), email, name, now)?;
    Ok(())
}

/// One user.
pub async fn read(tx: &mut Tx, id: Uuid) -> Result<Option<User>> {
    let sql = "SELECT id, email, name, disabled, created_at FROM app_user WHERE id = $1";
    fetch_optional!(tx, User, sql, id.to_string())
}

/// The user who was made first: the one for whom the command line acts.
pub async fn first(tx: &mut Tx) -> Result<Option<User>> {
    let sql = "SELECT id, email, name, disabled, created_at FROM app_user ORDER BY created_at, id LIMIT 1";
    fetch_optional!(tx, User, sql)
}
