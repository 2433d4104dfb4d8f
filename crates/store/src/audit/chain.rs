//! The hash chain of the audit: each entry carries the SHA-256 of the hash before it and of its own content, so that
//! an entry that was changed, taken out or put in between is found. One chain for each project and one for the
//! installation: only changes of one project wait for each other, and never the runner, which writes no entries.

use sha2::{Digest as _, Sha256};

use super::NewEntry;
use crate::query::{execute, fetch_all, fetch_optional};
use crate::{Result, StoreError, Tx};

/// The chain of what belongs to no project.
pub const INSTALLATION: &str = "installation";
/// What stands before the first entry.
const BEGINNING: [u8; 32] = [0; 32];

/// The place of a new entry.
pub(super) struct Next {
    pub(super) chain: String,
    pub(super) sequence: i64,
    pub(super) sha256: Vec<u8>,
}

/// Takes the next place of the entry's chain, for this transaction.
pub(super) async fn next(tx: &mut Tx, id: &str, entry: &NewEntry<'_>) -> Result<Next> {
    let project = entry.project.map(|id| id.to_string());
    let chain = project.clone().unwrap_or_else(|| INSTALLATION.to_owned());
    let sql = "INSERT INTO audit_chain (chain, sequence, sha256) VALUES ($1, 1, $2) \
               ON CONFLICT (chain) DO UPDATE SET sequence = audit_chain.sequence + 1 RETURNING sequence, sha256";
    let row = fetch_optional!(tx, (i64, Vec<u8>), sql, chain.as_str(), BEGINNING.to_vec())?;
    let (sequence, before) = row.ok_or(StoreError::NotFound)?;
    let (user, token, session) = (
        entry.stamp.user_text(),
        entry.token.map(|id| id.to_string()),
        entry.session.map(|id| id.to_string()),
    );
    let content = [
        Some(id),
        project.as_deref(),
        user.as_deref(),
        token.as_deref(),
        session.as_deref(),
        Some(entry.action),
        Some(entry.target),
        Some(entry.detail),
        entry.source_address,
        entry.request_id,
    ];
    let sha256 = hash(&before, (sequence, entry.stamp.at), &content);
    execute!(tx, "UPDATE audit_chain SET sha256 = $1 WHERE chain = $2", sha256.clone(), chain.as_str())?;
    Ok(Next { chain, sequence, sha256 })
}

/// Each text with its length before it, so that no two contents come to the same bytes.
fn hash(before: &[u8], (sequence, at): (i64, i64), content: &[Option<&str>]) -> Vec<u8> {
    let mut sha = Sha256::new();
    sha.update(before);
    sha.update(sequence.to_be_bytes());
    sha.update(at.to_be_bytes());
    for text in content {
        sha.update(text.map_or(u64::MAX, |text| text.len() as u64).to_be_bytes());
        sha.update(text.unwrap_or_default().as_bytes());
    }
    sha.finalize().to_vec()
}

/// The end of a chain.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct End {
    /// A project's id, or [`INSTALLATION`].
    pub chain: String,
    /// The number of entries.
    pub sequence: i64,
    /// The hash of the last one.
    pub sha256: Vec<u8>,
}

/// The ends of all chains after this one, in the order of their names. Installation-wide.
pub async fn ends(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<End>> {
    let sql = "SELECT chain, sequence, sha256 FROM audit_chain WHERE chain > $1 ORDER BY chain LIMIT $2";
    fetch_all!(tx, End, sql, after, limit)
}

/// The end of one chain. Installation-wide: a chain is a project's id, whose rights the caller asked.
pub async fn end(tx: &mut Tx, chain: &str) -> Result<Option<End>> {
    fetch_optional!(tx, End, "SELECT chain, sequence, sha256 FROM audit_chain WHERE chain = $1", chain)
}

/// How far a chain was followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    /// The entry up to which all is as it was written.
    pub sequence: i64,
    /// That entry's hash.
    pub sha256: Vec<u8>,
}

impl Default for Walk {
    fn default() -> Self {
        Walk { sequence: 0, sha256: BEGINNING.to_vec() }
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    at: i64,
    project_id: Option<String>,
    user_id: Option<String>,
    token_id: Option<String>,
    session_id: Option<String>,
    action: String,
    target: String,
    detail: String,
    source_address: Option<String>,
    request_id: Option<String>,
    sequence: i64,
    sha256: Vec<u8>,
}

/// Follows a chain over the next `limit` entries. False as second where the next entry is missing or is not what
/// was written; the walk then stands before it. Installation-wide, as [`end`].
pub async fn follow(tx: &mut Tx, chain: &str, walk: Walk, limit: i64) -> Result<(Walk, bool)> {
    let sql = "SELECT id, at, project_id, user_id, token_id, session_id, action, target, detail, source_address, \
               request_id, sequence, sha256 FROM audit_entry WHERE chain = $1 AND sequence > $2 \
               ORDER BY sequence LIMIT $3";
    let rows = fetch_all!(tx, Row, sql, chain, walk.sequence, limit)?;
    let mut walk = walk;
    for row in rows {
        let content = [
            Some(row.id.as_str()),
            row.project_id.as_deref(),
            row.user_id.as_deref(),
            row.token_id.as_deref(),
            row.session_id.as_deref(),
            Some(row.action.as_str()),
            Some(row.target.as_str()),
            Some(row.detail.as_str()),
            row.source_address.as_deref(),
            row.request_id.as_deref(),
        ];
        let expected = hash(&walk.sha256, (row.sequence, row.at), &content);
        if row.sequence != walk.sequence + 1 || row.sha256 != expected {
            return Ok((walk, false));
        }
        walk = Walk { sequence: row.sequence, sha256: row.sha256 };
    }
    Ok((walk, true))
}
