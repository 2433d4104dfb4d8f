//! People who use the console. Installation-wide: a user may be a member of several projects.

use uuid::Uuid;

use crate::query::{execute, fetch_optional};
use crate::view::fetch_built;
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
    /// Unique in the installation, in small letters.
    pub email: String,
    /// As shown.
    pub name: String,
    /// 1 for a user who may not sign in.
    pub disabled: i64,
    /// 1 for a user who has a password.
    pub has_password: i64,
    /// Grows with each change.
    pub revision: i64,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// When the password was set; milliseconds since the epoch.
    pub password_changed_at: Option<i64>,
    /// When they last signed in with a password or a link.
    pub signed_in_at: Option<i64>,
}

/// What a sign-in is checked against.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Account {
    /// The user's id.
    pub id: String,
    /// 1 for a user who may not sign in.
    pub disabled: i64,
    /// In the PHC string format; `None` before one was set.
    pub password_hash: Option<String>,
}

/// Which users a list has.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// With exactly this e-mail, in small letters.
    pub email: Option<String>,
    /// Who may, or may not, sign in.
    pub disabled: Option<bool>,
}

/// Makes a user without a password. [`crate::StoreError::Conflict`] if there is one with this e-mail.
pub async fn insert(tx: &mut Tx, id: Uuid, email: &str, name: &str, now: i64) -> Result<()> {
    let sql = "INSERT INTO app_user (id, email, name, password_hash, disabled, created_at) VALUES ($1, $2, $3, NULL, 0, $4)";
    execute!(tx, sql, id.to_string(), email, name, now)?;
    Ok(())
}

const HEAD: &str = "SELECT id, email, name, disabled, \
     CAST(CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END AS BIGINT) AS has_password, revision, created_at, \
     password_changed_at, signed_in_at FROM app_user WHERE ";

/// One user.
pub async fn read(tx: &mut Tx, id: Uuid) -> Result<Option<User>> {
    let rows = fetch_built!(tx, User, HEAD, |q| {
        q.push("id = ").push_bind(id.to_string());
    })?;
    Ok(rows.into_iter().next())
}

/// Users after this e-mail, in the order of their e-mails; one more than `limit` if there are more.
pub async fn list(tx: &mut Tx, filter: &Filter, after: &str, limit: i64) -> Result<Vec<User>> {
    fetch_built!(tx, User, HEAD, |q| {
        q.push("email > ").push_bind(after.to_owned());
        if let Some(email) = &filter.email {
            q.push(" AND email = ").push_bind(email.clone());
        }
        if let Some(disabled) = filter.disabled {
            q.push(" AND disabled = ").push_bind(i64::from(disabled));
        }
        q.push(" ORDER BY email LIMIT ").push_bind(limit + 1);
    })
}

/// The user who was made first.
pub async fn first(tx: &mut Tx) -> Result<Option<User>> {
    let rows = fetch_built!(tx, User, HEAD, |q| {
        q.push("1 = 1 ORDER BY created_at, id LIMIT 1");
    })?;
    Ok(rows.into_iter().next())
}

/// The administrator for whom the command line acts: of those who may sign in and are admin of an organization, the
/// one who was made first.
pub async fn administrator(tx: &mut Tx) -> Result<Option<User>> {
    let rows = fetch_built!(tx, User, HEAD, |q| {
        q.push(
            "disabled = 0 AND id IN (SELECT user_id FROM role_assignment WHERE level = 'organization' AND role = 'admin') \
             ORDER BY created_at, id LIMIT 1",
        );
    })?;
    Ok(rows.into_iter().next())
}

/// What a sign-in with this e-mail (in small letters) is checked against.
pub async fn account(tx: &mut Tx, email: &str) -> Result<Option<Account>> {
    let sql = "SELECT id, disabled, password_hash FROM app_user WHERE email = $1";
    fetch_optional!(tx, Account, sql, email)
}

/// What a password of this user is checked against.
pub async fn account_of(tx: &mut Tx, id: Uuid) -> Result<Option<Account>> {
    let sql = "SELECT id, disabled, password_hash FROM app_user WHERE id = $1";
    fetch_optional!(tx, Account, sql, id.to_string())
}

/// Changes what others see of a user. [`crate::StoreError::Conflict`] if another has the e-mail.
pub async fn change(tx: &mut Tx, id: Uuid, (email, name, disabled): (&str, &str, bool)) -> Result<()> {
    let sql =
        "UPDATE app_user SET email = $1, name = $2, disabled = $3, revision = revision + 1 WHERE id = $4";
    execute!(tx, sql, email, name, i64::from(disabled), id.to_string())?;
    Ok(())
}

/// Sets the password: its hash in the PHC string format.
pub async fn set_password(tx: &mut Tx, id: Uuid, hash: &str, now: i64) -> Result<()> {
    let sql = "UPDATE app_user SET password_hash = $1, password_changed_at = $2, revision = revision + 1 WHERE id = $3";
    execute!(tx, sql, hash, now, id.to_string())?;
    Ok(())
}

/// Notes that a user signed in.
pub async fn signed_in(tx: &mut Tx, id: Uuid, now: i64) -> Result<()> {
    execute!(tx, "UPDATE app_user SET signed_in_at = $1 WHERE id = $2", now, id.to_string())?;
    Ok(())
}
