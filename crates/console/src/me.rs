//! Who the credentials belong to, and what they may do.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::{Rights, roles};
use crate::call::{Caller, Credentials, Site};
use crate::clock;
use crate::problem::Problem;

/// Roles that are told at most; who has more is asked of the projects.
pub(crate) const MOST_ROLES: i64 = 1000;

/// The caller.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Me {
    /// The user's id.
    id: String,
    email: String,
    name: String,
    /// The name of the token that was sent; `null` for a session.
    #[schema(required)]
    token: Option<String>,
    /// The id of the session whose cookie was sent; `null` for a token.
    #[schema(required)]
    session_id: Option<String>,
    /// When the token or session ends at the latest; `null` for never.
    #[schema(required)]
    expires_at: Option<String>,
    /// What these credentials may do at most, by the names of rights.
    scopes: Vec<String>,
    /// The only project that they open; `null` for all.
    #[schema(required)]
    project_id: Option<String>,
    /// The user's roles, with what they come to with these credentials. What counts in a project is the union of
    /// the roles on it, its workspace and its organization.
    roles: Vec<OwnRole>,
}

/// A role of the caller.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OwnRole {
    /// `organization`, `workspace` or `project`.
    level: String,
    /// The id of the organization, workspace or project.
    id: String,
    /// `viewer`, `editor`, `operator` or `admin`.
    role: String,
    /// Whether payloads may be read beside what the role says.
    payload: bool,
    /// The names of the rights.
    rights: Vec<String>,
}

/// The user, the session or token of this request, roles and rights.
#[utoipa::path(get, path = "/me", operation_id = "readMe", tag = "Access", responses((status = 200, body = Me)))]
pub(crate) async fn read(site: Site) -> Result<Json<Me>, Problem> {
    let user = site.caller.user;
    let given = site
        .console
        .db
        .read(move |tx| Box::pin(async move { store::role::of_user(tx, user, MOST_ROLES).await }))
        .await?;
    Ok(Json(show(site.caller, given)))
}

/// The caller with these roles.
pub(crate) fn show(caller: Caller, given: Vec<store::role::Given>) -> Me {
    let (token, expires_at) = match &caller.credentials {
        Credentials::Session { expires_at, .. } => (None, Some(*expires_at)),
        Credentials::Token { name, expires_at, .. } => (Some(name.clone()), *expires_at),
    };
    let scopes = caller.scopes;
    Me {
        id: caller.user.to_string(),
        session_id: caller.credentials.session().map(|id| id.to_string()),
        email: caller.email,
        name: caller.name,
        token,
        expires_at: clock::show_some(expires_at),
        scopes: scopes.names(),
        project_id: caller.only_project.map(|id| id.to_string()),
        roles: given.into_iter().map(|one| own(one, scopes)).collect(),
    }
}

fn own(given: store::role::Given, scopes: Rights) -> OwnRole {
    let payload = given.payload != 0;
    let rights = roles::rights(&given.role, payload).and(scopes).names();
    OwnRole { level: given.level, id: given.target_id, role: given.role, payload, rights }
}
