//! Trying a draft: what would happen if this event came now.

use std::sync::Arc;

use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use store::resource::{Kind, Place};
use store::{Scope, Tx};
use utoipa::ToSchema;
use uuid::Uuid;
use webhook::{Address, EventRecord};

use super::KIND;
use crate::access::Right;
use crate::body::Body;
use crate::call::{self, Call};
use crate::event::recorded;
use crate::posted::{Posted, PostedRequest};
use crate::problem::Problem;
use crate::trial::{Attempt, Busy, Refused, Trial};
use crate::{clock, data_source};

/// What to try.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TryOut {
    /// BPMN that is not saved; left out, the draft as it is saved.
    bpmn: Option<String>,
    /// The data source whose event it is; needed where the process starts with several.
    data_source_id: Option<Uuid>,
    /// The event; left out: a request without body and content type.
    request: Option<PostedRequest>,
    /// The payload and headers of an earlier event instead. Needs the right `payload:read`.
    #[schema(max_length = 512)]
    event_id: Option<String>,
}

/// Tries a draft: runs it with the real engine and the real scripts, as a request to its webhook would, and shows
/// the way it took. Nothing is stored and nothing is sent.
///
/// The limits are those of the runner. A process that starts without a webhook gets no variables. 422 names what is
/// wrong with the BPMN, the request or the event; a script that fails is no error but an incident in the result.
#[utoipa::path(post, path = "/projects/{projectId}/branches/{branch}/process-definitions/{resourceDefinitionId}/try",
    operation_id = "tryProcess", tag = "Process definitions", request_body = TryOut,
    responses((status = 200, body = Trial), (status = 409, description = "`trial-stuck`: a script could not be ended"),
        (status = 429, description = "`too-many-trials`: two of yours run already")))]
pub(crate) async fn try_out(call: Call, Body(wish): Body<TryOut>) -> Result<Json<Trial>, Problem> {
    if wish.event_id.is_some() && wish.request.is_some() {
        return Err(Problem::field("eventId", "either", "send eventId or request, not both"));
    }
    if wish.event_id.is_some() && !call.caller.may(Right::PayloadRead) {
        return Err(Problem::forbidden(Right::PayloadRead));
    }
    let request = wish.request.unwrap_or_else(PostedRequest::empty).check("request/")?;
    let (scope, branch, id) = (call.scope, call.text("branch")?, call.id("resourceDefinitionId")?);
    let (source, event, unsaved) = (wish.data_source_id, wish.event_id, wish.bpmn);
    let console = Arc::clone(&call.console);
    let attempt = console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let branch = call::branch(tx, &scope, &branch).await?;
                let place = Place { branch: &branch.id, kind: KIND, id, expected: None };
                let draft = store::resource::read(tx, &scope, &place).await?;
                let xml = match unsaved {
                    Some(text) => text.into_bytes(),
                    None => {
                        let saved = store::resource::content(tx, &scope, &draft.version).await?;
                        saved.bpmn.unwrap_or_default()
                    }
                };
                let data = match &event {
                    Some(event) => Some(Arc::from(recorded::webhook_data(tx, &scope, event).await?)),
                    None => posted_data(tx, &scope, (&branch.id, source), request).await?,
                };
                Ok::<_, Problem>(Attempt {
                    xml,
                    data_source: source.map(|id| id.to_string()),
                    webhook_data: data,
                    now: clock::now(),
                    seed: id.as_u64_pair().1,
                })
            })
        })
        .await?;
    match console.live.trials.run(call.caller.user, attempt).await {
        Ok(Ok(trial)) => Ok(Json(trial)),
        Ok(Err(refused)) => Err(refusal(&refused)),
        Err(busy) => Err(unanswered(busy)),
    }
}

/// The text of `webhookData` that a request makes, with the headers that the data source hides.
async fn posted_data(
    tx: &mut Tx,
    scope: &Scope,
    (branch, source): (&str, Option<Uuid>),
    request: Posted,
) -> Result<Option<Arc<str>>, Problem> {
    let mut hidden = None;
    if let Some(id) = source {
        let place = Place { branch, kind: Kind::DataSource, id, expected: None };
        let found = store::resource::read(tx, scope, &place).await;
        let known = found
            .map_err(|_| Problem::field("dataSourceId", "unknown", "is no data source of this branch"))?;
        hidden = Some(data_source::redacted(known)?);
    }
    let default = || webhook::headers::DEFAULT_REDACTED.iter().map(|&name| name.to_owned()).collect();
    let redacted: Vec<String> = hidden.unwrap_or_else(default);
    let content_type = request.content_type.clone();
    let typed = content_type.iter().map(|text| ("content-type".as_bytes(), text.as_bytes()));
    let others = request.headers.iter().map(|(name, value)| (name.as_str().as_bytes(), value.as_bytes()));
    let record = EventRecord {
        id: Uuid::now_v7().to_string(),
        address: Address {
            organization: scope.organization,
            workspace: scope.workspace,
            project: scope.project,
            data_source: source.unwrap_or_default(),
        },
        time: clock::now(),
        headers_json: webhook::headers::canonical(typed.chain(others), &redacted, None),
        content_type,
        traceparent: None,
        idempotency_key: None,
        commit: None,
        body: request.body,
    };
    if record.body.len() > webhook::payload::MAX_BYTES {
        return Err(Problem::field("request/payload", "length", "must have at most 1 MiB (1,048,576 bytes)"));
    }
    let data = record.webhook_data();
    data.map(|text| Some(text.into())).map_err(|e| Problem::field("request/payload", "json", e.to_string()))
}

fn refusal(refused: &Refused) -> Problem {
    match refused {
        Refused::Unreadable(bpmn::ReadError::TooLarge { .. }) => Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "A process may have at most 4 MiB of XML.",
        ),
        Refused::Unreadable(e) => Problem::unreadable_xml(e),
        Refused::NotExecutable(e) => Problem::field("bpmn", "not-executable", e.to_string()),
        Refused::NoStart(links) => {
            let message = if links.is_empty() {
                "the process has no message start event that an incoming webhook is chosen for".to_owned()
            } else {
                format!("must be one that the process starts with: {}", links.join(", "))
            };
            Problem::field("dataSourceId", "no-start-event", message)
        }
        Refused::Step(engine::StepError::NoStartEvent) => {
            let message = "the process has no start event that could be tried: choose a webhook at its message start event";
            Problem::field("bpmn", "no-start-event", message)
        }
        Refused::Step(engine::StepError::VariablesTooLarge { bytes, limit }) => {
            let message = format!("the variables would take {bytes} bytes, more than {limit}");
            Problem::field("request/payload", "variables-too-large", message)
        }
        Refused::Step(e) => Problem::internal(e.to_string()),
    }
}

fn unanswered(busy: Busy) -> Problem {
    match busy {
        Busy::User => Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many-trials",
            "Two drafts of yours are being tried already. Wait for them.",
        ),
        Busy::Full => Problem::unavailable(
            "too-many-trials",
            "Others try drafts at the moment. Try again in a few seconds.",
            "no thread for a trial",
        ),
        Busy::Stuck => Problem::conflict(
            "trial-stuck",
            "The process did not end within 10 seconds: a script does something that cannot be interrupted, such as an operation on a huge text.",
        ),
        Busy::Crashed => Problem::internal("the engine crashed on a draft that was tried"),
    }
}
