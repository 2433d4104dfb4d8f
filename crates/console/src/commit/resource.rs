//! One resource as a commit has it.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, header};
use serde::Serialize;
use store::resource::{Content, Kind, Member, WebhookSettings};
use utoipa::ToSchema;

use crate::call::Call;
use crate::data_source;
use crate::problem::Problem;

/// A resource as a commit has it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommittedContent {
    resource_definition_id: String,
    /// `data-source` or `process-definition`.
    kind: String,
    name: String,
    version_id: String,
    /// The settings of a data source; `null` of a process definition, whose diagram is at `…/bpmn`.
    #[schema(required)]
    settings: Option<data_source::Settings>,
}

async fn committed(call: &Call) -> Result<(Member, Content), Problem> {
    let (scope, commit) = (call.scope, call.id("commitId")?.to_string());
    let id = call.id("resourceDefinitionId")?.to_string();
    call.console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let all = store::commit::snapshot(tx, &scope, &commit).await?;
                let member = all.into_iter().find(|member| member.id == id).ok_or_else(Problem::not_found)?;
                let content = store::resource::content(tx, &scope, &member.version).await?;
                Ok((member, content))
            })
        })
        .await
}

/// A data source or process definition as a commit has it.
#[utoipa::path(get, path = "/projects/{projectId}/commits/{commitId}/resources/{resourceDefinitionId}",
    operation_id = "readCommittedResource", tag = "Versions", responses((status = 200, body = CommittedContent)))]
pub(crate) async fn read(call: Call) -> Result<Json<CommittedContent>, Problem> {
    let (member, content) = committed(&call).await?;
    let settings = match member.kind == Kind::DataSource.as_str() {
        true => Some(data_source::Settings::from(WebhookSettings::from_text(&content.settings)?)),
        false => None,
    };
    Ok(Json(CommittedContent {
        resource_definition_id: member.id,
        kind: member.kind,
        name: content.name,
        version_id: member.version,
        settings,
    }))
}

/// The BPMN XML of a process definition as a commit has it, byte for byte.
#[utoipa::path(get, path = "/projects/{projectId}/commits/{commitId}/resources/{resourceDefinitionId}/bpmn",
    operation_id = "readCommittedBpmn", tag = "Versions",
    responses((status = 200, content_type = "application/xml", body = String)))]
pub(crate) async fn bpmn(call: Call) -> Result<([(HeaderName, HeaderValue); 2], Vec<u8>), Problem> {
    let (_, content) = committed(&call).await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/xml")),
        // a diagram is somebody's text: a browser must not show it as a page of ours
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"process.bpmn\"")),
    ];
    Ok((headers, content.bpmn.ok_or_else(Problem::not_found)?))
}
