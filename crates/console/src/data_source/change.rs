//! Changing a data source.

use serde::{Deserialize, Deserializer};
use serde_json::json;
use store::resource::{Content, Draft, Place, WebhookSettings};
use utoipa::ToSchema;
use webhook::ResourceName;

use super::{DataSource, KIND, Tagged, content, settings, tagged};
use crate::body::Body;
use crate::call::{self, Call};
use crate::etag::IfMatch;
use crate::problem::{Fields, Problem};
use crate::selection;

/// What to change of a data source; what is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DataSourceChange {
    /// 3 to 50 letters, digits and `[ ] ( ) . _ -`, no spaces; unique in the branch without regard to case.
    #[schema(min_length = 3, max_length = 50, pattern = r"^[\p{L}\p{M}\p{Nd}\[\]().\-_]+$")]
    name: Option<String>,
    /// At most 500 characters.
    #[schema(max_length = 500)]
    description: Option<String>,
    /// Headers whose values are not stored; `null` for the default list.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<String>>, max_items = 50)]
    redacted_headers: Option<Option<Vec<String>>>,
    /// `header:NAME` or `pointer:/path/in/payload`; `null` for none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 512, pattern = "^(header:.+|pointer:/.*)$")]
    idempotency_key: Option<Option<String>>,
}

/// Tells a `null` from a field that is left out.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Changes a data source in a branch's work in progress.
#[utoipa::path(patch, path = "/projects/{projectId}/branches/{branch}/data-sources/{resourceDefinitionId}",
    operation_id = "changeDataSource", tag = "Data sources", request_body = DataSourceChange,
    responses((status = 200, body = DataSource), (status = 409, description = "`name-taken`")))]
pub(crate) async fn change(
    call: Call,
    if_match: IfMatch,
    Body(new): Body<DataSourceChange>,
) -> Result<Tagged, Problem> {
    let (act, branch, id) = (call.act(), call.text("branch")?, call.id("resourceDefinitionId")?);
    let changed = call
        .console
        .db
        .write(move |tx| {
            Box::pin(async move {
                store::project::lock(tx, &act.scope).await?;
                let branch = call::branch(tx, &act.scope, &branch).await?;
                let place = Place { branch: &branch.id, kind: KIND, id, expected: None };
                let old = store::resource::read(tx, &act.scope, &place).await?;
                if_match.permits(&old.version)?;
                let content = changed(&old, new)?;
                let head = branch.head_commit_id.as_deref();
                let draft = store::resource::save(tx, &act.scope, &place, (&content, head), &act.stamp())
                    .await
                    .map_err(Problem::name_taken("data source"))?;
                if draft.version != old.version {
                    let detail = json!({ "name": draft.name, "branch": branch.name });
                    act.audit(tx, "data-source.change", &draft.id, detail).await?;
                }
                selection::catch_up_here(tx, &act.scope).await?;
                let used_by = selection::of(tx, &act.scope, &branch.id, (KIND, &draft.id)).await?;
                Ok::<_, Problem>((draft, used_by))
            })
        })
        .await?;
    tagged(changed)
}

fn changed(old: &Draft, new: DataSourceChange) -> Result<Content, Problem> {
    let mut now = WebhookSettings::from_text(&old.settings)?;
    let mut fields = Fields::default();
    let name = fields.name("name", ResourceName::parse(new.name.as_deref().unwrap_or(&old.name)));
    if let Some(text) = new.description {
        now.description = settings::description(&mut fields, &text).unwrap_or_default();
    }
    match new.redacted_headers {
        Some(Some(names)) => now.redacted_headers = settings::redacted(&mut fields, &names),
        Some(None) => now.redacted_headers = None,
        None => {}
    }
    if let Some(key) = new.idempotency_key {
        now.idempotency_key = settings::idempotency(&mut fields, key.as_deref()).flatten();
    }
    content(&fields.finish(name)?, &now)
}
