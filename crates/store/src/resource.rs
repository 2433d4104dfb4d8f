//! Resources: what they are (definition), their contents (versions, never changed), and the version of each in
//! a branch's work in progress (draft).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::query::{execute, fetch_all, fetch_optional};
use crate::{Result, Scope, StoreError, Tx, user::Stamp};

/// What a resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An incoming webhook.
    DataSource,
    /// A BPMN process.
    ProcessDefinition,
}

impl Kind {
    /// As it stands in the rows and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::DataSource => "data-source",
            Kind::ProcessDefinition => "process-definition",
        }
    }
}

/// The settings of an incoming webhook, as its version keeps them (JSON text).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookSettings {
    /// Purpose or context, at most 500 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Headers whose values are not stored; `None` for the default list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted_headers: Option<Vec<String>>,
    /// Where the sender's own id of an event stands: `header:…` or `pointer:…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

impl WebhookSettings {
    /// The JSON text of a version row.
    pub fn to_text(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|e| StoreError::Corrupt(format!("settings: {e}")))
    }

    /// Reads the JSON text of a version row.
    pub fn from_text(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|e| StoreError::Corrupt(format!("settings: {e}")))
    }
}

/// The content of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// As shown.
    pub name: String,
    /// For the comparison without regard to case.
    pub name_folded: String,
    /// JSON text.
    pub settings: String,
    /// The XML as it came (processes only).
    pub bpmn: Option<Vec<u8>>,
}

/// A resource in a branch's work in progress.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Draft {
    /// The `resourceDefinitionId`.
    pub id: String,
    /// The version that stands there; another with each change.
    pub version: String,
    /// As shown.
    pub name: String,
    /// JSON text.
    pub settings: String,
    /// Grows with each change.
    pub revision: i64,
    /// When the resource was made; milliseconds since the epoch.
    pub created_at: i64,
    /// When this branch's draft changed last.
    pub updated_at: i64,
    /// By whom.
    pub updated_by: Option<String>,
}

/// A resource and the version of it in a snapshot (of a commit or of the work in progress).
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Member {
    /// The `resourceDefinitionId`.
    pub id: String,
    /// The version.
    pub version: String,
    /// [`Kind`] as text.
    pub kind: String,
    /// As shown.
    pub name: String,
    /// For the comparison without regard to case.
    pub name_folded: String,
}

/// Which draft is meant, and what its caller believes to stand there.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The branch's id.
    pub branch: &'a str,
    /// What the resource must be.
    pub kind: Kind,
    /// The `resourceDefinitionId`.
    pub id: Uuid,
    /// The version that must stand there; `None` for any.
    pub expected: Option<&'a str>,
}

/// Makes a resource with its first version in a branch's work in progress. [`StoreError::Conflict`] if the name
/// is taken there.
pub async fn create(
    tx: &mut Tx,
    scope: &Scope,
    place: &Place<'_>,
    content: &Content,
    stamp: &Stamp,
) -> Result<()> {
    define(tx, scope, (place.id, place.kind), stamp).await?;
    let version = insert_version(tx, scope, place.id, content, stamp).await?;
    let draft = "INSERT INTO branch_resource (branch_id, resource_definition_id, resource_version_id, kind, name_folded, \
                 revision, updated_by, updated_at) VALUES ($1, $2, $3, $4, $5, 1, $6, $7)";
    execute!(
        tx,
        draft,
        place.branch,
        place.id.to_string(),
        version,
        place.kind.as_str(),
        content.name_folded.as_str(),
        stamp.user_text(),
        stamp.at,
    )?;
    Ok(())
}

/// Makes a resource that stands nowhere yet.
pub async fn define(tx: &mut Tx, scope: &Scope, (id, kind): (Uuid, Kind), stamp: &Stamp) -> Result<()> {
    let sql = "INSERT INTO resource_definition (id, project_id, kind, created_at) VALUES ($1, $2, $3, $4)";
    execute!(tx, sql, id.to_string(), scope.project_text(), kind.as_str(), stamp.at)?;
    Ok(())
}

/// What the resource with this id is; `None` where the project never had it.
pub async fn kind_of(tx: &mut Tx, scope: &Scope, id: &str) -> Result<Option<String>> {
    let sql = "SELECT kind FROM resource_definition WHERE project_id = $1 AND id = $2";
    Ok(fetch_optional!(tx, (String,), sql, scope.project_text(), id)?.map(|(kind,)| kind))
}

/// A version with this content: the one that the commit `head` has, if it is the same, else a new one.
pub async fn version_with(
    tx: &mut Tx,
    scope: &Scope,
    id: Uuid,
    (new, head): (&Content, Option<&str>),
    stamp: &Stamp,
) -> Result<String> {
    match same_as_head(tx, scope, id, head, new).await? {
        Some(version) => Ok(version),
        None => insert_version(tx, scope, id, new, stamp).await,
    }
}

async fn insert_version(
    tx: &mut Tx,
    scope: &Scope,
    id: Uuid,
    content: &Content,
    stamp: &Stamp,
) -> Result<String> {
    let version = Uuid::now_v7().to_string();
    let sql = "INSERT INTO resource_version (id, project_id, resource_definition_id, name, name_folded, settings, bpmn, \
               created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    execute!(
        tx,
        sql,
        version.as_str(),
        scope.project_text(),
        id.to_string(),
        content.name.as_str(),
        content.name_folded.as_str(),
        content.settings.as_str(),
        content.bpmn.clone(),
        stamp.user_text(),
        stamp.at,
    )?;
    if content.bpmn.is_some() {
        crate::selection::owe(tx, scope, &version).await?;
    }
    Ok(version)
}

const DRAFT: &str = "SELECT b.resource_definition_id AS id, b.resource_version_id AS version, v.name, v.settings, b.revision, \
     d.created_at, b.updated_at, b.updated_by FROM branch_resource b \
     JOIN resource_version v ON v.id = b.resource_version_id \
     JOIN resource_definition d ON d.id = b.resource_definition_id \
     WHERE d.project_id = $1 AND b.branch_id = $2 AND b.kind = $3 AND b.resource_definition_id = $4";

/// One draft.
pub async fn read(tx: &mut Tx, scope: &Scope, place: &Place<'_>) -> Result<Draft> {
    fetch_optional!(
        tx,
        Draft,
        DRAFT,
        scope.project_text(),
        place.branch,
        place.kind.as_str(),
        place.id.to_string()
    )?
    .ok_or(StoreError::NotFound)
}

/// The drafts of one kind in a branch, the newest resource first, after `before` (its time of creation and id);
/// one more than `limit` if there are more.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    (branch, kind): (&str, Kind),
    before: (i64, &str),
    limit: i64,
) -> Result<Vec<Draft>> {
    let sql = "SELECT b.resource_definition_id AS id, b.resource_version_id AS version, v.name, v.settings, b.revision, \
               d.created_at, b.updated_at, b.updated_by FROM branch_resource b \
               JOIN resource_version v ON v.id = b.resource_version_id \
               JOIN resource_definition d ON d.id = b.resource_definition_id \
               WHERE d.project_id = $1 AND b.branch_id = $2 AND b.kind = $3 \
               AND (d.created_at < $4 OR (d.created_at = $5 AND d.id < $6)) \
               ORDER BY d.created_at DESC, d.id DESC LIMIT $7";
    let (time, id) = before;
    fetch_all!(tx, Draft, sql, scope.project_text(), branch, kind.as_str(), time, time, id, limit + 1)
}

/// Everything in a branch's work in progress, in the order of the ids.
pub async fn work_in_progress(tx: &mut Tx, scope: &Scope, branch: &str) -> Result<Vec<Member>> {
    let sql = "SELECT b.resource_definition_id AS id, b.resource_version_id AS version, b.kind, v.name, v.name_folded \
               FROM branch_resource b JOIN resource_version v ON v.id = b.resource_version_id \
               WHERE v.project_id = $1 AND b.branch_id = $2 ORDER BY b.resource_definition_id";
    fetch_all!(tx, Member, sql, scope.project_text(), branch)
}

/// The resource that a version is of, with the name in it.
pub async fn version(tx: &mut Tx, scope: &Scope, version: &str) -> Result<Option<Member>> {
    let sql = "SELECT v.resource_definition_id AS id, v.id AS version, d.kind, v.name, v.name_folded FROM resource_version v \
               JOIN resource_definition d ON d.id = v.resource_definition_id WHERE v.project_id = $1 AND v.id = $2";
    fetch_optional!(tx, Member, sql, scope.project_text(), version)
}

#[derive(sqlx::FromRow)]
struct ContentRow {
    name: String,
    name_folded: String,
    settings: String,
    bpmn: Option<Vec<u8>>,
}

/// The content of a version.
pub async fn content(tx: &mut Tx, scope: &Scope, version: &str) -> Result<Content> {
    let sql =
        "SELECT name, name_folded, settings, bpmn FROM resource_version WHERE project_id = $1 AND id = $2";
    let row =
        fetch_optional!(tx, ContentRow, sql, scope.project_text(), version)?.ok_or(StoreError::NotFound)?;
    let ContentRow { name, name_folded, settings, bpmn } = row;
    Ok(Content { name, name_folded, settings, bpmn })
}

/// Puts another content into a draft; the same content changes nothing. `head` is the commit that the branch
/// ends in: content that is the same as there goes back to its version, so that it counts as unchanged.
/// [`StoreError::Stale`] if another version stands there than expected, [`StoreError::Conflict`] if the name is taken.
pub async fn save(
    tx: &mut Tx,
    scope: &Scope,
    place: &Place<'_>,
    content_now: (&Content, Option<&str>),
    stamp: &Stamp,
) -> Result<Draft> {
    let draft = expect(tx, scope, place).await?;
    let (new, head) = content_now;
    if content(tx, scope, &draft.version).await? == *new {
        return Ok(draft);
    }
    let version = version_with(tx, scope, place.id, (new, head), stamp).await?;
    let sql = "UPDATE branch_resource SET resource_version_id = $1, name_folded = $2, revision = revision + 1, \
               updated_by = $3, updated_at = $4 \
               WHERE branch_id = $5 AND resource_definition_id = $6 AND resource_version_id = $7";
    let touched = execute!(
        tx,
        sql,
        version,
        new.name_folded.as_str(),
        stamp.user_text(),
        stamp.at,
        place.branch,
        place.id.to_string(),
        draft.version.as_str(),
    )?;
    if touched == 0 {
        return Err(StoreError::Stale { stored: draft.revision + 1 });
    }
    drop_unused(tx, &draft.version).await?;
    read(tx, scope, place).await
}

/// Takes a resource out of a branch's work in progress.
pub async fn remove(tx: &mut Tx, scope: &Scope, place: &Place<'_>, stamp: &Stamp) -> Result<Draft> {
    let draft = expect(tx, scope, place).await?;
    crate::work::replace(tx, scope, place.branch, (std::slice::from_ref(&draft.id), &[]), stamp).await?;
    Ok(draft)
}

async fn expect(tx: &mut Tx, scope: &Scope, place: &Place<'_>) -> Result<Draft> {
    let draft = read(tx, scope, place).await?;
    match place.expected {
        Some(version) if version != draft.version => Err(StoreError::Stale { stored: draft.revision }),
        _ => Ok(draft),
    }
}

async fn same_as_head(
    tx: &mut Tx,
    scope: &Scope,
    id: Uuid,
    head: Option<&str>,
    new: &Content,
) -> Result<Option<String>> {
    let Some(head) = head else { return Ok(None) };
    let sql = "SELECT resource_version_id FROM commit_resource WHERE commit_id = $1 AND resource_definition_id = $2";
    let Some((version,)) = fetch_optional!(tx, (String,), sql, head, id.to_string())? else {
        return Ok(None);
    };
    Ok((content(tx, scope, &version).await? == *new).then_some(version))
}

/// A version that no commit and no branch holds any more is of no use: saving often must not fill the disk.
pub(crate) async fn drop_unused(tx: &mut Tx, version: &str) -> Result<()> {
    crate::selection::forget_unused(tx, version).await?;
    let sql = "DELETE FROM resource_version WHERE id = $1 \
               AND NOT EXISTS (SELECT 1 FROM commit_resource WHERE resource_version_id = $2) \
               AND NOT EXISTS (SELECT 1 FROM branch_resource WHERE resource_version_id = $3)";
    execute!(tx, sql, version, version, version)?;
    Ok(())
}
