//! The list of events.

use axum::Json;
use serde::{Deserialize, Serialize};
use store::view::event::{Filter, Outcome};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::Parts;
use crate::body::Parameters;
use crate::call::Call;
use crate::clock;
use crate::page::{self, List, Paging};
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
    /// How many failed triggers it has, refused and retried ones too.
    failed: i64,
    /// Whether it was the same as an earlier event.
    duplicate: bool,
    /// As of the event itself: `started`, `failed`, `duplicate` or `refused`.
    state: &'static str,
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
    /// `started`: with an instance. `failed`: with a failed trigger that no retry has started. `duplicate`: the same as an
    /// earlier event. `refused`: refused at the gateway. An event can be several of these.
    #[param(pattern = "^(started|failed|duplicate|refused)$")]
    outcome: Option<String>,
    /// Not before this time (RFC 3339), by the time in its id; ids of foreign producers have none.
    #[param(format = DateTime)]
    from: Option<String>,
    /// Before this time (RFC 3339).
    #[param(format = DateTime)]
    to: Option<String>,
}

impl EventQuery {
    fn filter(self) -> Result<Filter, Problem> {
        let outcome = page::one_of("outcome", self.outcome, &["started", "failed", "duplicate", "refused"])?;
        Ok(Filter {
            data_source: self.data_source_id.map(|id| id.to_string()),
            outcome: outcome.as_deref().map(|outcome| match outcome {
                "started" => Outcome::Started,
                "failed" => Outcome::Failed,
                "duplicate" => Outcome::Duplicate,
                _ => Outcome::Refused,
            }),
            span: page::span(self.from.as_deref(), self.to.as_deref())?,
        })
    }
}

/// Events that the runner is past, from new to old by id. A page may have more items than the limit where one id
/// came to several data sources.
#[utoipa::path(get, path = "/projects/{projectId}/events", operation_id = "listEvents", tag = "Runtime", params(EventQuery),
    responses((status = 200, body = List<EventSummary>)))]
pub(crate) async fn list(
    call: Call,
    Parameters(query): Parameters<EventQuery>,
) -> Result<Json<List<EventSummary>>, Problem> {
    let paging = Paging::of(query.limit, query.cursor.as_deref())?;
    let filter = query.filter()?;
    let (scope, limit) = (call.scope, paging.limit as usize);
    let rows = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let (cursor, rows) = (paging.after.as_deref(), paging.rows() + 1);
                Ok::<_, Problem>(store::view::event::list(tx, &scope, &filter, cursor, rows).await?)
            })
        })
        .await?;
    Ok(Json(List::of(cut(rows, limit).map(|row| EventSummary {
        state: state(&row),
        id: row.event_id,
        data_source_id: row.data_source_id,
        time: clock::show(row.event_time),
        started: row.started,
        failed: row.failed,
        duplicate: row.duplicate != 0,
    }))))
}

fn state(row: &store::view::event::Event) -> &'static str {
    let parts = Parts {
        has_open: row.open > 0,
        has_started: row.started > 0,
        is_duplicate: row.duplicate != 0,
        has_retried: row.retried > 0,
    };
    parts.state()
}

/// A page of the events of one data source, from new to old.
pub(crate) async fn recent(
    tx: &mut store::Tx,
    scope: &store::Scope,
    data_source: &str,
    paging: &Paging,
) -> Result<store::Page<store::view::event::Event>, Problem> {
    let filter = Filter { data_source: Some(data_source.to_owned()), ..Filter::default() };
    let (cursor, rows) = (paging.after.as_deref(), paging.rows() + 1);
    let rows = store::view::event::list(tx, scope, &filter, cursor, rows).await?;
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
