//! Seeing users.

use axum::Json;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Tagged, User, looked_for, tagged};
use crate::body::Parameters;
use crate::call::Site;
use crate::page::{self, List, Paging};
use crate::problem::Problem;

/// Which users.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct UserQuery {
    /// At most this many items.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// `nextCursor` of the page before.
    #[param(min_length = 1)]
    cursor: Option<String>,
    /// With exactly this e-mail; upper and lower case are the same.
    email: Option<String>,
    /// Those who may not sign in (`true`), or those who may (`false`).
    disabled: Option<bool>,
}

/// Users, by e-mail.
#[utoipa::path(get, path = "/users", operation_id = "listUsers", tag = "Users", params(UserQuery),
    responses((status = 200, body = List<User>)))]
pub(crate) async fn list(
    site: Site,
    Parameters(query): Parameters<UserQuery>,
) -> Result<Json<List<User>>, Problem> {
    let paging = Paging::of(query.limit, query.cursor.as_deref())?;
    let email = page::filter("email", query.email)?.map(|text| looked_for(&text));
    let filter = store::user::Filter { email, disabled: query.disabled };
    let page = site
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let rows = store::user::list(tx, &filter, paging.after_or(""), paging.rows()).await?;
                Ok::<_, Problem>(paging.cut(rows, |row| row.email.clone()))
            })
        })
        .await?;
    Ok(Json(List::of(page.map(User::from))))
}

/// A user.
#[utoipa::path(get, path = "/users/{userId}", operation_id = "readUser", tag = "Users",
    responses((status = 200, body = User)))]
pub(crate) async fn read(site: Site) -> Result<Tagged, Problem> {
    let id = site.id("userId")?;
    let row = site
        .console
        .db
        .read(move |tx| Box::pin(async move { Ok::<_, Problem>(store::user::read(tx, id).await?) }))
        .await?;
    row.map(tagged).ok_or_else(Problem::not_found)
}
