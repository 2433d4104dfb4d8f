//! One's own sessions.

use axum::Json;

use super::{Session, is_over};
use crate::body::Parameters;
use crate::call::Site;
use crate::clock;
use crate::page::{List, ListQuery};
use crate::problem::Problem;

/// The caller's own sessions that have not ended, the newest first.
#[utoipa::path(get, path = "/sessions", operation_id = "listSessions", tag = "Access", params(ListQuery),
    responses((status = 200, body = List<Session>)))]
pub(crate) async fn list(
    site: Site,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Json<List<Session>>, Problem> {
    let (paging, user) = (query.paging()?, site.caller.user);
    let current = site.caller.credentials.session();
    let mut page = site
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let rows = store::session::list(tx, user, paging.after_or("g"), paging.rows()).await?;
                Ok::<_, Problem>(paging.cut(rows, |row| row.id.clone()))
            })
        })
        .await?;
    let now = clock::now();
    page.items.retain(|row| !is_over(row, now));
    Ok(Json(List::of(page.map(|row| Session::of(row, current)))))
}
