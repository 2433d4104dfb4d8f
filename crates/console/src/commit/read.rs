//! One commit with its snapshot and links.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::Commit;
use crate::call::Call;
use crate::problem::Problem;

/// A commit with everything in it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommitDetail {
    #[serde(flatten)]
    commit: Commit,
    /// Whether the active policy comes to it now.
    running: bool,
    /// The snapshot, by id.
    resources: Vec<CommittedResource>,
    /// Which webhook starts which process.
    links: Vec<Link>,
}

/// A resource in a snapshot.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommittedResource {
    resource_definition_id: String,
    /// `data-source` or `process-definition`.
    kind: String,
    name: String,
    /// The version in this snapshot.
    version_id: String,
}

/// A webhook that starts a process.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Link {
    data_source_id: String,
    process_definition_id: String,
    /// The message start event.
    element_id: String,
}

/// A commit: its snapshot and its links.
#[utoipa::path(get, path = "/projects/{projectId}/commits/{commitId}", operation_id = "readCommit", tag = "Versions",
    responses((status = 200, body = CommitDetail)))]
pub(crate) async fn read(call: Call) -> Result<Json<CommitDetail>, Problem> {
    let (scope, id) = (call.scope, call.id("commitId")?.to_string());
    let detail = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let commit = store::commit::read(tx, &scope, &id).await?;
                let policy = store::policy::read(tx, &scope).await?;
                let members = store::commit::snapshot(tx, &scope, &id).await?;
                let links = store::commit::links(tx, &scope, &id).await?;
                Ok::<_, Problem>(CommitDetail {
                    running: policy.running_commit_id.as_deref() == Some(&id),
                    commit: commit.into(),
                    resources: members
                        .into_iter()
                        .map(|m| CommittedResource {
                            resource_definition_id: m.id,
                            kind: m.kind,
                            name: m.name,
                            version_id: m.version,
                        })
                        .collect(),
                    links: links
                        .into_iter()
                        .map(|l| Link {
                            data_source_id: l.data_source_id,
                            process_definition_id: l.process_definition_id,
                            element_id: l.element_id,
                        })
                        .collect(),
                })
            })
        })
        .await?;
    Ok(Json(detail))
}
