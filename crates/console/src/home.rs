//! The page at `/`, until the console has pages of its own.

use axum::http::header;
use axum::response::{IntoResponse, Response};

const PAGE: &str = include_str!("home/page.html");

/// A small page without scripts that says where the API is.
pub(crate) async fn home() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ];
    (headers, PAGE).into_response()
}
