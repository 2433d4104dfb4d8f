//! Giving a project another name.

use serde_json::json;

use super::{Project, ProjectName, Tagged, folded, tagged};
use crate::body::Body;
use crate::call::Call;
use crate::etag::IfMatch;
use crate::problem::{Fields, Problem};

/// Renames a project.
#[utoipa::path(patch, path = "/projects/{projectId}", operation_id = "renameProject", tag = "Projects",
    request_body = ProjectName, responses((status = 200, body = Project), (status = 409, description = "`name-taken`")))]
pub(crate) async fn rename(
    call: Call,
    if_match: IfMatch,
    Body(new): Body<ProjectName>,
) -> Result<Tagged, Problem> {
    let mut fields = Fields::default();
    let name = fields.name("name", webhook::ProjectName::parse(&new.name));
    let name = fields.finish(name)?;
    let act = call.act();
    let row = call
        .console
        .db
        .write(move |tx| {
            Box::pin(async move {
                store::project::lock(tx, &act.scope).await?;
                let old = store::project::read(tx, &act.scope).await?;
                if_match.permits(&old.revision.to_string())?;
                let text = name.as_str();
                store::project::rename(tx, &act.scope, text, &folded(text), &act.stamp())
                    .await
                    .map_err(Problem::name_taken("project"))?;
                let detail = json!({ "from": old.name, "to": text });
                act.audit(tx, "project.rename", &old.id, detail).await?;
                Ok::<_, Problem>(store::project::read(tx, &act.scope).await?)
            })
        })
        .await?;
    Ok(tagged(row))
}
