//! The middleware: who is it, may they, and what every answer carries.

mod credentials;
mod identity;
mod origin;
mod reach;
mod still;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::RequestExt as _;
use axum::extract::{ConnectInfo, MatchedPath, RawPathParams, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use store::Scope;
use tracing::Instrument as _;
use uuid::Uuid;

pub(crate) use credentials::cookie_name;
pub(crate) use still::Admitted;

use crate::Console;
use crate::access::{OPERATIONS, Operation, Right};
use crate::call::Caller;
use crate::problem::Problem;
use crate::visit::Visit;

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
    let changes = method != Method::GET && method != Method::HEAD;
    let changed = project(request.uri().path()).filter(|_| changes);
    let answer = async {
        let admitted = match operation {
            Some(operation) => admit(&console, operation, &id, &mut request).await,
            // a handler without a rule is never reached
            None if path.starts_with("/api/") => return method_not_allowed(&path),
            None => Ok(()),
        };
        match admitted {
            Ok(()) => next.run(request).await,
            Err(problem) => problem.into_response(),
        }
    };
    let mut response = answer.instrument(span.clone()).await;
    dress(response.headers_mut(), &id);
    if let Some(project) = changed.filter(|_| response.status().is_success()) {
        console.live.changed(project);
    }
    let status = response.status().as_u16();
    let name = operation.map_or("none", |o| o.id);
    metrics::counter!("forebay_api_requests_total", "operation" => name, "status" => status.to_string())
        .increment(1);
    span.in_scope(|| tracing::debug!(status, ms = begun.elapsed().as_millis() as u64, "answered"));
    response
}

/// Puts the caller (or the visitor, where everybody may) beside the request, or says why it goes no further.
async fn admit(
    console: &Arc<Console>,
    operation: &'static Operation,
    id: &str,
    request: &mut Request,
) -> Result<(), Problem> {
    let (method, headers) = (request.method().clone(), request.headers().clone());
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let visit = Visit { address: address(console, request), agent, request_id: id.to_owned() };
    if operation.right == Right::Public {
        origin::refuse_foreign(&method, &headers, &console.public_url)?;
        request.extensions_mut().insert(visit);
        return Ok(());
    }
    let presented = credentials::read(&headers, &console.public_url)?;
    let by_cookie = matches!(presented, credentials::Presented::Cookie(_));
    let parameters = parameters(request).await;
    let ((caller, stale), scope) = console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let (mut caller, stale) = identity::of(tx, &presented).await?;
                let (rights, scope) = reach::of(tx, &caller, operation, &parameters).await?;
                caller.rights = rights;
                Ok::<_, Problem>(((caller, stale), scope))
            })
        })
        .await?;
    if by_cookie {
        origin::require_own(&method, &headers, &console.public_url)?;
    }
    if stale {
        identity::touch(console, &caller.credentials);
    }
    if !caller.may(operation.right) {
        return Err(Problem::forbidden(operation.right));
    }
    let extensions = request.extensions_mut();
    if let Some(scope) = scope {
        extensions.insert::<Scope>(scope);
    }
    extensions.insert(Caller { address: visit.address, request_id: visit.request_id, ..caller });
    Ok(())
}

/// A path of the API with a method that the table does not name.
fn method_not_allowed(path: &str) -> Response {
    let detail = "This path has other methods; Allow names them.";
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail);
    let methods = OPERATIONS.iter().filter(|o| o.path == path).map(|o| o.method.as_str());
    let allow = methods.collect::<Vec<_>>().join(", ");
    let allow = HeaderValue::from_str(&allow).unwrap_or(HeaderValue::from_static(""));
    ([(header::ALLOW, allow)], problem).into_response()
}

async fn parameters(request: &mut Request) -> Vec<(String, String)> {
    match request.extract_parts::<RawPathParams>().await {
        Ok(raw) => raw.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
        // not UTF-8: nothing has such an id
        Err(_) => Vec::new(),
    }
}

/// The project that a path is about.
fn project(path: &str) -> Option<Uuid> {
    let rest = path.strip_prefix("/api/v1/projects/")?;
    Uuid::parse_str(rest.split('/').next().unwrap_or_default()).ok()
}

/// The other end of the connection, where the server says so, or who came to that end by way of trusted proxies.
fn address(console: &Console, request: &Request) -> Option<String> {
    let extensions = request.extensions();
    let info = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    let peer = info.or_else(|| extensions.get::<SocketAddr>().copied())?;
    Some(console.trusted_proxies.client(peer.ip(), request.headers()).to_string())
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
