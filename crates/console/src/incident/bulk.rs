//! Retry of many incidents, as an operation.

use axum::Json;
use axum::http::StatusCode;
use store::operation::OperationKind;
use store::view::Span;
use store::view::incident::Filter;
use store::{Scope, Tx};

use crate::body::Body;
use crate::call::Call;
use crate::operation::{self, Chosen, IncidentSelection, Operation, Stored, Wanted};
use crate::problem::Problem;

/// Tries the elements of many incidents again, a few at a time, from old to new. An incident that its retry raises is
/// a new one and not among them.
#[utoipa::path(post, path = "/projects/{projectId}/incidents/retry", operation_id = "retryIncidents", tag = "Runtime",
    request_body = IncidentSelection, responses((status = 202, body = Operation)))]
pub(crate) async fn retry(
    call: Call,
    Body(selection): Body<IncidentSelection>,
) -> Result<(StatusCode, Json<Operation>), Problem> {
    let (act, chosen) = (call.act(), selection.chosen()?);
    let operation = call
        .console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let wanted = wanted(tx, &act.scope, chosen).await?;
                operation::queue(tx, &act, wanted).await
            })
        })
        .await?;
    call.console.hooks.command_queued();
    Ok((StatusCode::ACCEPTED, Json(operation)))
}

async fn wanted(tx: &mut Tx, scope: &Scope, chosen: Chosen) -> Result<Wanted, Problem> {
    let kind = OperationKind::RetryIncidents;
    match chosen {
        Chosen::Ids(ids) => {
            let up_to = ids.last().cloned().unwrap_or_default();
            let total = store::view::incident::count_of(tx, scope, &ids).await?;
            Ok(Wanted { kind, filter: Stored { ids: Some(ids), ..Stored::default() }, up_to, total })
        }
        Chosen::Filter(filter) => {
            let rows = Filter {
                process_definition: filter.process_definition_id.clone(),
                cause: filter.cause_code.clone(),
                span: Span { from: filter.from_ms, to: filter.to_ms },
            };
            let up_to = store::view::incident::newest_id(tx, scope).await?;
            let total = store::view::incident::count(tx, scope, &rows).await?;
            Ok(Wanted { kind, filter, up_to, total })
        }
    }
}
