//! What a commit changed, against the one before it or any other.

use std::collections::BTreeMap;

use axum::Json;
use serde::{Deserialize, Serialize};
use store::resource::Member;
use store::{Scope, Tx};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::body::Parameters;
use crate::call::Call;
use crate::difference::{self, Difference};
use crate::page::List;
use crate::problem::Problem;
use crate::snapshot::{Change, between};

/// What a commit is compared with.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Against {
    /// The commit that is the old side; left out, the one before.
    against: Option<Uuid>,
}

/// A resource that differs between two commits.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommittedChange {
    resource_definition_id: String,
    /// `data-source` or `process-definition`.
    kind: String,
    /// Its name in the new commit; of a removed one, the name it had.
    name: String,
    /// `added`, `changed` or `removed`.
    change: &'static str,
    /// The version in the old commit; `null` where it is not there.
    #[schema(required)]
    old_version_id: Option<String>,
    /// The version in the new commit; `null` where it is not there.
    #[schema(required)]
    new_version_id: Option<String>,
}

type BySide = (BTreeMap<String, Member>, BTreeMap<String, Member>);

async fn both(tx: &mut Tx, scope: &Scope, commit: Uuid, query: &Against) -> Result<BySide, Problem> {
    let this = store::commit::read(tx, scope, &commit.to_string()).await?;
    let old = match (query.against, this.parent_id) {
        (Some(other), _) => super::members(tx, scope, ("against", other)).await?,
        (None, Some(parent)) => store::commit::snapshot(tx, scope, &parent).await?,
        (None, None) => Vec::new(),
    };
    let new = store::commit::snapshot(tx, scope, &this.id).await?;
    let by_id = |members: Vec<Member>| members.into_iter().map(|m| (m.id.clone(), m)).collect();
    Ok((by_id(old), by_id(new)))
}

/// The resources that a commit changed, by id: against the commit before it, or another one.
#[utoipa::path(get, path = "/projects/{projectId}/commits/{commitId}/changes", operation_id = "listCommitChanges", tag = "Versions",
    params(Against), responses((status = 200, body = List<CommittedChange>)))]
pub(crate) async fn list(
    call: Call,
    Parameters(query): Parameters<Against>,
) -> Result<Json<List<CommittedChange>>, Problem> {
    let (scope, id) = (call.scope, call.id("commitId")?);
    let (old, new) =
        call.console.db.read(move |tx| Box::pin(async move { both(tx, &scope, id, &query).await })).await?;
    let items = between(&old, &new).into_iter().map(|(change, member)| CommittedChange {
        resource_definition_id: member.id.clone(),
        kind: member.kind.clone(),
        name: member.name.clone(),
        change: change.as_str(),
        old_version_id: old.get(&member.id).map(|member| member.version.clone()),
        new_version_id: (change != Change::Removed).then(|| member.version.clone()),
    });
    Ok(Json(List::whole(items.collect())))
}

/// What a commit changed in one resource: against the commit before it, or another one. Of a process by element, of a
/// data source by field.
#[utoipa::path(get, path = "/projects/{projectId}/commits/{commitId}/changes/{resourceDefinitionId}", operation_id = "readCommitChange",
    tag = "Versions", params(Against), responses((status = 200, body = Difference)))]
pub(crate) async fn read(
    call: Call,
    Parameters(query): Parameters<Against>,
) -> Result<Json<Difference>, Problem> {
    let (scope, commit) = (call.scope, call.id("commitId")?);
    let id = call.id("resourceDefinitionId")?.to_string();
    let sides = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let (mut old, mut new) = both(tx, &scope, commit, &query).await?;
                difference::sides(tx, &scope, (old.remove(&id), new.remove(&id))).await
            })
        })
        .await?;
    Ok(Json(difference::compare(sides).await?))
}
