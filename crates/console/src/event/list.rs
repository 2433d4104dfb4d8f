//! The list of events.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::body::Parameters;
use crate::call::Call;
use crate::clock;
use crate::page::{List, Paging};
use crate::problem::Problem;

/// An event, in a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventSummary {
    id: String,
    data_source_id: String,
    /// When it was accepted or refused.
    time: String,
    /// How many instances it started.
    started: i64,
    /// How many failed triggers it has.
    failed: i64,
    /// Whether it was the same as an earlier event.
    duplicate: bool,
}

/// Which events.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventQuery {
    /// At most this many ids.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// `nextCursor` of the page before.
    #[param(min_length = 1)]
    cursor: Option<String>,
    /// Of this data source.
    data_source_id: Option<Uuid>,
}

/// Above every id: those of version 7 are hexadecimal, those of foreign producers any text.
const TOP: &str = "\u{10FFFF}";

/// Events that the runner is past, from new to old by id. A page may have more items than the limit where one id
/// came to several data sources.
#[utoipa::path(get, path = "/projects/{projectId}/events", operation_id = "listEvents", tag = "Runtime", params(EventQuery),
    responses((status = 200, body = List<EventSummary>)))]
pub(crate) async fn list(
    call: Call,
    Parameters(query): Parameters<EventQuery>,
) -> Result<Json<List<EventSummary>>, Problem> {
    let paging = Paging::of(query.limit, query.cursor.as_deref())?;
    let data_source = query.data_source_id.map(|id| id.to_string());
    let (scope, limit) = (call.scope, paging.limit as usize);
    let rows = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let (before, rows) = (paging.after_or(TOP), paging.rows() + 1);
                Ok::<_, Problem>(
                    store::view::event::list(tx, &scope, data_source.as_deref(), before, rows).await?,
                )
            })
        })
        .await?;
    Ok(Json(List::of(cut(rows, limit).map(|row| EventSummary {
        id: row.event_id,
        data_source_id: row.data_source_id,
        time: clock::show(row.event_time),
        started: row.started,
        failed: row.failed,
        duplicate: row.duplicate != 0,
    }))))
}

/// A page of the events of one data source, from new to old.
pub(crate) async fn recent(
    tx: &mut store::Tx,
    scope: &store::Scope,
    data_source: &str,
    paging: &Paging,
) -> Result<store::Page<store::view::event::Event>, Problem> {
    let (before, rows) = (paging.after_or(TOP), paging.rows() + 1);
    let rows = store::view::event::list(tx, scope, Some(data_source), before, rows).await?;
    Ok(cut(rows, paging.limit as usize))
}

/// Cuts after `limit` different ids: the next page goes on below an id, so one id is never split over two pages.
fn cut(mut rows: Vec<store::view::event::Event>, limit: usize) -> store::Page<store::view::event::Event> {
    let mut ids = 0;
    let mut last: Option<&str> = None;
    let mut end = rows.len();
    for (at, row) in rows.iter().enumerate() {
        if last != Some(&row.event_id) {
            ids += 1;
            if ids > limit {
                end = at;
                break;
            }
            last = Some(&row.event_id);
        }
    }
    let more = end < rows.len();
    rows.truncate(end);
    let next = rows.last().filter(|_| more).map(|row| store::Cursor(row.event_id.clone()));
    store::Page { items: rows, next }
}
