//! What a gateway counted in memory, added to the rows now and then.

use uuid::Uuid;

use crate::feed::Kind;
use crate::query::{execute, fetch_optional};
use crate::{Result, Tx};

/// Adds to the requests that were refused since the trigger was deactivated. A trigger that was activated in
/// between keeps its zero. `at`: now, milliseconds since the epoch. Installation-wide: a gateway serves all projects.
pub async fn add_refused(tx: &mut Tx, trigger: Uuid, refused: i64, at: i64) -> Result<()> {
    let sql = "UPDATE webhook_trigger SET refused_since_deactivated = refused_since_deactivated + $1 \
               WHERE id = $2 AND state = 'Deactivated' RETURNING project_id";
    let project = fetch_optional!(tx, (String,), sql, refused, trigger.to_string())?;
    if let Some((project,)) = project {
        tx.noted().changed(&project, Kind::Triggers, &trigger.to_string(), at);
    }
    Ok(())
}

/// Notes when a key was last presented, milliseconds since the epoch. Installation-wide.
pub async fn key_used(tx: &mut Tx, trigger: Uuid, sha256: &[u8; 32], at: i64) -> Result<()> {
    let sql = "UPDATE trigger_key SET last_used_at = $1 \
               WHERE trigger_id = $2 AND sha256 = $3 AND (last_used_at IS NULL OR last_used_at < $4)";
    execute!(tx, sql, at, trigger.to_string(), sha256.as_slice(), at)?;
    Ok(())
}
