//! Which resource of another installation an imported one is.

use crate::query::{execute, fetch_all};
use crate::{Result, Scope, Tx};

/// One origin: the id there and the resource here.
pub type Origin = (String, String);

/// All origins of a project.
pub async fn all(tx: &mut Tx, scope: &Scope) -> Result<Vec<Origin>> {
    let sql = "SELECT origin_id, resource_definition_id FROM resource_origin WHERE project_id = $1";
    fetch_all!(tx, Origin, sql, scope.project_text())
}

/// Keeps an origin, in place of an earlier one of the same id.
pub async fn keep(tx: &mut Tx, scope: &Scope, (there, here): (&str, &str)) -> Result<()> {
    let sql = "INSERT INTO resource_origin (project_id, origin_id, resource_definition_id) VALUES ($1, $2, $3) \
               ON CONFLICT (project_id, origin_id) DO UPDATE SET resource_definition_id = excluded.resource_definition_id";
    execute!(tx, sql, scope.project_text(), there, here)?;
    Ok(())
}
