//! A commit, or the work in progress of a branch, as an archive.

use std::collections::BTreeMap;

use axum::http::{HeaderName, HeaderValue, header};
use store::resource::{Kind, Member, WebhookSettings};
use store::{Scope, Tx};
use uuid::Uuid;

use super::ProjectArchive;
use super::project_file::{self, DataSource, Policy, Process, Project, ProjectFile};
use crate::archive::Archive;
use crate::call::{self, Call};
use crate::problem::Problem;

type Download = ([(HeaderName, HeaderValue); 2], Vec<u8>);

/// A commit as a `.tar.gz`: `forebay.toml` with the project, its data sources and its policy, and one `.bpmn` for each
/// process, byte for byte. The same commit gives the same bytes as long as the project's name and policy stay. No key is in it.
#[utoipa::path(get, path = "/projects/{projectId}/commits/{commitId}/export", operation_id = "exportCommit", tag = "Versions",
    responses((status = 200, content_type = "application/gzip", body = ProjectArchive)))]
pub(crate) async fn commit(call: Call) -> Result<Download, Problem> {
    let (scope, id) = (call.scope, call.id("commitId")?.to_string());
    let archive = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                store::commit::read(tx, &scope, &id).await?;
                let members = store::commit::snapshot(tx, &scope, &id).await?;
                gather(tx, &scope, members).await
            })
        })
        .await?;
    download(archive).await
}

/// The work in progress of a branch as a `.tar.gz`, as of a commit.
#[utoipa::path(get, path = "/projects/{projectId}/branches/{branch}/export", operation_id = "exportBranch", tag = "Versions",
    responses((status = 200, content_type = "application/gzip", body = ProjectArchive)))]
pub(crate) async fn branch(call: Call) -> Result<Download, Problem> {
    let (scope, name) = (call.scope, call.text("branch")?);
    let archive = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let branch = call::branch(tx, &scope, &name).await?;
                let members = store::resource::work_in_progress(tx, &scope, &branch.id).await?;
                gather(tx, &scope, members).await
            })
        })
        .await?;
    download(archive).await
}

async fn download(archive: Archive) -> Result<Download, Problem> {
    let bytes = tokio::task::spawn_blocking(move || archive.pack())
        .await
        .map_err(|e| Problem::internal(format!("packing ended early: {e}")))??;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/gzip")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"project.tar.gz\"")),
    ];
    Ok((headers, bytes))
}

/// The files of a snapshot, in the order of the names: renamed resources move, new ids do not.
async fn gather(tx: &mut Tx, scope: &Scope, mut members: Vec<Member>) -> Result<Archive, Problem> {
    members.sort_by(|one, other| (&one.name_folded, &one.id).cmp(&(&other.name_folded, &other.id)));
    let (processes, sources): (Vec<Member>, Vec<Member>) =
        members.into_iter().partition(|member| member.kind == Kind::ProcessDefinition.as_str());
    let mut files = BTreeMap::new();
    let mut file = ProjectFile {
        format: project_file::FORMAT,
        project: Project { id: scope.project, name: store::project::read(tx, scope).await?.name },
        active_policy: Some(policy(tx, scope).await?),
        data_sources: Vec::with_capacity(sources.len()),
        processes: Vec::with_capacity(processes.len()),
    };
    for member in sources {
        let content = store::resource::content(tx, scope, &member.version).await?;
        let settings = WebhookSettings::from_text(&content.settings)?;
        file.data_sources.push(DataSource {
            id: id(&member.id)?,
            r#type: "incomingWebhook".to_owned(),
            name: content.name,
            description: settings.description,
            redacted_headers: settings.redacted_headers,
            idempotency_key: settings.idempotency_key,
        });
    }
    let paths = super::file::names(processes.iter().map(|member| member.name.as_str()));
    for (member, path) in processes.iter().zip(paths) {
        let content = store::resource::content(tx, scope, &member.version).await?;
        files.insert(path.clone(), content.bpmn.unwrap_or_default());
        file.processes.push(Process { id: id(&member.id)?, name: content.name, file: path });
    }
    let text = file.to_text().map_err(|e| Problem::internal(format!("the project file: {e}")))?;
    files.insert(project_file::NAME.to_owned(), text.into_bytes());
    Ok(Archive { files })
}

async fn policy(tx: &mut Tx, scope: &Scope) -> Result<Policy, Problem> {
    let policy = store::policy::read(tx, scope).await?;
    let commit = match policy.pinned_commit_id {
        Some(pinned) => Some(store::commit::read(tx, scope, &pinned).await?.number),
        None => None,
    };
    Ok(Policy { kind: policy.kind, branch: policy.branch_name, commit })
}

fn id(text: &str) -> Result<Uuid, Problem> {
    Uuid::parse_str(text).map_err(|_| Problem::internal("a stored id is not a UUID"))
}
