//! The last requests of a webhook, refused ones too.

use std::collections::HashMap;

use axum::Json;
use serde::Serialize;
use store::view::event::Event;
use store::view::request::Failure;
use store::{Page, Scope, Tx};
use utoipa::ToSchema;
use uuid::Uuid;
use webhook::RefusedRequest;

use crate::body::Parameters;
use crate::call::Call;
use crate::event::recent;
use crate::page::{List, ListQuery, Paging};
use crate::problem::Problem;
use crate::{PendingOf, clock};

/// Pending events that are shown at most.
const MAX_PENDING: usize = 50;

/// A request with the right key.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WebhookRequest {
    event_id: String,
    /// When it was accepted or refused.
    time: String,
    /// `pending`: accepted, the runner is not past it yet. `started`: every process began. `failed`: at least one did
    /// not. `refused`: the gateway refused it. `duplicate`: the same as an earlier event.
    state: &'static str,
    /// How many instances it started.
    started: i64,
    /// How many failed triggers it has that are not resolved.
    failed: i64,
    /// The HTTP status that a refused request was answered.
    #[schema(required)]
    status: Option<u16>,
    /// Why it was refused or failed, for programs: `not-json`, `script-failed`, …
    #[schema(required)]
    cause_code: Option<String>,
    /// The same for people.
    #[schema(required)]
    cause: Option<String>,
}

/// The last requests with the right key, the newest first; on the first page those that wait for the runner come
/// before them. Requests with a wrong key, or while the trigger was deactivated, are only counted: see
/// `…/hourly-counts`.
#[utoipa::path(get, path = "/projects/{projectId}/triggers/{triggerId}/requests", operation_id = "listRequestsOfTrigger",
    tag = "Triggers", params(ListQuery), responses((status = 200, body = List<WebhookRequest>)))]
pub(crate) async fn list(
    call: Call,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Json<List<WebhookRequest>>, Problem> {
    let (paging, scope, id) = (query.paging()?, call.scope, call.id("triggerId")?);
    let is_first = paging.after.is_none();
    let source = source(&call, id).await?;
    // before the rows: what is applied in between is in both, and shown once
    let pending = match Uuid::parse_str(&source) {
        Ok(data_source) if is_first => {
            let of = PendingOf { scope, data_source, limit: MAX_PENDING };
            call.console.hooks.pending_events(&of).await
        }
        _ => Vec::new(),
    };
    let page = call
        .console
        .db
        .read(move |tx| Box::pin(async move { page(tx, &scope, &source, &paging).await }))
        .await?;
    let mut list = List::of(page);
    let waiting =
        pending.into_iter().rev().filter(|(id, _)| list.items.iter().all(|item| item.event_id != *id));
    let waiting: Vec<WebhookRequest> = waiting.map(|(id, time)| waits(id, time)).collect();
    list.items.splice(0..0, waiting);
    Ok(Json(list))
}

async fn source(call: &Call, trigger: Uuid) -> Result<String, Problem> {
    let scope = call.scope;
    let read = call.console.db.read(move |tx| {
        Box::pin(async move { Ok::<_, Problem>(store::trigger::read(tx, &scope, trigger).await?) })
    });
    Ok(read.await?.data_source_id)
}

async fn page(
    tx: &mut Tx,
    scope: &Scope,
    source: &str,
    paging: &Paging,
) -> Result<Page<WebhookRequest>, Problem> {
    let page = recent(tx, scope, source, paging).await?;
    let ids: Vec<String> = page.items.iter().map(|event| event.event_id.clone()).collect();
    let mut failures: HashMap<String, Vec<Failure>> = HashMap::new();
    for failure in store::view::request::failures(tx, scope, source, &ids).await? {
        failures.entry(failure.event_id.clone()).or_default().push(failure);
    }
    Ok(page.map(|event| {
        let failed = failures.remove(&event.event_id).unwrap_or_default();
        shown(event, failed)
    }))
}

fn shown(event: Event, failures: Vec<Failure>) -> WebhookRequest {
    let open = failures.iter().filter(|f| f.stage != "gateway" && f.status != "retried").count();
    let refused = failures.iter().any(|f| f.stage == "gateway");
    let telling = failures.into_iter().find(|f| f.stage == "gateway" || f.status != "retried");
    let state = if open > 0 {
        "failed"
    } else if event.started > 0 {
        "started"
    } else if refused {
        "refused"
    } else if event.duplicate != 0 {
        "duplicate"
    } else {
        "started"
    };
    let status =
        telling.as_ref().filter(|_| state == "refused").and_then(|f| RefusedRequest::status_told(&f.cause));
    WebhookRequest {
        event_id: event.event_id,
        time: clock::show(event.event_time),
        state,
        started: event.started,
        failed: i64::try_from(open).unwrap_or(i64::MAX),
        status,
        cause_code: telling.as_ref().map(|f| f.cause_code.clone()),
        cause: telling.map(|f| f.cause),
    }
}

fn waits(event_id: String, time: i64) -> WebhookRequest {
    WebhookRequest {
        event_id,
        time: clock::show(time),
        state: "pending",
        started: 0,
        failed: 0,
        status: None,
        cause_code: None,
        cause: None,
    }
}
