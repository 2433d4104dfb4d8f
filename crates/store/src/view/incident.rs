//! Open incidents, as lists show them.

use super::lane::{self, AnyOf, End, Range, push_ids};
use super::{Span, fetch_built};
use crate::query::{fetch_all, fetch_optional};
use crate::row_group::List;
use crate::{Result, Scope, Tx};

/// An open incident.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Incident {
    /// UUID, version 7.
    pub id: String,
    /// The instance that it keeps from going on.
    pub instance_id: String,
    /// 1, 2, 3 … in the instance; 0: the instance could not begin.
    pub number: i64,
    /// The process definition.
    pub process_definition_id: String,
    /// Its name in the version that runs.
    pub process_name: Option<String>,
    /// The version that runs.
    pub resource_version_id: String,
    /// The element that stands still.
    pub element_id: Option<String>,
    /// For programs.
    pub code: String,
    /// For people.
    pub message: String,
    /// When it was raised, milliseconds since the epoch.
    pub created_at: i64,
}

/// Which incidents a list has.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of instances of this process definition.
    pub process_definition: Option<String>,
    /// With this cause code.
    pub cause: Option<String>,
    /// Raised in this time.
    pub span: Span,
}

impl Filter {
    fn any_of(&self) -> AnyOf<'_> {
        let columns = [("process_definition_id", &self.process_definition), ("cause_code", &self.cause)];
        let given = columns.into_iter().filter_map(|(column, value)| Some((column, vec![value.as_deref()?])));
        given.collect()
    }
}

const HEAD: &str = "SELECT n.id, n.instance_id, n.number, n.process_definition_id, v.name AS process_name, \
     n.resource_version_id, n.element_id, n.code, n.message, n.created_at \
     FROM incident n LEFT JOIN resource_version v ON v.id = n.resource_version_id WHERE n.project_id = ";

/// Open incidents from new to old, before the id `cursor`; one more than `limit` if there are more.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &Filter,
    cursor: Option<&str>,
    limit: i64,
) -> Result<Vec<Incident>> {
    let (any_of, range, limit) = (filter.any_of(), Range::of(&filter.span, cursor), limit + 1);
    if any_of.is_empty() {
        return fetch_built!(tx, Incident, HEAD, |q| {
            q.push_bind(scope.project_text());
            q.push(" AND n.id < ").push_bind(range.before.clone());
            q.push(" AND n.id >= ").push_bind(range.first.clone());
            q.push(" ORDER BY n.id DESC LIMIT ").push_bind(limit);
        });
    }
    let lanes = lane::lanes(tx, scope, List::Incidents, &any_of).await?;
    let ids = lane::ids(tx, (List::Incidents, lanes), &range, End::Newest, limit).await?;
    of_ids(tx, scope, &ids, limit).await
}

/// The rows of these ids, from new to old.
pub async fn of_ids(tx: &mut Tx, scope: &Scope, ids: &[String], size: i64) -> Result<Vec<Incident>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    fetch_built!(tx, Incident, HEAD, |q| {
        q.push_bind(scope.project_text());
        push_ids!(q, "n.id", ids, size);
        q.push(" ORDER BY n.id DESC");
    })
}

/// The open incidents of an instance, in the order of their numbers.
pub async fn of_instance(tx: &mut Tx, scope: &Scope, instance: &str) -> Result<Vec<Incident>> {
    fetch_built!(tx, Incident, HEAD, |q| {
        q.push_bind(scope.project_text());
        q.push(" AND n.instance_id = ").push_bind(instance.to_owned()).push(" ORDER BY n.number");
    })
}

/// How many incidents a filter means.
pub async fn count(tx: &mut Tx, scope: &Scope, filter: &Filter) -> Result<i64> {
    let lanes = lane::lanes(tx, scope, List::Incidents, &filter.any_of()).await?;
    lane::count(tx, List::Incidents, &lanes, &Range::of(&filter.span, None)).await
}

/// How many of these ids are open incidents.
pub async fn count_of(tx: &mut Tx, scope: &Scope, ids: &[String]) -> Result<i64> {
    let mut total = 0;
    for some in ids.chunks(200) {
        let rows = fetch_built!(tx, (i64,), "SELECT count(*) FROM incident n WHERE n.project_id = ", |q| {
            q.push_bind(scope.project_text());
            push_ids!(q, "n.id", some, 200);
        })?;
        total += rows.first().map_or(0, |(count,)| *count);
    }
    Ok(total)
}

/// Ids of incidents that a filter means, from old to new, above `after` and up to `up_to`.
pub async fn oldest(
    tx: &mut Tx,
    scope: &Scope,
    filter: &Filter,
    (after, up_to): (&str, &str),
    limit: i64,
) -> Result<Vec<String>> {
    let range = Range::of(&filter.span, None).between(after, up_to);
    let lanes = lane::lanes(tx, scope, List::Incidents, &filter.any_of()).await?;
    lane::ids(tx, (List::Incidents, lanes), &range, End::Oldest, limit).await
}

/// The id of the newest open incident; empty if there is none.
pub async fn newest_id(tx: &mut Tx, scope: &Scope) -> Result<String> {
    let sql = "SELECT id FROM incident WHERE project_id = $1 ORDER BY id DESC LIMIT 1";
    let row = fetch_optional!(tx, (String,), sql, scope.project_text())?;
    Ok(row.map(|(id,)| id).unwrap_or_default())
}

/// How many open incidents there are of each cause code.
pub async fn causes(tx: &mut Tx, scope: &Scope) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT cause_code, CAST(sum(total) AS BIGINT) FROM row_group WHERE project_id = $1 AND list = 'incident' \
               AND total > 0 GROUP BY cause_code ORDER BY cause_code";
    fetch_all!(tx, (String, i64), sql, scope.project_text())
}
