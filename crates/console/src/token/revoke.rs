//! Making a token invalid.

use axum::http::StatusCode;
use serde_json::json;
use store::token::Owner;
use uuid::Uuid;

use crate::Console;
use crate::call::{Call, Caller, Site};
use crate::clock;
use crate::problem::Problem;

/// Revokes one of the caller's own tokens. It is refused from then on; doing it again changes nothing.
#[utoipa::path(delete, path = "/tokens/{tokenId}", operation_id = "revokeToken", tag = "Access", responses((status = 204)))]
pub(crate) async fn own(site: Site) -> Result<StatusCode, Problem> {
    let (token, owner) = (site.id("tokenId")?, Owner::User(site.caller.user));
    revoke(&site.console, site.caller, owner, token).await
}

/// Revokes a token that opens this project only, whomever it acts for.
#[utoipa::path(delete, path = "/projects/{projectId}/tokens/{tokenId}", operation_id = "revokeProjectToken", tag = "Members",
    responses((status = 204)))]
pub(crate) async fn of_project(call: Call) -> Result<StatusCode, Problem> {
    let (token, owner) = (call.id("tokenId")?, Owner::Project(call.scope.project));
    revoke(&call.console, call.caller, owner, token).await
}

async fn revoke(console: &Console, caller: Caller, owner: Owner, token: Uuid) -> Result<StatusCode, Problem> {
    console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let found = store::token::read(tx, owner, token).await?;
                if found.revoked_at.is_some() {
                    return Ok(());
                }
                let now = clock::now();
                store::token::revoke(tx, token, now).await?;
                let project = found.project_id.as_deref().and_then(|id| Uuid::parse_str(id).ok());
                let detail = json!({ "name": found.name, "userId": found.user_id });
                caller.audit(tx, (project, now), ("token.revoke", &found.id), detail).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
