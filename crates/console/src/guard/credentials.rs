//! What a request presents: a bearer token or the session's cookie, never both.

use axum::http::{HeaderMap, StatusCode, header};

use crate::problem::Problem;

/// The longest bearer token or cookie value that is looked at, in bytes.
const LONGEST: usize = 512;
/// The session's cookie where the console is reached by https: only that host can set it (RFC 6265bis, 4.1.3.2).
const SECURE_COOKIE: &str = "__Host-forebay";
/// The session's cookie where it is reached by plain http.
const PLAIN_COOKIE: &str = "forebay";

/// The name of the session's cookie.
pub(crate) fn cookie_name(public_url: &str) -> &'static str {
    if public_url.starts_with("https://") { SECURE_COOKIE } else { PLAIN_COOKIE }
}

/// What was presented.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Presented {
    /// `Authorization: Bearer …`
    Token(String),
    /// The session's cookie.
    Cookie(String),
}

/// Reads the credentials of a request.
pub(super) fn read(headers: &HeaderMap, public_url: &str) -> Result<Presented, Problem> {
    let cookie = cookie(headers, cookie_name(public_url))?;
    let bearer = headers.contains_key(header::AUTHORIZATION);
    match (bearer, cookie) {
        // which of the two is meant would be a guess, and a page could smuggle one beside the other
        (true, Some(_)) => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "two-credentials",
            "Send a token or the session's cookie, not both.",
        )),
        (true, None) => token(headers).map(Presented::Token),
        (false, Some(value)) => Ok(Presented::Cookie(value)),
        (false, None) => Err(unauthenticated()),
    }
}

/// The refusal of missing, unknown, expired and revoked credentials: the same for all.
pub(super) fn unauthenticated() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "unauthenticated",
        "Sign in, or send a valid token in the header Authorization: Bearer …; `forebay token` makes one.",
    )
}

fn token(headers: &HeaderMap) -> Result<String, Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return Err(unauthenticated()) };
    let text = value.to_str().map_err(|_| unauthenticated())?;
    let (scheme, token) = text.split_once(' ').ok_or_else(unauthenticated)?;
    let token = token.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() || token.len() > LONGEST {
        return Err(unauthenticated());
    }
    Ok(token.to_owned())
}

/// The value of our cookie. Two of one name are refused: one of them was set by somebody else.
fn cookie(headers: &HeaderMap, name: &str) -> Result<Option<String>, Problem> {
    let mut found = None;
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    for pair in texts.flat_map(|text| text.split(';')) {
        let Some((key, value)) = pair.trim().split_once('=') else { continue };
        if key != name {
            continue;
        }
        if found.is_some() || value.is_empty() || value.len() > LONGEST {
            return Err(unauthenticated());
        }
        found = Some(value.to_owned());
    }
    Ok(found)
}
