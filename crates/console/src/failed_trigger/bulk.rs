//! Retry and dismissal of many failed triggers, as an operation.

use axum::Json;
use axum::http::StatusCode;
use store::operation::OperationKind;
use store::view::Span;
use store::view::failed_trigger::Filter;
use store::{Scope, Tx};

use crate::body::Body;
use crate::call::Call;
use crate::operation::{self, Chosen, FailedTriggerSelection, Operation, Stored, Wanted};
use crate::problem::Problem;

/// Runs the events of many failed triggers again, in the running commit. They are taken a few at a time, from old to
/// new; what fails after this call is not among them. Only open ones of the stages `match` and `start` are run.
#[utoipa::path(post, path = "/projects/{projectId}/failed-triggers/retry", operation_id = "retryFailedTriggers", tag = "Runtime",
    request_body = FailedTriggerSelection,
    responses((status = 202, body = Operation),
    (status = 409, description = "`not-retryable`: the filter asks for refused requests or for retried ones")))]
pub(crate) async fn retry(
    call: Call,
    Body(selection): Body<FailedTriggerSelection>,
) -> Result<(StatusCode, Json<Operation>), Problem> {
    let chosen = selection.chosen()?;
    if let Chosen::Filter(filter) = &chosen
        && (filter.stage.as_deref() == Some("gateway") || filter.status.as_deref() == Some("retried"))
    {
        return Err(Problem::conflict(
            "not-retryable",
            "Refused requests cannot be retried, their senders were told; retried ones have been started.",
        ));
    }
    queue(call, OperationKind::RetryFailedTriggers, chosen).await
}

/// Removes many failed triggers, with their payloads. Those that are just being retried one by one stay.
#[utoipa::path(post, path = "/projects/{projectId}/failed-triggers/dismiss", operation_id = "dismissFailedTriggers", tag = "Runtime",
    request_body = FailedTriggerSelection, responses((status = 202, body = Operation)))]
pub(crate) async fn dismiss(
    call: Call,
    Body(selection): Body<FailedTriggerSelection>,
) -> Result<(StatusCode, Json<Operation>), Problem> {
    let chosen = selection.chosen()?;
    queue(call, OperationKind::DismissFailedTriggers, chosen).await
}

async fn queue(
    call: Call,
    kind: OperationKind,
    chosen: Chosen,
) -> Result<(StatusCode, Json<Operation>), Problem> {
    let act = call.act();
    let operation = call
        .console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let wanted = wanted(tx, &act.scope, kind, chosen).await?;
                operation::queue(tx, &act, wanted).await
            })
        })
        .await?;
    call.console.hooks.command_queued();
    Ok((StatusCode::ACCEPTED, Json(operation)))
}

async fn wanted(tx: &mut Tx, scope: &Scope, kind: OperationKind, chosen: Chosen) -> Result<Wanted, Problem> {
    let is_retry = kind == OperationKind::RetryFailedTriggers;
    match chosen {
        Chosen::Ids(ids) => {
            let up_to = ids.last().cloned().unwrap_or_default();
            let total = store::view::failed_trigger::count_of(tx, scope, &ids, is_retry).await?;
            Ok(Wanted { kind, filter: Stored { ids: Some(ids), ..Stored::default() }, up_to, total })
        }
        Chosen::Filter(filter) => {
            let up_to = store::view::failed_trigger::newest_id(tx, scope).await?;
            let total = store::view::failed_trigger::count(tx, scope, &rows(&filter, is_retry)).await?;
            Ok(Wanted { kind, filter, up_to, total })
        }
    }
}

/// What the runner will take of a filter.
fn rows(filter: &Stored, is_retry: bool) -> Filter {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Filter {
        data_source: filter.data_source_id.clone(),
        process_definition: filter.process_definition_id.clone(),
        stages: match &filter.stage {
            Some(stage) => vec![stage.clone()],
            None if is_retry => words(&["match", "start"]),
            None => Vec::new(),
        },
        cause: filter.cause_code.clone(),
        event: None,
        statuses: match &filter.status {
            Some(status) => vec![status.clone()],
            None if is_retry => words(&["open"]),
            None => words(&["open", "retried"]),
        },
        span: Span { from: filter.from_ms, to: filter.to_ms },
    }
}
