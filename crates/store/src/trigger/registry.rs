//! What the gateway keeps in memory to judge a request.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::project::id;
use crate::query::fetch_all;
use crate::resource::WebhookSettings;
use crate::{Result, StoreError, Tx};

/// One trigger, as the gateway's registry needs it. It may be kept in a file: a hash opens nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistryRow {
    /// The trigger.
    pub trigger: Uuid,
    /// The organization of its address.
    pub organization: Uuid,
    /// The workspace of its address.
    pub workspace: Uuid,
    /// The project of its address.
    pub project: Uuid,
    /// The data source of its address.
    pub data_source: Uuid,
    /// `Active` or `Deactivated`.
    pub state: String,
    /// Whether the running commit connects it to a process.
    pub linked: bool,
    /// Every key that is kept.
    pub keys: Vec<RegistryKey>,
    /// The headers not to store, as the running commit's version says; `None` for the default list.
    pub redacted_headers: Option<Vec<String>>,
    /// `header:…` or `pointer:…`, as the running commit's version says.
    pub idempotency_key: Option<String>,
    /// Requests a second.
    pub rate_limit: Option<u32>,
    /// The running commit.
    pub commit: Option<Uuid>,
}

/// A key's hash and its end.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistryKey {
    /// SHA-256 of the characters as sent.
    pub sha256: [u8; 32],
    /// Milliseconds since the epoch; `None` for no end.
    pub valid_until: Option<i64>,
}

impl std::fmt::Debug for RegistryKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RegistryKey(…, until {:?})", self.valid_until)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    organization_id: String,
    workspace_id: String,
    project_id: String,
    data_source_id: String,
    state: String,
    linked: i64,
    rate_limit: Option<i64>,
    running_commit_id: Option<String>,
    settings: Option<String>,
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    trigger_id: String,
    sha256: Vec<u8>,
    valid_until: Option<i64>,
}

/// Every trigger of the installation. Installation-wide: the gateway serves all projects.
pub async fn registry_rows(tx: &mut Tx) -> Result<Vec<RegistryRow>> {
    let sql = "SELECT t.id, t.organization_id, t.workspace_id, t.project_id, t.data_source_id, t.state, t.linked, \
               t.rate_limit, p.running_commit_id, v.settings FROM webhook_trigger t \
               LEFT JOIN active_policy p ON p.project_id = t.project_id \
               LEFT JOIN commit_resource r ON r.commit_id = p.running_commit_id AND r.resource_definition_id = t.data_source_id \
               LEFT JOIN resource_version v ON v.id = r.resource_version_id ORDER BY t.id";
    let rows = fetch_all!(&mut *tx, Row, sql)?;
    let keys =
        fetch_all!(&mut *tx, KeyRow, "SELECT trigger_id, sha256, valid_until FROM trigger_key ORDER BY id")?;
    let mut by_trigger: HashMap<String, Vec<RegistryKey>> = HashMap::new();
    for key in keys {
        let sha256 = <[u8; 32]>::try_from(key.sha256.as_slice())
            .map_err(|_| StoreError::Corrupt(format!("the key hash of trigger {}", key.trigger_id)))?;
        by_trigger
            .entry(key.trigger_id)
            .or_default()
            .push(RegistryKey { sha256, valid_until: key.valid_until });
    }
    rows.into_iter()
        .map(|row| {
            let keys = by_trigger.remove(&row.id).unwrap_or_default();
            registry_row(row, keys)
        })
        .collect()
}

fn registry_row(row: Row, keys: Vec<RegistryKey>) -> Result<RegistryRow> {
    let settings = row.settings.as_deref().map(WebhookSettings::from_text).transpose()?.unwrap_or_default();
    Ok(RegistryRow {
        trigger: id(&row.id)?,
        organization: id(&row.organization_id)?,
        workspace: id(&row.workspace_id)?,
        project: id(&row.project_id)?,
        data_source: id(&row.data_source_id)?,
        state: row.state,
        linked: row.linked != 0,
        keys,
        redacted_headers: settings.redacted_headers,
        idempotency_key: settings.idempotency_key,
        rate_limit: row.rate_limit.and_then(|limit| u32::try_from(limit).ok()),
        commit: row.running_commit_id.as_deref().map(id).transpose()?,
    })
}
