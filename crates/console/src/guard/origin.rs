//! Against requests that another site makes in a signed-in person's browser (CSRF): what the browser says about where
//! a request comes from (Fetch Metadata; RFC 6454 `Origin` where it is older), beside `SameSite` and JSON bodies.

use axum::http::{HeaderMap, Method, StatusCode, header};

use crate::problem::Problem;

/// Refuses a changing request by cookie unless it comes from our own pages.
pub(super) fn require_own(method: &Method, headers: &HeaderMap, public_url: &str) -> Result<(), Problem> {
    if method.is_safe() || from_own_pages(headers, public_url).unwrap_or(false) {
        return Ok(());
    }
    Err(cross_site())
}

/// Refuses a request without credentials that says of itself that it comes from elsewhere: signing in a victim as
/// somebody else is an attack too. A program that is no browser says nothing.
pub(super) fn refuse_foreign(method: &Method, headers: &HeaderMap, public_url: &str) -> Result<(), Problem> {
    if method.is_safe() || from_own_pages(headers, public_url).unwrap_or(true) {
        return Ok(());
    }
    Err(cross_site())
}

fn cross_site() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "cross-site",
        "This request does not come from the console's own pages. Programs send a token in the header Authorization instead of the cookie.",
    )
}

/// `None` if the request says nothing about where it comes from.
fn from_own_pages(headers: &HeaderMap, public_url: &str) -> Option<bool> {
    if let Some(site) = headers.get("sec-fetch-site") {
        return Some(site == "same-origin");
    }
    let origin = headers.get(header::ORIGIN)?;
    let origin = origin.to_str().unwrap_or_default();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let authority = origin.split_once("://").map_or("", |(_, authority)| authority);
    let configured = public_url.split('/').take(3).collect::<Vec<_>>().join("/");
    Some(
        (!host.is_empty() && authority.eq_ignore_ascii_case(host))
            || origin.eq_ignore_ascii_case(&configured),
    )
}
