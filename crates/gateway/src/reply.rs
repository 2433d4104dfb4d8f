//! The answers.

use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, REFERRER_POLICY, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use http_body_util::{Either, Full};
use uuid::Uuid;
use webhook::Rejection;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// An answer of ours, or one of the service for everything that is no webhook.
pub(crate) type Answer<B> = Response<Either<Full<Bytes>, B>>;

/// 200: the event is durably in the log.
pub(crate) fn accepted(event: Uuid) -> Response<Full<Bytes>> {
    let mut body = Vec::with_capacity(52);
    body.extend_from_slice(b"{\"eventId\":\"");
    body.extend_from_slice(event.hyphenated().encode_lower(&mut Uuid::encode_buffer()).as_bytes());
    body.extend_from_slice(b"\"}");
    answer(event, StatusCode::OK, "application/json", body)
}

/// A refusal as problem details (RFC 9457). The cause in our log is not told.
pub(crate) fn refused(request: Uuid, rejection: &Rejection) -> Response<Full<Bytes>> {
    let body = problem(rejection).into_bytes();
    let mut response = answer(request, status(rejection), "application/problem+json", body);
    if matches!(rejection, Rejection::MethodNotAllowed) {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    }
    if let Some(seconds) = rejection.retry_after() {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// The problem details of a refusal.
pub(crate) fn problem(rejection: &Rejection) -> String {
    let status = status(rejection);
    let detail = rejection.outside();
    let mut body = String::with_capacity(192 + detail.len());
    body.push_str("{\"type\":\"about:blank\",\"title\":\"");
    body.push_str(status.canonical_reason().unwrap_or("Error"));
    body.push_str("\",\"status\":");
    body.push_str(status.as_str());
    body.push_str(",\"detail\":");
    webhook::json::write_string(&mut body, &detail);
    body.push_str(",\"code\":\"");
    body.push_str(rejection.code());
    body.push_str("\"}");
    body
}

fn answer(
    request: Uuid,
    status: StatusCode,
    content_type: &'static str,
    body: Vec<u8>,
) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.reserve(7);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    let mut buffer = Uuid::encode_buffer();
    if let Ok(id) = HeaderValue::from_str(request.hyphenated().encode_lower(&mut buffer)) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Says that the connection ends with this answer.
pub(crate) fn close<B>(response: &mut Response<B>) {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
}

/// The status of a refusal.
pub(crate) fn status(rejection: &Rejection) -> StatusCode {
    match rejection {
        Rejection::Malformed { .. } | Rejection::NotJson { .. } | Rejection::TooDeep => {
            StatusCode::BAD_REQUEST
        }
        Rejection::Unauthorized => StatusCode::UNAUTHORIZED,
        Rejection::UnknownTrigger | Rejection::Deactivated => StatusCode::NOT_FOUND,
        Rejection::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Rejection::Timeout { .. } => StatusCode::REQUEST_TIMEOUT,
        Rejection::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Rejection::UriTooLong => StatusCode::URI_TOO_LONG,
        Rejection::HeadersTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        Rejection::UnsupportedEncoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Rejection::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
        Rejection::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Rejection::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
