//! Changing one's own password.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use store::Tx;
use utoipa::ToSchema;

use crate::body::Body;
use crate::call::{Caller, Site};
use crate::password::{self, PasswordText};
use crate::problem::Problem;
use crate::{clock, guessing};

/// The old password and the new one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PasswordChange {
    old_password: PasswordText,
    /// 15 to 128 characters, of any kind.
    #[schema(min_length = 15, max_length = 128)]
    new_password: PasswordText,
}

/// Sets a new password. The old one is asked for. All other sessions of the user end; tokens stay.
#[utoipa::path(post, path = "/me/password", operation_id = "changePassword", tag = "Access", request_body = PasswordChange,
    responses((status = 204), (status = 409, description = "`no-password`: none was set yet, a sign-in link sets the first one"),
        (status = 429, description = "`too-many-attempts`: wrong passwords of late; see `Retry-After`")))]
pub(crate) async fn change(site: Site, Body(new): Body<PasswordChange>) -> Result<StatusCode, Problem> {
    new.new_password.allowed("newPassword", &site.caller.email)?;
    let (caller, asking) = (site.caller.clone(), site.caller);
    let kept = site.console.db.write(move |tx| Box::pin(async move { attempt(tx, &asking).await })).await?;
    if !password::verify(new.old_password, Some(kept.clone())).await? {
        return Err(Problem::field("oldPassword", "wrong", "is not the password"));
    }
    let hash = password::hash(new.new_password).await?;
    site.console.db.write(move |tx| Box::pin(async move { set(tx, &caller, &kept, &hash).await })).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The kept hash, if the old password may be tried now.
async fn attempt(tx: &mut Tx, caller: &Caller) -> Result<String, Problem> {
    let account = store::user::account_of(tx, caller.user).await?.ok_or_else(Problem::not_found)?;
    let kept = account.password_hash.ok_or_else(|| {
        let detail = "No password was set yet. A sign-in link sets the first one: an administrator or `forebay sign-in-link` makes it.";
        Problem::conflict("no-password", detail)
    })?;
    guessing::attempt(tx, (&caller.email, caller.address.as_deref()), false, clock::now()).await?;
    Ok(kept)
}

async fn set(tx: &mut Tx, caller: &Caller, kept: &str, hash: &str) -> Result<(), Problem> {
    let now = clock::now();
    let account = store::user::account_of(tx, caller.user).await?.ok_or_else(Problem::not_found)?;
    if account.password_hash.as_deref() != Some(kept) {
        return Err(Problem::field("oldPassword", "wrong", "was changed by somebody else meanwhile"));
    }
    guessing::succeeded(tx, &caller.email, caller.address.as_deref()).await?;
    store::user::set_password(tx, caller.user, hash, now).await?;
    store::session::end_others(tx, caller.user, caller.credentials.session()).await?;
    store::sign_in::remove_links(tx, caller.user).await?;
    let target = caller.user.to_string();
    caller.audit(tx, (None, now), ("user.change-password", &target), json!({})).await
}
