//! Bearer tokens of the API. Only the SHA-256 of a token is kept: it has at least 112 random bits, so a plain
//! hash is enough (ASVS 5.0 6.5.2). Installation-wide: a token is looked up before any scope is known.

use uuid::Uuid;

use crate::query::{execute, fetch_optional};
use crate::view::fetch_built;
use crate::{Result, Tx};

/// A token and the user it acts for.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Token {
    /// UUID, version 4.
    pub id: String,
    /// The user it acts for.
    pub user_id: String,
    /// That user's e-mail.
    pub email: String,
    /// That user's name.
    pub user_name: String,
    /// 1 when that user may not sign in.
    pub disabled: i64,
    /// The only project it opens; `None` for all.
    pub project_id: Option<String>,
    /// As lists show it.
    pub name: String,
    /// What it may do, words with spaces between; `admin` is everything.
    pub scopes: String,
    /// Milliseconds since the epoch; `None` for never.
    pub expires_at: Option<i64>,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<i64>,
}

/// A token to be made.
#[derive(Debug)]
pub struct NewToken<'a> {
    /// UUID, version 4.
    pub id: Uuid,
    /// The user it acts for.
    pub user: Uuid,
    /// The only project it opens.
    pub project: Option<Uuid>,
    /// As lists show it.
    pub name: &'a str,
    /// SHA-256 of the token's characters.
    pub sha256: [u8; 32],
    /// Words with spaces between.
    pub scopes: &'a str,
    /// Milliseconds since the epoch; `None` for never.
    pub expires_at: Option<i64>,
}

/// Keeps a token.
pub async fn insert(tx: &mut Tx, token: &NewToken<'_>, now: i64) -> Result<()> {
    let sql = "INSERT INTO api_token (id, user_id, project_id, name, sha256, scopes, created_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    execute!(
        tx,
        sql,
        token.id.to_string(),
        token.user.to_string(),
        token.project.map(|id| id.to_string()),
        token.name,
        token.sha256.to_vec(),
        token.scopes,
        now,
        token.expires_at,
    )?;
    Ok(())
}

/// The token with this hash, whether it is still valid or not.
pub async fn by_digest(tx: &mut Tx, sha256: [u8; 32]) -> Result<Option<Token>> {
    let sql = "SELECT t.id, t.user_id, u.email, u.name AS user_name, u.disabled, t.project_id, t.name, t.scopes, \
               t.expires_at, t.revoked_at, t.last_used_at \
               FROM api_token t JOIN app_user u ON u.id = t.user_id WHERE t.sha256 = $1";
    fetch_optional!(tx, Token, sql, sha256.to_vec())
}

/// Notes that a token was used.
pub async fn touch(tx: &mut Tx, id: &str, now: i64) -> Result<()> {
    execute!(tx, "UPDATE api_token SET last_used_at = $1 WHERE id = $2", now, id)?;
    Ok(())
}

/// A token as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    /// UUID.
    pub id: String,
    /// The user it acts for.
    pub user_id: String,
    /// That user's e-mail.
    pub email: String,
    /// The only project it opens; `None` for all.
    pub project_id: Option<String>,
    /// As people called it.
    pub name: String,
    /// Words with spaces between.
    pub scopes: String,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// `None` for never.
    pub expires_at: Option<i64>,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<i64>,
}

/// Whose tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Those that act for a user.
    User(Uuid),
    /// Those that open this project only, whomever they act for.
    Project(Uuid),
}

impl Owner {
    fn column(self) -> (&'static str, String) {
        match self {
            Owner::User(id) => ("t.user_id = ", id.to_string()),
            Owner::Project(id) => ("t.project_id = ", id.to_string()),
        }
    }
}

const LIST: &str = "SELECT t.id, t.user_id, u.email, t.project_id, t.name, t.scopes, t.created_at, t.expires_at, \
     t.revoked_at, t.last_used_at FROM api_token t JOIN app_user u ON u.id = t.user_id WHERE ";

/// Tokens before this id, by falling id; one more than `limit` if there are more.
pub async fn list(tx: &mut Tx, owner: Owner, before: &str, limit: i64) -> Result<Vec<Listed>> {
    let (column, id) = owner.column();
    fetch_built!(tx, Listed, LIST, |q| {
        q.push(column).push_bind(id);
        q.push(" AND t.id < ").push_bind(before.to_owned());
        q.push(" ORDER BY t.id DESC LIMIT ").push_bind(limit + 1);
    })
}

/// One token of an owner.
pub async fn read(tx: &mut Tx, owner: Owner, token: Uuid) -> Result<Listed> {
    let (column, id) = owner.column();
    let rows = fetch_built!(tx, Listed, LIST, |q| {
        q.push(column).push_bind(id);
        q.push(" AND t.id = ").push_bind(token.to_string());
    })?;
    rows.into_iter().next().ok_or(crate::StoreError::NotFound)
}

/// Makes a token invalid at once.
pub async fn revoke(tx: &mut Tx, id: Uuid, now: i64) -> Result<()> {
    let sql = "UPDATE api_token SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL";
    execute!(tx, sql, now, id.to_string())?;
    Ok(())
}

/// Makes every token of this name invalid, but for the one with this hash, which is made valid again. True if
/// there is one with this hash.
pub async fn only_valid(tx: &mut Tx, name: &str, sha256: [u8; 32], now: i64) -> Result<bool> {
    let digest = sha256.to_vec();
    let others =
        "UPDATE api_token SET revoked_at = $1 WHERE name = $2 AND sha256 <> $3 AND revoked_at IS NULL";
    execute!(tx, others, now, name, digest.clone())?;
    let this = "UPDATE api_token SET revoked_at = NULL, expires_at = NULL WHERE sha256 = $1";
    Ok(execute!(tx, this, digest)? > 0)
}
