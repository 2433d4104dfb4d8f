//! Making a data source.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use store::resource::{Place, WebhookSettings};
use utoipa::ToSchema;
use uuid::Uuid;
use webhook::ResourceName;

use super::{DataSource, KIND, Tagged, content, settings, tagged};
use crate::body::Body;
use crate::call::{self, Call};
use crate::problem::{Fields, Problem};

/// A data source to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewDataSource {
    /// 3 to 50 letters, digits and `[ ] ( ) . _ -`, no spaces; unique in the branch without regard to case.
    #[schema(min_length = 3, max_length = 50, pattern = r"^[\p{L}\p{M}\p{Nd}\[\]().\-_]+$")]
    name: String,
    /// At most 500 characters.
    #[serde(default)]
    #[schema(max_length = 500)]
    description: String,
    /// Headers whose values are not stored; left out, `Authorization`, `Proxy-Authorization`, `Cookie`, `X-Api-Key`.
    #[schema(max_items = 50)]
    redacted_headers: Option<Vec<String>>,
    /// Where the sender's own id of an event stands: `header:NAME` or `pointer:/path/in/payload`.
    #[schema(max_length = 512, pattern = "^(header:.+|pointer:/.*)$")]
    idempotency_key: Option<String>,
}

/// Makes an incoming webhook in a branch's work in progress.
#[utoipa::path(post, path = "/projects/{projectId}/branches/{branch}/data-sources", operation_id = "createDataSource", tag = "Data sources",
    request_body = NewDataSource, responses((status = 201, body = DataSource), (status = 409, description = "`name-taken`")))]
pub(crate) async fn create(
    call: Call,
    Body(new): Body<NewDataSource>,
) -> Result<(StatusCode, Tagged), Problem> {
    let mut fields = Fields::default();
    let name = fields.name("name", ResourceName::parse(&new.name));
    let settings = WebhookSettings {
        description: settings::description(&mut fields, &new.description).unwrap_or_default(),
        redacted_headers: new.redacted_headers.and_then(|names| settings::redacted(&mut fields, &names)),
        idempotency_key: settings::idempotency(&mut fields, new.idempotency_key.as_deref()).flatten(),
    };
    let content = content(&fields.finish(name)?, &settings)?;
    let (act, branch) = (call.act(), call.text("branch")?);
    let draft = call
        .console
        .db
        .write(move |tx| {
            Box::pin(async move {
                store::project::lock(tx, &act.scope).await?;
                let branch = call::branch(tx, &act.scope, &branch).await?;
                let place = Place { branch: &branch.id, kind: KIND, id: Uuid::new_v4(), expected: None };
                store::resource::create(tx, &act.scope, &place, &content, &act.stamp())
                    .await
                    .map_err(Problem::name_taken("data source"))?;
                let detail = json!({ "name": content.name, "branch": branch.name });
                act.audit(tx, "data-source.create", &place.id.to_string(), detail).await?;
                Ok::<_, Problem>(store::resource::read(tx, &act.scope, &place).await?)
            })
        })
        .await?;
    Ok((StatusCode::CREATED, tagged((draft, Vec::new()))?))
}
