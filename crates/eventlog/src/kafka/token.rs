//! Tokens for SASL/OAUTHBEARER.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rdkafka::client::OAuthToken;
use serde::Deserialize;

use super::options::TokenSource;

/// How long the identity provider may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// The lifetime of a token that does not say its own.
const LIFETIME: Duration = Duration::from_secs(300);

/// What a token endpoint answers (RFC 6749 §5.1).
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: Option<u64>,
}

/// What we read of a token (RFC 7519 §4.1). The brokers judge it, not we.
#[derive(Default, Deserialize)]
struct Claims {
    sub: Option<String>,
    exp: Option<f64>,
}

/// A token from the source; the error says why not, without the secret.
pub(super) fn fetch(source: &TokenSource) -> Result<OAuthToken, String> {
    let (token, lifetime) = match source {
        TokenSource::File(path) => {
            let text =
                std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
            (text.trim().to_owned(), None)
        }
        TokenSource::Endpoint { url, client_id, client_secret, scope } => {
            let agent = ureq::Agent::from(
                ureq::Agent::config_builder()
                    .timeout_global(Some(PATIENCE))
                    .max_redirects(0)
                    .https_only(url.starts_with("https://"))
                    .build(),
            );
            let mut form = vec![
                ("grant_type", "client_credentials"),
                ("client_id", client_id),
                ("client_secret", client_secret.reveal()),
            ];
            form.extend(scope.as_deref().map(|scope| ("scope", scope)));
            let mut answer = agent.post(url).send_form(form).map_err(|error| format!("{url}: {error}"))?;
            let granted: Granted =
                answer.body_mut().read_json().map_err(|error| format!("{url}: {error}"))?;
            (granted.access_token, granted.expires_in.map(Duration::from_secs))
        }
    };
    if token.is_empty() || token.contains('\0') {
        return Err("the token is empty".to_owned());
    }
    let claims = claims(&token).unwrap_or_default();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let until = claims.exp.map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or_default());
    let until = until.unwrap_or_else(|| now + lifetime.unwrap_or(LIFETIME));
    if until <= now {
        return Err("the token has run out".to_owned());
    }
    Ok(OAuthToken {
        principal_name: claims.sub.unwrap_or_else(|| "forebay".to_owned()).replace('\0', ""),
        lifetime_ms: i64::try_from(until.as_millis()).unwrap_or(i64::MAX),
        token,
    })
}

/// The claims of a JWT; `None` of a token that is none.
fn claims(token: &str) -> Option<Claims> {
    let payload = token.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?).ok()
}
