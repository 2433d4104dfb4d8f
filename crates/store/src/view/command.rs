//! Which work on a thing is asked for and not done.

use crate::command::CommandKind;
use crate::query::fetch_optional;
use crate::{Result, Scope, Tx};

/// The id of the first command of this kind on a target that is queued or running, if any.
pub async fn unfinished(
    tx: &mut Tx,
    scope: &Scope,
    kind: CommandKind,
    target: &str,
) -> Result<Option<String>> {
    let sql = "SELECT id FROM command WHERE project_id = $1 AND target_id = $2 AND kind = $3 \
               AND state IN ('queued', 'running') ORDER BY id LIMIT 1";
    let row = fetch_optional!(tx, (String,), sql, scope.project_text(), target, kind.as_str())?;
    Ok(row.map(|(id,)| id))
}
