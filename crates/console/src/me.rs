//! Who the credentials belong to.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::call::Site;

/// The caller.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Me {
    /// The user's id.
    id: String,
    email: String,
    name: String,
    /// The name of the token that was sent.
    token: String,
    /// What it may do; `admin` is everything.
    scopes: Vec<String>,
    /// The only project that it opens; `null` for all.
    #[schema(required)]
    project_id: Option<String>,
}

/// The user and the token of this request.
#[utoipa::path(get, path = "/me", operation_id = "readMe", tag = "Access", responses((status = 200, body = Me)))]
pub(crate) async fn read(site: Site) -> Json<Me> {
    let caller = site.caller;
    Json(Me {
        id: caller.user.to_string(),
        email: caller.email,
        name: caller.name,
        token: caller.token_name,
        scopes: caller.scopes.split(' ').map(str::to_owned).collect(),
        project_id: caller.only_project.map(|id| id.to_string()),
    })
}
