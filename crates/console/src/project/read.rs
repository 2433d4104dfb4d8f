//! One project.

use super::{Project, Tagged, tagged};
use crate::call::Call;
use crate::problem::Problem;

/// A project.
#[utoipa::path(get, path = "/projects/{projectId}", operation_id = "readProject", tag = "Projects",
    responses((status = 200, body = Project)))]
pub(crate) async fn read(call: Call) -> Result<Tagged, Problem> {
    let scope = call.scope;
    let row = call
        .console
        .db
        .read(move |tx| Box::pin(async move { Ok::<_, Problem>(store::project::read(tx, &scope).await?) }))
        .await?;
    Ok(tagged(row))
}
