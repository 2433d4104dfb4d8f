//! The versions of a resource over all commits.

use axum::Json;
use serde::{Deserialize, Serialize};
use store::resource::Member;
use store::{Scope, Tx};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::body::Parameters;
use crate::call::Call;
use crate::commit::Commit;
use crate::difference::{self, Difference};
use crate::page::{List, Paging, filter};
use crate::problem::Problem;

/// A version of a resource and the commit that brought it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResourceVersion {
    /// Of a removal, the version that was removed.
    version_id: String,
    /// The name in that version.
    name: String,
    /// `added`, `changed` or `removed`.
    change: String,
    commit: Commit,
}

/// The parameters of the list of versions.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct VersionQuery {
    /// At most this many items.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// `nextCursor` of the page before.
    #[param(min_length = 1)]
    cursor: Option<String>,
    /// Only commits of this branch.
    branch: Option<String>,
}

/// The commits of all branches that changed a resource, the newest first, each with the version it brought.
#[utoipa::path(get, path = "/projects/{projectId}/resources/{resourceDefinitionId}/versions", operation_id = "listResourceVersions",
    tag = "Versions", params(VersionQuery), responses((status = 200, body = List<ResourceVersion>)))]
pub(crate) async fn versions(
    call: Call,
    Parameters(query): Parameters<VersionQuery>,
) -> Result<Json<List<ResourceVersion>>, Problem> {
    let paging = Paging::of(query.limit, query.cursor.as_deref())?;
    let (scope, id) = (call.scope, call.id("resourceDefinitionId")?.to_string());
    let name = filter("branch", query.branch)?;
    let page = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                store::resource::kind_of(tx, &scope, &id).await?.ok_or_else(Problem::not_found)?;
                let branch = match name {
                    Some(name) => match store::branch::by_name(tx, &scope, &name).await? {
                        Some(branch) => Some(branch.id),
                        None => {
                            return Ok(paging.cut(Vec::new(), |_: &store::commit::VersionRow| String::new()));
                        }
                    },
                    None => None,
                };
                let of = (id.as_str(), branch.as_deref());
                let rows =
                    store::commit::versions(tx, &scope, of, paging.after.as_deref(), paging.rows()).await?;
                Ok::<_, Problem>(paging.cut(rows, |row| row.commit.id.clone()))
            })
        })
        .await?;
    Ok(Json(List::of(page.map(|row| ResourceVersion {
        version_id: row.version,
        name: row.name,
        change: row.change,
        commit: row.commit.into(),
    }))))
}

/// What a version is compared with.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Against {
    /// The version of the same resource that is the old side.
    against: Uuid,
}

/// What one version of a resource changes against another. Of a process by element, of a data source by field.
#[utoipa::path(get, path = "/projects/{projectId}/resources/{resourceDefinitionId}/versions/{versionId}/changes",
    operation_id = "compareVersions", tag = "Versions", params(Against), responses((status = 200, body = Difference)))]
pub(crate) async fn compare(
    call: Call,
    Parameters(query): Parameters<Against>,
) -> Result<Json<Difference>, Problem> {
    let (scope, id) = (call.scope, call.id("resourceDefinitionId")?.to_string());
    let version = call.id("versionId")?;
    let sides = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let new = version_of(tx, &scope, &id, version).await?.ok_or_else(Problem::not_found)?;
                let old = version_of(tx, &scope, &id, query.against).await?.ok_or_else(|| {
                    Problem::field("against", "unknown", "must be a version of this resource")
                })?;
                difference::sides(tx, &scope, (Some(old), Some(new))).await
            })
        })
        .await?;
    Ok(Json(difference::compare(sides).await?))
}

async fn version_of(tx: &mut Tx, scope: &Scope, id: &str, version: Uuid) -> Result<Option<Member>, Problem> {
    let found = store::resource::version(tx, scope, &version.to_string()).await?;
    Ok(found.filter(|member| member.id == id))
}
