//! Using a link: whose it is, and setting the password with it.

use axum::Json;
use serde::{Deserialize, Serialize};
use store::sign_in::Link;
use utoipa::ToSchema;
use uuid::Uuid;

use super::unknown;
use crate::body::Body;
use crate::me::Me;
use crate::password::{self, PasswordText};
use crate::problem::Problem;
use crate::session::{self, SignedIn};
use crate::visit::Visitor;
use crate::{Console, clock, guessing, key};

/// The token of a link: what stands after `#` in it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct LinkToken {
    token: LinkText,
}

/// The token and the new password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Redemption {
    token: LinkText,
    /// 15 to 128 characters, of any kind.
    #[schema(min_length = 15, max_length = 128)]
    password: PasswordText,
}

/// A token as it came; `Debug` hides it.
#[derive(Deserialize, ToSchema)]
#[schema(value_type = String)]
struct LinkText(String);

impl std::fmt::Debug for LinkText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkText([redacted])")
    }
}

/// Whose link it is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LinkOwner {
    email: String,
    name: String,
    expires_at: String,
}

/// Whose sign-in link this is, without using it.
#[utoipa::path(post, path = "/sign-in-link", operation_id = "readSignInLink", tag = "Access", request_body = LinkToken,
    responses((status = 200, body = LinkOwner), (status = 403, description = "`cross-site`: sent by a page of somebody else"),
        (status = 404, description = "`link-unknown`: used, replaced, too old, or never made")))]
pub(crate) async fn read(visitor: Visitor, Body(sent): Body<LinkToken>) -> Result<Json<LinkOwner>, Problem> {
    let link = find(&visitor.console, &sent.token).await?;
    Ok(Json(LinkOwner { email: link.email, name: link.user_name, expires_at: clock::show(link.expires_at) }))
}

/// Sets the password and signs in; the link is used up, and every other session of the user ends.
#[utoipa::path(post, path = "/sign-in-link/redeem", operation_id = "redeemSignInLink", tag = "Access", request_body = Redemption,
    responses((status = 200, body = Me), (status = 403, description = "`cross-site`: sent by a page of somebody else"),
        (status = 404, description = "`link-unknown`: used, replaced, too old, or never made")))]
pub(crate) async fn redeem(visitor: Visitor, Body(sent): Body<Redemption>) -> Result<SignedIn, Problem> {
    let Visitor { console, visit } = visitor;
    // a stranger without a link makes us hash nothing
    let link = find(&console, &sent.token).await?;
    sent.password.allowed("password", &link.email)?;
    let hash = password::hash(sent.password).await?;
    let begun = console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let owner = Uuid::parse_str(&link.user_id)
                    .map_err(|_| Problem::internal("a stored id is not a UUID"))?;
                let user = store::user::read(tx, owner).await?.filter(|user| user.disabled == 0);
                let (Some(user), true) = (user, store::sign_in::use_link(tx, &link.id).await?) else {
                    return Err(unknown());
                };
                store::user::set_password(tx, owner, &hash, clock::now()).await?;
                store::sign_in::remove_links(tx, owner).await?;
                store::session::end_others(tx, owner, None).await?;
                guessing::succeeded(tx, &user.email, visit.address.as_deref()).await?;
                session::start(tx, &user, &visit, "sign-in-link.redeem").await
            })
        })
        .await?;
    Ok(begun.answer(&console.public_url))
}

async fn find(console: &Console, token: &LinkText) -> Result<Link, Problem> {
    let digest = key::token_digest(&token.0);
    let found =
        console.db.read(move |tx| Box::pin(async move { store::sign_in::link(tx, digest).await })).await?;
    found.filter(|link| link.disabled == 0 && clock::now() < link.expires_at).ok_or_else(unknown)
}
