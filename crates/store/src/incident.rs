//! Open incidents of instances, one row each, written in the transaction of the step that raised or solved them.

use crate::instance::InstanceRow;
use crate::query::{execute, fetch_all};
use crate::row_group::{Facets, List, Tally, ensure};
use crate::{Result, Tx};

/// An open incident, as an instance has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incident {
    /// 1, 2, 3 … in the instance; 0: the instance could not begin.
    pub number: i64,
    /// A stable word for the cause: lists filter by it.
    pub code: String,
    /// The cause and what to do, for people.
    pub message: String,
    /// The element at fault.
    pub element_id: Option<String>,
}

/// Whose incidents, and when they were raised.
pub(crate) struct Owner<'a> {
    pub(crate) project: &'a str,
    pub(crate) instance: &'a str,
    pub(crate) process_definition: &'a str,
    pub(crate) version: &'a str,
    pub(crate) now: i64,
}

impl<'a> Owner<'a> {
    pub(crate) fn of(row: &'a InstanceRow) -> Self {
        Owner {
            project: &row.project_id,
            instance: &row.id,
            process_definition: &row.process_definition_id,
            version: &row.resource_version_id,
            now: row.updated_at,
        }
    }
}

#[derive(sqlx::FromRow)]
struct Stored {
    number: i64,
    group_id: i64,
}

/// Makes the rows of an instance's incidents what they are now: solved ones go, new ones come, the others stay.
pub(crate) async fn replace(
    tx: &mut Tx,
    owner: &Owner<'_>,
    incidents: &[Incident],
    tally: &mut Tally,
) -> Result<()> {
    let sql = "SELECT number, group_id FROM incident WHERE instance_id = $1";
    let stored = fetch_all!(tx, Stored, sql, owner.instance)?;
    for old in stored.iter().filter(|old| incidents.iter().all(|now| now.number != old.number)) {
        let sql = "DELETE FROM incident WHERE instance_id = $1 AND number = $2";
        execute!(tx, sql, owner.instance, old.number)?;
        tally.remove(old.group_id);
    }
    for new in incidents.iter().filter(|now| stored.iter().all(|old| now.number != old.number)) {
        insert(tx, owner, new, tally).await?;
    }
    Ok(())
}

/// Adds the row of an incident.
pub(crate) async fn insert(
    tx: &mut Tx,
    owner: &Owner<'_>,
    incident: &Incident,
    tally: &mut Tally,
) -> Result<()> {
    let facets = Facets {
        project: owner.project,
        process_definition: owner.process_definition,
        cause: &incident.code,
        ..Facets::default()
    };
    let group = ensure(tx, List::Incidents, &facets).await?;
    let id = uuid::Uuid::now_v7().to_string();
    execute!(
        tx,
        "INSERT INTO incident (id, project_id, group_id, instance_id, number, process_definition_id, \
         resource_version_id, element_id, code, message, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        id.as_str(),
        owner.project,
        group,
        owner.instance,
        incident.number,
        owner.process_definition,
        owner.version,
        incident.element_id.as_deref(),
        incident.code.as_str(),
        incident.message.as_str(),
        owner.now,
    )?;
    tally.add(group, &id);
    Ok(())
}
