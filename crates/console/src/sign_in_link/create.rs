//! Making a link for a user.

use axum::Json;
use axum::http::StatusCode;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{make, sign_in_url};
use crate::call::Site;
use crate::clock;
use crate::problem::Problem;

/// A link that is shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignInLink {
    /// Give it to the user, and to nobody else: it sets their password and signs in, once.
    url: String,
    /// 7 days for a user who never had a password, else 24 hours.
    expires_at: String,
}

/// Makes a one-time link for a user who is new or forgot the password. A link that was made before is void; the
/// password stays until the link is used.
#[utoipa::path(post, path = "/users/{userId}/sign-in-link", operation_id = "createSignInLink", tag = "Users",
    responses((status = 201, body = SignInLink), (status = 409, description = "`user-disabled`: they may not sign in")))]
pub(crate) async fn create(site: Site) -> Result<(StatusCode, Json<SignInLink>), Problem> {
    let (id, caller) = (site.id("userId")?, site.caller);
    let (token, expires_at) = site
        .console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let user = store::user::read(tx, id).await?.ok_or_else(Problem::not_found)?;
                if user.disabled != 0 {
                    let detail = "This user may not sign in. Enable them first.";
                    return Err(Problem::conflict("user-disabled", detail));
                }
                let stamp = store::user::Stamp { user: Some(caller.user), at: clock::now() };
                let made = make(tx, &user, &stamp).await?;
                let detail = json!({ "email": user.email });
                caller.audit(tx, (None, stamp.at), ("sign-in-link.create", &user.id), detail).await?;
                Ok(made)
            })
        })
        .await?;
    let url = sign_in_url(&site.console.public_url, &token).reveal().to_owned();
    Ok((StatusCode::CREATED, Json(SignInLink { url, expires_at: clock::show(expires_at) })))
}
