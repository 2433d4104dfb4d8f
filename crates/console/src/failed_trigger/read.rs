//! One failed trigger with what the sender sent.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::FailedTrigger;
use super::advice::advice;
use super::sent::{Payload, RecordHeader};
use crate::access::Right;
use crate::call::Call;
use crate::problem::Problem;

/// A failed trigger, what was sent, and what to do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FailedTriggerDetail {
    #[serde(flatten)]
    failed_trigger: FailedTrigger,
    /// What a person can do about it.
    advice: &'static str,
    /// Whether a retry can be asked for now.
    can_retry: bool,
    /// The body as stored; `null` without the right `payload:read`.
    #[schema(required)]
    payload: Option<Payload>,
    /// The headers of the event's record, the request's own in `forebay_headers`; `null` without that right.
    #[schema(required)]
    headers: Option<Vec<RecordHeader>>,
}

/// A failed trigger: cause, payload and headers as stored, and what to do.
#[utoipa::path(get, path = "/projects/{projectId}/failed-triggers/{failedTriggerId}", operation_id = "readFailedTrigger", tag = "Runtime",
    responses((status = 200, body = FailedTriggerDetail)))]
pub(crate) async fn read(call: Call) -> Result<Json<FailedTriggerDetail>, Problem> {
    let (scope, id) = (call.scope, call.id("failedTriggerId")?);
    let payloads = call.caller.may(Right::PayloadRead);
    let (row, sent) = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let row = store::view::failed_trigger::read(tx, &scope, id).await?;
                let sent = match payloads {
                    true => Some(store::view::failed_trigger::sent(tx, &scope, id).await?),
                    false => None,
                };
                Ok::<_, Problem>((row, sent))
            })
        })
        .await?;
    let (headers, payload) =
        sent.map(|s| (RecordHeader::all(&s.record_headers), Payload::of(s.payload))).unzip();
    let advice = advice(&row.stage, &row.cause_code, &row.status);
    let can_retry = row.stage != "gateway" && row.status == "open";
    let mut shown = FailedTrigger::all(&call, vec![row]).await?;
    Ok(Json(FailedTriggerDetail {
        advice,
        can_retry,
        failed_trigger: shown.pop().ok_or_else(Problem::not_found)?,
        payload,
        headers,
    }))
}
