//! Opening a stream.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use store::feed::Kind;
use utoipa::IntoParams;

use super::body;
use super::listener::Listener;
use super::seats::{Full, OF_A_USER};
use super::told::{News, Told};
use crate::access::Right;
use crate::body::Parameters;
use crate::call::Call;
use crate::guard::Admitted;
use crate::problem::Problem;

/// What is listened to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct StreamQuery {
    /// The kinds, with commas between: `instances`, `failed-triggers`, `triggers`, `commits`, `drafts`, `policy`,
    /// `operations`. Left out: all that the caller may see.
    #[param(
        max_length = 200,
        pattern = "^(instances|failed-triggers|triggers|commits|drafts|policy|operations)(,(instances|failed-triggers|triggers|commits|drafts|policy|operations))*$"
    )]
    kinds: Option<String>,
    /// The id of the last message, for clients that cannot send the header `Last-Event-ID`, which counts first.
    #[param(max_length = 1000)]
    last_event_id: Option<String>,
}

/// What changes in the project, as server-sent events (`text/event-stream`).
///
/// The first message is `ready`; what the lists say after it is complete with the messages that follow. Then, when
/// anything of a kind changed, a message named after the kind (`instances`, `failed-triggers`, …) with an object as
/// described here; changes of a moment are told in one message. Its `id` holds what was told: a client that comes
/// back with `Last-Event-ID` is told everything that changed since, also if the server was stopped meanwhile. An id
/// that is not readable counts as none. The last message may be `end` with a `reason`: `stopping` (come back) or
/// `access` (the credentials end here). A comment comes every 15 seconds; a client that takes nothing for 10 seconds
/// is dropped.
#[utoipa::path(get, path = "/projects/{projectId}/stream", operation_id = "openStream", tag = "Runtime", params(StreamQuery),
    responses((status = 200, content_type = "text/event-stream", body = News),
        (status = 429, description = "`too-many-streams`: the user has 16 already; see `Retry-After`")))]
pub(crate) async fn open(
    call: Call,
    admitted: Admitted,
    headers: HeaderMap,
    Parameters(query): Parameters<StreamQuery>,
) -> Result<Response, Problem> {
    let kinds = kinds(&call, query.kinds.as_deref())?;
    let header = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let told = header.or(query.last_event_id.as_deref()).and_then(Told::parse);
    let streams = &call.console.live.streams;
    let seat = match streams.seats.take(call.caller.user) {
        Ok(seat) => seat,
        Err(why) => {
            let again = (header::RETRY_AFTER, HeaderValue::from_static("10"));
            return Ok(([again], full(why)).into_response());
        }
    };
    let (pieces, body) = body::channel();
    let seen = streams.watch(&call.console.db, call.scope);
    let listener = Listener { kinds, seen, told, pieces, ended: streams.ended.subscribe(), _seat: seat };
    tokio::spawn(listener.run(move || {
        let admitted = admitted.clone();
        async move { admitted.still().await }
    }));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        // nginx would keep the messages until its buffer is full
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    Ok((headers, body).into_response())
}

fn right(kind: Kind) -> Right {
    match kind {
        Kind::Instances | Kind::FailedTriggers | Kind::Operations => Right::RuntimeRead,
        Kind::Triggers | Kind::Commits | Kind::Drafts | Kind::Policy => Right::ProjectRead,
    }
}

/// The kinds that were asked for; a kind without its right is refused, or left out where all were asked for.
fn kinds(call: &Call, asked: Option<&str>) -> Result<Vec<Kind>, Problem> {
    let Some(asked) = asked else {
        return Ok(Kind::ALL.into_iter().filter(|kind| call.caller.may(right(*kind))).collect());
    };
    let mut kinds = Vec::new();
    for word in asked.split(',') {
        let kind = Kind::parse(word).ok_or_else(|| {
            let all: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
            Problem::field(
                "kinds",
                "unknown",
                format!("must be some of {}, with commas between", all.join(", ")),
            )
        })?;
        if !call.caller.may(right(kind)) {
            return Err(Problem::forbidden(right(kind)));
        }
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    Ok(kinds)
}

fn full(full: Full) -> Problem {
    match full {
        Full::User => Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many-streams",
            format!("You have {OF_A_USER} streams open. Close one, or wait until one ends."),
        ),
        Full::All => Problem::unavailable(
            "too-many-streams",
            "There are too many streams. Try again later.",
            "no seat for a stream",
        ),
    }
}
