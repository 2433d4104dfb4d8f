//! Changing a user: name, e-mail, and whether they may sign in.

use serde::Deserialize;
use serde_json::json;
use store::Tx;
use utoipa::ToSchema;
use uuid::Uuid;

use super::create::taken;
use super::{Tagged, User, email, tagged};
use crate::body::Body;
use crate::call::{Caller, Site};
use crate::clock;
use crate::etag::IfMatch;
use crate::member::last_admin;
use crate::problem::{Fields, Problem};

/// What to change of a user; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct UserChange {
    /// Unique without regard to case; kept in small letters.
    #[schema(max_length = 254)]
    email: Option<String>,
    /// 1 to 100 printable characters.
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// `true`: they may not sign in, and their sessions and tokens are refused at once.
    disabled: Option<bool>,
}

/// A change that was checked.
struct Wish {
    email: Option<String>,
    name: Option<String>,
    disabled: Option<bool>,
}

/// Changes a user. A disabled user's sessions end, their sign-in links are void and their tokens are refused.
#[utoipa::path(patch, path = "/users/{userId}", operation_id = "changeUser", tag = "Users", request_body = UserChange,
    responses((status = 200, body = User),
        (status = 409, description = "`email-taken`; `last-admin`: the only administrator of an organization cannot be disabled")))]
pub(crate) async fn change(
    site: Site,
    if_match: IfMatch,
    Body(new): Body<UserChange>,
) -> Result<Tagged, Problem> {
    let id = site.id("userId")?;
    let mut fields = Fields::default();
    let email = new.email.map(|text| email(&mut fields, &text));
    let name = new.name.map(|text| fields.name("name", webhook::ProjectName::parse(&text)));
    let wish = Wish {
        email: email.flatten(),
        name: name.flatten().map(|name| name.as_str().to_owned()),
        disabled: new.disabled,
    };
    let wish = fields.finish(Some(wish))?;
    let caller = site.caller;
    let row = site
        .console
        .db
        .write(move |tx| Box::pin(async move { apply(tx, (id, &caller), &if_match, wish).await }))
        .await?;
    Ok(tagged(row))
}

async fn apply(
    tx: &mut Tx,
    (id, caller): (Uuid, &Caller),
    if_match: &IfMatch,
    wish: Wish,
) -> Result<store::user::User, Problem> {
    let organizations = store::role::lock_organizations(tx).await?;
    let old = store::user::read(tx, id).await?.ok_or_else(Problem::not_found)?;
    if_match.permits(&old.revision.to_string())?;
    let email = wish.email.unwrap_or_else(|| old.email.clone());
    let name = wish.name.unwrap_or_else(|| old.name.clone());
    let disabled = wish.disabled.unwrap_or(old.disabled != 0);
    if (&email, &name, disabled) == (&old.email, &old.name, old.disabled != 0) {
        return Ok(old);
    }
    let before = last_admin::count(tx, &organizations).await?;
    store::user::change(tx, id, (&email, &name, disabled)).await.map_err(taken)?;
    if disabled && old.disabled == 0 {
        last_admin::check(tx, &before).await?;
        store::session::end_others(tx, id, None).await?;
        store::sign_in::remove_links(tx, id).await?;
    }
    let detail = json!({
        "email": { "from": old.email, "to": email }, "name": { "from": old.name, "to": name },
        "disabled": { "from": old.disabled != 0, "to": disabled },
    });
    caller.audit(tx, (None, clock::now()), ("user.change", &old.id), detail).await?;
    store::user::read(tx, id).await?.ok_or_else(Problem::not_found)
}
