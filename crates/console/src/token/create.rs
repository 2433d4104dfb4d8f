//! Making a token for oneself.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::token::{NewToken, Owner};
use store::{Tx, role};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Token;
use crate::access::{Right, Rights, roles};
use crate::body::Body;
use crate::call::{Caller, Credentials, Site};
use crate::problem::{Fields, Problem};
use crate::{clock, key};

/// A token to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TokenWish {
    /// What it is for: 1 to 100 printable characters.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Names of rights, such as `trigger:operate`, or `admin` for everything that the user may.
    #[schema(min_items = 1)]
    scopes: Vec<String>,
    /// The only project that it opens; `null` or left out for all that the user sees.
    project_id: Option<Uuid>,
    /// RFC 3339, in the future; `null` or left out for never.
    #[schema(format = "date-time")]
    expires_at: Option<String>,
}

/// A token that is shown this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewlyMade {
    /// The text for `Authorization: Bearer …`. Only its hash is kept.
    secret: String,
    token: Token,
}

/// A wish that was checked.
struct Checked {
    name: String,
    scopes: String,
    project: Option<Uuid>,
    expires_at: Option<i64>,
}

/// Makes a token that acts for the caller. It can never do more than its user, nor more than the token that made it.
#[utoipa::path(post, path = "/tokens", operation_id = "createToken", tag = "Access", request_body = TokenWish,
    responses((status = 201, body = NewlyMade)))]
pub(crate) async fn create(
    site: Site,
    Body(wish): Body<TokenWish>,
) -> Result<(StatusCode, Json<NewlyMade>), Problem> {
    let checked = check(&site.caller, wish)?;
    let secret = key::new_token()?;
    let (sha256, caller) = (key::token_digest(secret.reveal()), site.caller);
    let row = site
        .console
        .db
        .write(move |tx| Box::pin(async move { insert(tx, &caller, &checked, sha256).await }))
        .await?;
    let made = NewlyMade { secret: secret.reveal().to_owned(), token: row.into() };
    Ok((StatusCode::CREATED, Json(made)))
}

fn check(caller: &Caller, wish: TokenWish) -> Result<Checked, Problem> {
    let mut fields = Fields::default();
    let name = fields.name("name", webhook::ProjectName::parse(&wish.name));
    let known = |word: &String| word == super::ADMIN || Right::parse(word).is_some();
    if wish.scopes.is_empty() || !wish.scopes.iter().all(known) {
        fields.add(
            "scopes",
            "unknown",
            format!("must be one or more of admin, {}", Rights::ALL.names().join(", ")),
        );
    }
    let mut words = wish.scopes;
    words.sort();
    words.dedup();
    let scopes = words.join(" ");
    let wanted = roles::scopes(&scopes);
    if wanted.and(caller.scopes) != wanted {
        fields.add("scopes", "too-far", "must not be more than those of the token that makes it");
    }
    let expires_at = match wish.expires_at.as_deref().map(webhook::timestamp::parse) {
        None => None,
        Some(Some(at)) if at > clock::now() => Some(at),
        Some(_) => {
            fields.add(
                "expiresAt",
                "time",
                "must be a time of RFC 3339 in the future: 2030-01-31T00:00:00.000Z",
            );
            None
        }
    };
    if let Credentials::Token { expires_at: Some(end), .. } = &caller.credentials
        && expires_at.is_none_or(|at| at > *end)
    {
        fields.add("expiresAt", "too-far", "must not be later than that of the token that makes it");
    }
    let checked = name.map(|name| Checked {
        name: name.as_str().to_owned(),
        scopes,
        project: wish.project_id,
        expires_at,
    });
    fields.finish(checked)
}

async fn insert(
    tx: &mut Tx,
    caller: &Caller,
    wish: &Checked,
    sha256: [u8; 32],
) -> Result<store::token::Listed, Problem> {
    if let Some(project) = wish.project {
        let unknown = || Problem::field("projectId", "unknown", "must be the id of a project that you see");
        let scope = store::project::scope_of(tx, project).await?.ok_or_else(unknown)?;
        if role::in_project(tx, caller.user, &scope).await?.is_empty() {
            return Err(unknown());
        }
    }
    let (id, now) = (Uuid::now_v7(), clock::now());
    let new = NewToken {
        id,
        user: caller.user,
        project: wish.project,
        name: &wish.name,
        sha256,
        scopes: &wish.scopes,
        expires_at: wish.expires_at,
    };
    store::token::insert(tx, &new, now).await?;
    let detail =
        json!({ "name": wish.name, "scopes": wish.scopes, "expiresAt": clock::show_some(wish.expires_at) });
    caller.audit(tx, (wish.project, now), ("token.create", &id.to_string()), detail).await?;
    Ok(store::token::read(tx, Owner::User(caller.user), id).await?)
}
