//! One event.

use axum::Json;
use serde::Serialize;
use store::view::failed_trigger::FailedTrigger as Failed;
use store::{Scope, Tx};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Parts;
use crate::call::Call;
use crate::clock;
use crate::failed_trigger::FailedTrigger;
use crate::problem::Problem;

/// What became of an accepted request.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Event {
    id: String,
    data_source_id: String,
    /// When it was accepted or refused.
    time: String,
    /// `pending`: accepted, the runner is not past it yet. `started`: every process began. `failed`: at least one
    /// did not (see `failedTriggers`). `refused`: the gateway refused it. `duplicate`: the same as an earlier event.
    state: &'static str,
    /// The live instance of each process that it started.
    instances: Vec<StartedInstance>,
    failed_triggers: Vec<FailedTrigger>,
    /// The earlier event with the same idempotency key.
    #[schema(required)]
    duplicate_of: Option<String>,
}

/// An instance that an event started.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StartedInstance {
    id: String,
    process_definition_id: String,
    #[schema(required)]
    process_name: Option<String>,
    /// `null` when it is kept no longer.
    #[schema(required)]
    status: Option<String>,
    /// 1 for the first start, 2 for the first retry, …
    attempt: i64,
}

/// What became of an accepted request.
#[utoipa::path(get, path = "/projects/{projectId}/events/{eventId}", operation_id = "readEvent", tag = "Runtime",
    responses((status = 200, body = Event)))]
pub(crate) async fn read(call: Call) -> Result<Json<Event>, Problem> {
    let (scope, id) = (call.scope, call.text("eventId")?);
    if let Some(event) = applied(&call, scope, id.clone()).await? {
        return Ok(Json(event));
    }
    if let Some(found) = call.console.hooks.find_event(&id, near(&id)).await {
        if found.scope == scope {
            return Ok(Json(pending(id, found)));
        }
        return Err(Problem::not_found());
    }
    // it may have been applied, and pruned from the log's tail, between the two looks
    applied(&call, scope, id).await?.map(Json).ok_or_else(Problem::not_found)
}

fn pending(id: String, found: crate::PendingEvent) -> Event {
    Event {
        id,
        data_source_id: found.data_source.to_string(),
        time: clock::show(found.time),
        state: "pending",
        instances: Vec::new(),
        failed_triggers: Vec::new(),
        duplicate_of: None,
    }
}

/// The time in an id of version 7; of other ids the time now.
fn near(id: &str) -> i64 {
    let time = Uuid::parse_str(id).ok().and_then(|id| id.get_timestamp());
    let ms = time.map(|time| {
        let (seconds, nanos) = time.to_unix();
        seconds.saturating_mul(1000).saturating_add(u64::from(nanos) / 1_000_000)
    });
    ms.and_then(|ms| i64::try_from(ms).ok()).unwrap_or_else(clock::now)
}

async fn applied(call: &Call, scope: Scope, id: String) -> Result<Option<Event>, Problem> {
    let found = call.console.db.read(move |tx| Box::pin(async move { gather(tx, &scope, id).await })).await?;
    let Some((event, failed)) = found else { return Ok(None) };
    Ok(Some(Event { failed_triggers: FailedTrigger::all(call, failed).await?, ..event }))
}

/// The event without its failed triggers, and their rows.
async fn gather(tx: &mut Tx, scope: &Scope, id: String) -> Result<Option<(Event, Vec<Failed>)>, Problem> {
    let started = store::view::event::started(tx, scope, &id).await?;
    let failed = store::view::failed_trigger::of_event(tx, scope, &id).await?;
    let duplicate = store::view::event::duplicate(tx, scope, &id).await?;
    let first = started.first().map(|s| (s.data_source_id.clone(), s.event_time));
    let second = failed.first().map(|f| (f.data_source_id.clone(), f.event_time));
    let third = duplicate.as_ref().map(|d| (d.data_source_id.clone(), d.event_time));
    let Some((data_source_id, time)) = first.or(second).or(third) else { return Ok(None) };
    let parts = Parts {
        has_open: failed.iter().any(|f| f.stage != "gateway" && f.status != "retried"),
        has_started: !started.is_empty(),
        is_duplicate: duplicate.is_some(),
        has_retried: failed.iter().any(|f| f.status == "retried"),
    };
    let state = parts.state();
    let event = Event {
        id,
        data_source_id,
        time: clock::show(time),
        state,
        instances: started
            .into_iter()
            .map(|s| StartedInstance {
                id: s.instance_id,
                process_definition_id: s.process_definition_id,
                process_name: s.process_name,
                status: s.status,
                attempt: s.attempt,
            })
            .collect(),
        failed_triggers: Vec::new(),
        duplicate_of: duplicate.and_then(|d| d.duplicate_of),
    };
    Ok(Some((event, failed)))
}
