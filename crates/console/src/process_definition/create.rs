//! Making a process definition.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use store::resource::{Content, Place};
use utoipa::ToSchema;
use uuid::Uuid;
use webhook::ResourceName;

use super::{KIND, ProcessDefinition, SETTINGS, Tagged, require_readable, starter, tagged};
use crate::body::Body;
use crate::call::{self, Call};
use crate::problem::{Fields, Problem};
use crate::selection;

/// A process definition to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewProcessDefinition {
    /// 3 to 50 letters, digits and `[ ] ( ) . _ -`, no spaces; unique in the branch without regard to case.
    #[schema(min_length = 3, max_length = 50, pattern = r"^[\p{L}\p{M}\p{Nd}\[\]().\-_]+$")]
    name: String,
    /// BPMN 2.0 XML, at most 4 MiB; left out, a message start event and an end.
    #[schema(min_length = 1, max_length = 4194304)]
    bpmn: Option<String>,
}

/// Makes a process definition in a branch's work in progress.
#[utoipa::path(post, path = "/projects/{projectId}/branches/{branch}/process-definitions", operation_id = "createProcessDefinition",
    tag = "Process definitions", request_body = NewProcessDefinition,
    responses((status = 201, body = ProcessDefinition), (status = 409, description = "`name-taken`")))]
pub(crate) async fn create(
    call: Call,
    Body(new): Body<NewProcessDefinition>,
) -> Result<(StatusCode, Tagged), Problem> {
    let mut fields = Fields::default();
    let name = fields.name("name", ResourceName::parse(&new.name));
    let name = fields.finish(name)?;
    let bpmn = match new.bpmn {
        Some(xml) => require_readable(xml.into_bytes()).await?,
        None => starter::diagram(&name),
    };
    let content = Content {
        name: name.as_str().to_owned(),
        name_folded: name.folded(),
        settings: SETTINGS.to_owned(),
        bpmn: Some(bpmn),
    };
    let (act, branch) = (call.act(), call.text("branch")?);
    let made = call
        .console
        .db
        .write(move |tx| {
            Box::pin(async move {
                store::project::lock(tx, &act.scope).await?;
                let branch = call::branch(tx, &act.scope, &branch).await?;
                let place = Place { branch: &branch.id, kind: KIND, id: Uuid::new_v4(), expected: None };
                store::resource::create(tx, &act.scope, &place, &content, &act.stamp())
                    .await
                    .map_err(Problem::name_taken("process definition"))?;
                let detail = json!({ "name": content.name, "branch": branch.name });
                act.audit(tx, "process-definition.create", &place.id.to_string(), detail).await?;
                let draft = store::resource::read(tx, &act.scope, &place).await?;
                selection::catch_up_here(tx, &act.scope).await?;
                let started_by = selection::of(tx, &act.scope, &branch.id, (KIND, &draft.id)).await?;
                Ok::<_, Problem>((draft, started_by))
            })
        })
        .await?;
    Ok((StatusCode::CREATED, tagged(made)))
}
