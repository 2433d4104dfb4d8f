//! The API keys of a trigger: the hash that the gateway compares, and the key itself, encrypted.

use uuid::Uuid;

use crate::query::{execute, fetch_all, fetch_optional};
use crate::{Result, Scope, StoreError, Tx, user::Stamp};

/// A key as kept.
#[derive(Clone)]
pub struct Key {
    /// SHA-256 of the characters as sent.
    pub sha256: [u8; 32],
    /// The key encrypted, bound to the trigger's id.
    pub sealed: Vec<u8>,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key([redacted])")
    }
}

/// What may be shown of a key.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct KeySummary {
    /// UUID, version 7.
    pub id: String,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// `None` for no end.
    pub valid_until: Option<i64>,
    /// When a request presented it last.
    pub last_used_at: Option<i64>,
}

/// Gives a trigger another key beside those it has.
pub async fn insert_key(tx: &mut Tx, scope: &Scope, trigger: Uuid, key: &Key, stamp: &Stamp) -> Result<()> {
    let sql = "INSERT INTO trigger_key (id, trigger_id, sha256, sealed, created_at) \
               SELECT $1, t.id, $2, $3, $4 FROM webhook_trigger t WHERE t.project_id = $5 AND t.id = $6";
    execute!(
        tx,
        sql,
        Uuid::now_v7().to_string(),
        key.sha256.to_vec(),
        key.sealed.clone(),
        stamp.at,
        scope.project_text(),
        trigger.to_string(),
    )?;
    Ok(())
}

/// Puts one key in the place of all that the trigger has.
pub async fn replace_keys(tx: &mut Tx, scope: &Scope, trigger: Uuid, key: &Key, stamp: &Stamp) -> Result<()> {
    let sql = "UPDATE webhook_trigger SET revision = revision + 1 WHERE project_id = $1 AND id = $2";
    if execute!(tx, sql, scope.project_text(), trigger.to_string())? == 0 {
        return Err(crate::StoreError::NotFound);
    }
    execute!(tx, "DELETE FROM trigger_key WHERE trigger_id = $1", trigger.to_string())?;
    insert_key(tx, scope, trigger, key, stamp).await
}

/// The newest key of a trigger, encrypted.
pub async fn key(tx: &mut Tx, scope: &Scope, trigger: Uuid) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT k.sealed FROM trigger_key k JOIN webhook_trigger t ON t.id = k.trigger_id \
               WHERE t.project_id = $1 AND t.id = $2 ORDER BY k.id DESC LIMIT 1";
    let row = fetch_optional!(tx, (Vec<u8>,), sql, scope.project_text(), trigger.to_string())?;
    Ok(row.map(|(sealed,)| sealed))
}

/// The newest key of all, encrypted, with its trigger: it tells whether the master key is the right one.
pub async fn any_key(tx: &mut Tx) -> Result<Option<(Uuid, Vec<u8>)>> {
    let sql = "SELECT trigger_id, sealed FROM trigger_key ORDER BY id DESC LIMIT 1";
    let Some((trigger, sealed)) = fetch_optional!(tx, (String, Vec<u8>), sql)? else { return Ok(None) };
    let trigger = Uuid::parse_str(&trigger).map_err(|_| StoreError::Corrupt(format!("trigger {trigger}")))?;
    Ok(Some((trigger, sealed)))
}

/// What may be shown of a trigger's keys, the newest first.
pub async fn key_summaries(tx: &mut Tx, scope: &Scope, trigger: &str) -> Result<Vec<KeySummary>> {
    let sql = "SELECT k.id, k.created_at, k.valid_until, k.last_used_at FROM trigger_key k \
               JOIN webhook_trigger t ON t.id = k.trigger_id WHERE t.project_id = $1 AND t.id = $2 ORDER BY k.id DESC";
    fetch_all!(tx, KeySummary, sql, scope.project_text(), trigger)
}
