//! The list of triggers, and one of them.

use axum::Json;

use super::{Tagged, Trigger, show, tagged};
use crate::body::Parameters;
use crate::call::Call;
use crate::page::{List, ListQuery};
use crate::problem::Problem;

/// The triggers that the running commit connects to a process, in the order in which they were made.
#[utoipa::path(get, path = "/projects/{projectId}/triggers", operation_id = "listTriggers", tag = "Triggers", params(ListQuery),
    responses((status = 200, body = List<Trigger>)))]
pub(crate) async fn list(
    call: Call,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Json<List<Trigger>>, Problem> {
    let (paging, scope) = (query.paging()?, call.scope);
    let page = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let rows = store::trigger::list(tx, &scope, paging.after_or(""), paging.rows()).await?;
                let page = paging.cut(rows, |row| row.id.clone());
                let location = show::location(tx, &scope).await?;
                let mut items = Vec::with_capacity(page.items.len());
                for row in page.items {
                    items.push(show::trigger(tx, &scope, &location, row).await?);
                }
                Ok::<_, Problem>(store::Page { items, next: page.next })
            })
        })
        .await?;
    Ok(Json(List::of(page)))
}

/// A trigger, whether it is connected now or not.
#[utoipa::path(get, path = "/projects/{projectId}/triggers/{triggerId}", operation_id = "readTrigger", tag = "Triggers",
    responses((status = 200, body = Trigger)))]
pub(crate) async fn read(call: Call) -> Result<Tagged, Problem> {
    let (scope, id) = (call.scope, call.id("triggerId")?);
    call.console.db.read(move |tx| Box::pin(async move { tagged(tx, &scope, id).await })).await
}
