//! Making a user.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use store::StoreError;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Tagged, User, email, tagged};
use crate::body::Body;
use crate::call::Site;
use crate::clock;
use crate::problem::{Fields, Problem};

/// A user to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewUser {
    /// Unique without regard to case; kept in small letters.
    #[schema(max_length = 254)]
    email: String,
    /// 1 to 100 printable characters.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
}

/// Makes a user without a password and without roles: a sign-in link lets them in, roles are given where they count.
#[utoipa::path(post, path = "/users", operation_id = "createUser", tag = "Users", request_body = NewUser,
    responses((status = 201, body = User), (status = 409, description = "`email-taken`")))]
pub(crate) async fn create(site: Site, Body(new): Body<NewUser>) -> Result<(StatusCode, Tagged), Problem> {
    let mut fields = Fields::default();
    let email = email(&mut fields, &new.email);
    let name = fields.name("name", webhook::ProjectName::parse(&new.name));
    let (email, name) = fields.finish(email.zip(name))?;
    let caller = site.caller;
    let made = site
        .console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let (id, now) = (Uuid::new_v4(), clock::now());
                store::user::insert(tx, id, &email, name.as_str(), now).await.map_err(taken)?;
                let target = id.to_string();
                caller.audit(tx, (None, now), ("user.create", &target), json!({ "email": email })).await?;
                store::user::read(tx, id).await?.ok_or_else(Problem::not_found)
            })
        })
        .await?;
    Ok((StatusCode::CREATED, tagged(made)))
}

/// Another user has this e-mail.
pub(super) fn taken(e: StoreError) -> Problem {
    match e {
        StoreError::Conflict(_) => {
            Problem::conflict("email-taken", "There is already a user with this e-mail.")
        }
        e => e.into(),
    }
}
