//! Seeing tokens: one's own, and those of a project.

use axum::Json;
use store::token::Owner;

use super::Token;
use crate::Console;
use crate::body::Parameters;
use crate::call::{Call, Site};
use crate::page::{List, ListQuery};
use crate::problem::Problem;

/// The caller's own tokens, revoked and expired ones too.
#[utoipa::path(get, path = "/tokens", operation_id = "listTokens", tag = "Access", params(ListQuery),
    responses((status = 200, body = List<Token>)))]
pub(crate) async fn own(
    site: Site,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Json<List<Token>>, Problem> {
    list(&site.console, Owner::User(site.caller.user), &query).await
}

/// The tokens that open this project only, whomever they act for.
#[utoipa::path(get, path = "/projects/{projectId}/tokens", operation_id = "listProjectTokens", tag = "Members", params(ListQuery),
    responses((status = 200, body = List<Token>)))]
pub(crate) async fn of_project(
    call: Call,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Json<List<Token>>, Problem> {
    list(&call.console, Owner::Project(call.scope.project), &query).await
}

async fn list(console: &Console, owner: Owner, query: &ListQuery) -> Result<Json<List<Token>>, Problem> {
    let paging = query.paging()?;
    let page = console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let rows = store::token::list(tx, owner, paging.after_or("g"), paging.rows()).await?;
                Ok::<_, Problem>(paging.cut(rows, |row| row.id.clone()))
            })
        })
        .await?;
    Ok(Json(List::of(page.map(Token::from))))
}
