//! The middleware: who is it, may they, and what every answer carries.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use store::token::Token;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::access::{Operation, Right};
use crate::call::Caller;
use crate::problem::Problem;
use crate::{Console, clock, key};

/// The longest bearer token that is looked at, in bytes.
const MAX_TOKEN: usize = 512;
/// A token's last use is written down to this many milliseconds.
const TOUCH_EVERY: i64 = 60_000;

/// Authenticates, authorises, and puts the headers on the answer.
pub(crate) async fn guard(
    State(console): State<Arc<Console>>,
    matched: Option<MatchedPath>,
    mut request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let id = Uuid::now_v7().to_string();
    let method = request.method().clone();
    // Only the pattern is ever logged: ids and queries stay out.
    let path = matched.as_ref().map_or("", |m| m.as_str()).to_owned();
    let operation = Operation::of(&method, &path);
    let span = tracing::info_span!("api", request_id = %id, %method, path);
    let answer = async {
        if let Some(operation) = operation.filter(|o| o.right != Right::Public) {
            let admitted = admit(&console, operation, request.headers().clone(), address(&request));
            match admitted.await {
                Ok(caller) => {
                    request.extensions_mut().insert(Caller { request_id: id.clone(), ..caller });
                }
                Err(problem) => return problem.into_response(),
            }
        }
        next.run(request).await
    };
    let mut response = answer.instrument(span.clone()).await;
    dress(response.headers_mut(), &id);
    let status = response.status().as_u16();
    let name = operation.map_or("none", |o| o.id);
    metrics::counter!("forebay_api_requests_total", "operation" => name, "status" => status.to_string())
        .increment(1);
    span.in_scope(|| tracing::debug!(status, ms = begun.elapsed().as_millis() as u64, "answered"));
    response
}

async fn admit(
    console: &Console,
    operation: &Operation,
    headers: HeaderMap,
    address: Option<String>,
) -> Result<Caller, Problem> {
    let token = authenticate(console, &headers).await?;
    let caller = Caller {
        user: parse(&token.user_id)?,
        email: token.email,
        name: token.user_name,
        token: parse(&token.id)?,
        token_name: token.name,
        only_project: token.project_id.as_deref().map(parse).transpose()?,
        scopes: token.scopes,
        address,
        request_id: String::new(),
    };
    if !caller.may(operation.right) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            format!("Your credentials do not have the right {}.", operation.right.as_str()),
        ));
    }
    Ok(caller)
}

fn parse(id: &str) -> Result<Uuid, Problem> {
    Uuid::parse_str(id).map_err(|_| Problem::internal("a stored id is not a UUID"))
}

/// The other end of the connection, where the server says so.
fn address(request: &Request) -> Option<String> {
    let extensions = request.extensions();
    let info = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    info.or_else(|| extensions.get::<SocketAddr>().copied()).map(|address| address.ip().to_string())
}

fn unauthenticated() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "unauthenticated",
        "Send a valid token in the header Authorization: Bearer …; `forebay token` makes one.",
    )
}

async fn authenticate(console: &Console, headers: &HeaderMap) -> Result<Token, Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return Err(unauthenticated()) };
    let text = value.to_str().map_err(|_| unauthenticated())?;
    let (scheme, token) = text.split_once(' ').ok_or_else(unauthenticated)?;
    let token = token.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() || token.len() > MAX_TOKEN {
        return Err(unauthenticated());
    }
    let digest = key::token_digest(token);
    let found = console
        .db
        .read(move |tx| {
            Box::pin(async move { store::token::by_digest(tx, digest).await.map_err(Problem::from) })
        })
        .await?;
    let now = clock::now();
    let valid =
        |t: &Token| t.revoked_at.is_none() && t.disabled == 0 && t.expires_at.is_none_or(|end| now < end);
    let token = found.filter(valid).ok_or_else(unauthenticated)?;
    if token.last_used_at.is_none_or(|last| now - last > TOUCH_EVERY) {
        touch(console, token.id.clone(), now);
    }
    Ok(token)
}

/// Writes down the use beside the request: nobody waits for it, and a failure only makes the page less exact.
fn touch(console: &Console, token: String, now: i64) {
    let db = console.db.clone();
    tokio::spawn(async move {
        let written: Result<(), store::StoreError> =
            db.write(move |tx| Box::pin(async move { store::token::touch(tx, &token, now).await })).await;
        if let Err(e) = written {
            tracing::warn!(error = %e, "the last use of a token was not written down");
        }
    });
}

/// Headers of every answer (ASVS 5.0 3.4, 14.3.2). A handler's own stay.
fn dress(headers: &mut HeaderMap, id: &str) {
    let request_id = HeaderValue::from_str(id).unwrap_or(HeaderValue::from_static(""));
    headers.insert(HeaderName::from_static("x-request-id"), request_id);
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}
