//! Signing out.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::json;

use super::cookie;
use crate::call::Site;
use crate::clock;
use crate::problem::Problem;

/// Ends the session of this request and takes its cookie away.
#[utoipa::path(delete, path = "/session", operation_id = "signOut", tag = "Access",
    responses((status = 204), (status = 409, description = "`no-session`: the request carries a token, which is revoked instead")))]
pub(crate) async fn current(site: Site) -> Result<(StatusCode, [(HeaderName, HeaderValue); 1]), Problem> {
    let Some(session) = site.caller.credentials.session() else {
        let detail = "This request carries a token, not a session. Revoke the token to make it invalid.";
        return Err(Problem::conflict("no-session", detail));
    };
    let expired = cookie(&site.console.public_url, "", 0);
    end(site, session).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, expired)]))
}

/// Ends one of one's own sessions.
#[utoipa::path(delete, path = "/sessions/{sessionId}", operation_id = "endSession", tag = "Access",
    responses((status = 204)))]
pub(crate) async fn one(site: Site) -> Result<StatusCode, Problem> {
    let session = site.id("sessionId")?;
    end(site, session).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn end(site: Site, session: uuid::Uuid) -> Result<(), Problem> {
    let caller = site.caller;
    site.console
        .db
        .write(move |tx| {
            Box::pin(async move {
                if !store::session::end(tx, caller.user, session).await? {
                    return Err(Problem::not_found());
                }
                let target = session.to_string();
                caller.audit(tx, (None, clock::now()), ("session.end", &target), json!({})).await
            })
        })
        .await
}
