//! The BPMN of a process definition: kept and given back byte for byte.

use axum::http::{HeaderName, HeaderValue, header};
use serde_json::json;
use store::resource::{Content, Place};

use super::{KIND, ProcessDefinition, Tagged, require_readable, tagged};
use crate::body::Xml;
use crate::call::{self, Call, Connected};
use crate::etag::{self, IfMatch};
use crate::problem::Problem;
use crate::selection;

/// The BPMN XML in a branch's work in progress, byte for byte as it was saved.
#[utoipa::path(get, path = "/projects/{projectId}/branches/{branch}/process-definitions/{resourceDefinitionId}/bpmn",
    operation_id = "readBpmn", tag = "Process definitions",
    responses((status = 200, content_type = "application/xml", body = String)))]
pub(crate) async fn read(call: Call) -> Result<([(HeaderName, HeaderValue); 3], Vec<u8>), Problem> {
    let (scope, name, id) = (call.scope, call.text("branch")?, call.id("resourceDefinitionId")?);
    let (version, bpmn) = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let branch = call::branch(tx, &scope, &name).await?;
                let place = Place { branch: &branch.id, kind: KIND, id, expected: None };
                let draft = store::resource::read(tx, &scope, &place).await?;
                let content = store::resource::content(tx, &scope, &draft.version).await?;
                Ok::<_, Problem>((draft.version, content.bpmn.unwrap_or_default()))
            })
        })
        .await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/xml")),
        // a diagram is somebody's text: a browser must not show it as a page of ours
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"process.bpmn\"")),
        (header::ETAG, etag::tag(&version)),
    ];
    Ok((headers, bpmn))
}

/// Saves the BPMN XML into a branch's work in progress. A file with problems may be saved; a check names them
/// and they keep it from being committed. A file that is no BPMN is refused with line and column.
#[utoipa::path(put, path = "/projects/{projectId}/branches/{branch}/process-definitions/{resourceDefinitionId}/bpmn",
    operation_id = "saveBpmn", tag = "Process definitions", request_body(content = String, content_type = "application/xml"),
    responses((status = 200, body = ProcessDefinition)))]
pub(crate) async fn save(call: Call, if_match: IfMatch, Xml(xml): Xml) -> Result<Tagged, Problem> {
    let xml = require_readable(xml.to_vec()).await?;
    let saved =
        save_with(&call, if_match, "process-definition.save", move |content| content.bpmn = Some(xml))
            .await?;
    Ok(tagged(saved))
}

/// Changes the content of the process definition that a path names.
pub(super) async fn save_with(
    call: &Call,
    if_match: IfMatch,
    action: &'static str,
    change: impl FnOnce(&mut Content) + Send + 'static,
) -> Result<Connected, Problem> {
    let (act, branch, id) = (call.act(), call.text("branch")?, call.id("resourceDefinitionId")?);
    call.console
        .db
        .write(move |tx| {
            Box::pin(async move {
                store::project::lock(tx, &act.scope).await?;
                let branch = call::branch(tx, &act.scope, &branch).await?;
                let place = Place { branch: &branch.id, kind: KIND, id, expected: None };
                let old = store::resource::read(tx, &act.scope, &place).await?;
                if_match.permits(&old.version)?;
                let mut content = store::resource::content(tx, &act.scope, &old.version).await?;
                change(&mut content);
                let head = branch.head_commit_id.as_deref();
                let draft = store::resource::save(tx, &act.scope, &place, (&content, head), &act.stamp())
                    .await
                    .map_err(Problem::name_taken("process definition"))?;
                if draft.version != old.version {
                    act.audit(tx, action, &draft.id, json!({ "name": draft.name, "branch": branch.name }))
                        .await?;
                }
                selection::catch_up_here(tx, &act.scope).await?;
                let started_by = selection::of(tx, &act.scope, &branch.id, (KIND, &draft.id)).await?;
                Ok::<_, Problem>((draft, started_by))
            })
        })
        .await
}
