//! Sending a test event: a real request by way of the public URL, as a sender's would come.

mod sender;

pub(crate) use sender::Sender;

use axum::Json;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::url;
use crate::body::Body;
use crate::call::Call;
use crate::posted::PostedRequest;
use crate::problem::Problem;
use sender::{Answered, Unreached};

/// Most bytes of an answer that are read.
const MAX_ANSWER: usize = 64 * 1024;

/// What came of a test event.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TestEvent {
    /// Where it was posted to, without the key.
    url: String,
    /// Whether anything answered at the public URL.
    reached: bool,
    /// The HTTP status.
    #[schema(required)]
    status: Option<u16>,
    /// What it means and what to do.
    message: String,
    /// The headers of the answer, at most 100.
    headers: Vec<AnswerHeader>,
    /// The body of the answer.
    #[schema(required)]
    body: Option<AnswerBody>,
    /// The event, when it was accepted: ask `…/events/{eventId}` what became of it.
    #[schema(required)]
    event_id: Option<String>,
    /// From the first byte sent to the last byte received, in milliseconds.
    duration_ms: u64,
}

/// A header of the answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnswerHeader {
    name: String,
    value: String,
}

/// The body of the answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnswerBody {
    /// `utf-8`: `text` is the body as it is. `base64`: it is no text, `text` is its base64.
    encoding: &'static str,
    text: String,
    /// Whether it is longer than the 64 KiB that are shown.
    truncated: bool,
}

/// Sends a request to the webhook's public URL with its key, as any sender would, and shows the answer. It starts
/// processes like every other event. Leaves an audit entry; the key is never shown.
///
/// Redirects are not followed. Where nothing answers, `reached` is false and `message` says why.
#[utoipa::path(post, path = "/projects/{projectId}/triggers/{triggerId}/test-event", operation_id = "sendTestEvent", tag = "Triggers",
    request_body = PostedRequest, responses((status = 200, body = TestEvent),
        (status = 429, description = "`too-many-test-events`: eight are under way")))]
pub(crate) async fn send(call: Call, Body(request): Body<PostedRequest>) -> Result<Json<TestEvent>, Problem> {
    let posted = request.check("")?;
    let (act, id, console) = (call.act(), call.id("triggerId")?, call.console);
    let inside = console.clone();
    let size = posted.body.len();
    let _seat = console.live.sender.seat().ok_or_else(|| {
        let detail = "Eight test events are under way. Wait for them.";
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-test-events", detail)
    })?;
    let target = console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let trigger = store::trigger::read(tx, &act.scope, id).await?;
                let key = url::stored_key(tx, &act.scope, id, &inside).await?;
                let address = url::address(&act.scope, &trigger.data_source_id);
                let address = address.ok_or_else(|| Problem::internal("a stored id is not a UUID"))?;
                let detail = json!({ "name": trigger.name, "size": size });
                act.audit(tx, "trigger.test-event", &trigger.id, detail).await?;
                Ok::<_, Problem>(url::show(&inside.public_url, &address, &key))
            })
        })
        .await?;
    let answered = console.live.sender.post(&target.url, posted, MAX_ANSWER).await?;
    let shown = match answered {
        Ok(answered) => shown(answered, target.url_without_key, &target.api_key),
        Err(unreached) => nobody(&unreached, target.url_without_key),
    };
    Ok(Json(shown))
}

fn shown(answered: Answered, url: String, key: &str) -> TestEvent {
    let clean = |text: &str| text.replace(key, webhook::headers::REDACTED);
    let headers = answered.headers.iter().take(100);
    let headers = headers.map(|(name, value)| AnswerHeader { name: name.clone(), value: clean(value) });
    let event_id = event_id(answered.status, &answered.body);
    TestEvent {
        url,
        reached: true,
        status: Some(answered.status),
        message: meaning(answered.status, event_id.is_some()),
        headers: headers.collect(),
        body: Some(match String::from_utf8(answered.body) {
            Ok(text) => AnswerBody { encoding: "utf-8", text: clean(&text), truncated: answered.truncated },
            Err(e) if answered.truncated && e.utf8_error().error_len().is_none() => {
                // only the cut is to blame
                let text = String::from_utf8_lossy(e.as_bytes());
                let text = clean(text.trim_end_matches('\u{FFFD}'));
                AnswerBody { encoding: "utf-8", text, truncated: true }
            }
            Err(e) => {
                let text = STANDARD.encode(e.as_bytes());
                AnswerBody { encoding: "base64", text, truncated: answered.truncated }
            }
        }),
        event_id,
        duration_ms: answered.duration_ms,
    }
}

fn event_id(status: u16, body: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Accepted {
        event_id: String,
    }
    let accepted: Accepted = serde_json::from_slice(body).ok().filter(|_| status == 200)?;
    (accepted.event_id.len() <= 200).then_some(accepted.event_id)
}

fn meaning(status: u16, is_ours: bool) -> String {
    let text = match status {
        200 if is_ours => "The event is stored; its processes start.",
        200..=299 => "Something answered, but not as Forebay does: the public URL leads elsewhere.",
        300..=399 => {
            "The public URL answers with a redirect, which senders may not follow. Set public_url to where it leads."
        }
        400 => "The body is not JSON, or the request is not well-formed.",
        401 => "The key was not accepted: something on the way changes the query of the URL.",
        404 => "The webhook is deactivated, or the public URL does not lead to this Forebay.",
        408 => "The request came too slowly.",
        413 => "The body is larger than 1 MiB, or a proxy in between allows less.",
        415 => "The content encoding is not supported.",
        429 => "The webhook's rate limit is reached.",
        503 => "The gateway could not confirm it at the moment. It may be stored.",
        500..=599 => "Something on the way, or Forebay itself, has a fault.",
        _ => "See the body of the answer.",
    };
    text.to_owned()
}

fn nobody(unreached: &Unreached, url: String) -> TestEvent {
    TestEvent {
        message: format!(
            "Nothing answered at the public URL as seen from this server: {}. Check the setting public_url, DNS and the proxy in front; from elsewhere it may be reachable.",
            unreached.why
        ),
        url,
        reached: false,
        status: None,
        headers: Vec::new(),
        body: None,
        event_id: None,
        duration_ms: unreached.duration_ms,
    }
}
