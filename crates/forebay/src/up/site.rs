//! The console's pages, as they are compiled in: compressed, with ETags, and with a policy that runs no script of
//! anybody else. What is no file of the site and no path of the API is the one page, which finds its own way.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use web_assets::Asset;

/// No script but our own files; styles also from elements, which Mantine and bpmn-js write (CSP level 3).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
    font-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Paths that are never a page: what is unknown there is answered by their own part.
const NOT_PAGES: &[&str] = &["/api", "/webhooks", "/assets", "/healthz", "/readyz", "/metrics"];

/// Answers what is a page or a file of the site; gives back everything else.
pub(super) fn answer(request: &Request<Body>) -> Option<Response> {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return None;
    }
    let path = request.uri().path();
    let asset = web_assets::find(path.trim_start_matches('/')).or_else(|| page(path))?;
    Some(file(asset, request.headers()))
}

fn page(path: &str) -> Option<&'static Asset> {
    let belongs = |prefix: &&str| {
        path.strip_prefix(*prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if NOT_PAGES.iter().any(belongs) { None } else { web_assets::find("index.html") }
}

fn file(asset: &Asset, asked: &HeaderMap) -> Response {
    let (bytes, encoding) = choose(asset, asked);
    let etag = format!("\"{}{}\"", asset.hash, encoding.map(|e| format!("-{e}")).unwrap_or_default());
    let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let known =
        known.flat_map(|value| value.split(',')).any(|tag| tag.trim().trim_start_matches("W/") == etag);
    let mut response = match known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => Body::from(bytes).into_response(),
    };
    dress(response.headers_mut(), asset, encoding, &etag);
    response
}

fn choose(asset: &Asset, asked: &HeaderMap) -> (&'static [u8], Option<&'static str>) {
    let accepts = |name: &str| {
        let values = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|part| {
            let (coding, weight) = part.split_once(';').unwrap_or((part, ""));
            coding.trim().eq_ignore_ascii_case(name)
                && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    };
    match (asset.brotli, asset.gzip) {
        (Some(bytes), _) if accepts("br") => (bytes, Some("br")),
        (_, Some(bytes)) if accepts("gzip") => (bytes, Some("gzip")),
        _ => (asset.plain, None),
    }
}

fn dress(headers: &mut HeaderMap, asset: &Asset, encoding: Option<&'static str>, etag: &str) {
    let keep = if asset.is_immutable() { "public, max-age=31536000, immutable" } else { "no-cache" };
    for (name, value) in [
        (header::CONTENT_TYPE, asset.media_type()),
        (header::CACHE_CONTROL, keep),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
        (header::VARY, "accept-encoding"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if let Ok(etag) = HeaderValue::from_str(etag) {
        headers.insert(header::ETAG, etag);
    }
}
