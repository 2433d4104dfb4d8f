//! The HTTP client of test events: plain, patient for a while, without redirects and proxies.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::posted::Posted;
use crate::problem::Problem;

/// Test events that are under way at a time.
const AT_ONCE: usize = 8;
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// Sends test events. The client is made with the first one.
#[derive(Debug)]
pub(crate) struct Sender {
    client: OnceLock<Result<reqwest::Client, String>>,
    seats: Arc<Semaphore>,
}

impl Default for Sender {
    fn default() -> Self {
        Sender { client: OnceLock::new(), seats: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

/// An answer.
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    pub(super) truncated: bool,
    pub(super) duration_ms: u64,
}

/// Nothing answered.
pub(super) struct Unreached {
    /// For people; the URL, which has the key, is not in it.
    pub(super) why: String,
    pub(super) duration_ms: u64,
}

impl Sender {
    /// A place for one test event; `None` if all are taken.
    pub(super) fn seat(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.seats).try_acquire_owned().ok()
    }

    /// Posts and reads the answer up to `most` bytes.
    pub(super) async fn post(
        &self,
        url: &str,
        posted: Posted,
        most: usize,
    ) -> Result<Result<Answered, Unreached>, Problem> {
        let client = self.client.get_or_init(|| client().map_err(|e| e.to_string()));
        let client = client.as_ref().map_err(|e| Problem::internal(format!("no HTTP client: {e}")))?;
        let mut headers: HeaderMap = posted.headers.into_iter().collect();
        if let Some(Ok(content_type)) = posted.content_type.as_deref().map(HeaderValue::from_str) {
            headers.insert(CONTENT_TYPE, content_type);
        }
        let begun = Instant::now();
        let spent = || u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let sent = client.post(url).headers(headers).body(posted.body).send().await;
        let answered = match sent {
            Ok(response) => read(response, most).await,
            Err(e) => Err(e),
        };
        Ok(match answered {
            Ok(answered) => Ok(Answered { duration_ms: spent(), ..answered }),
            Err(e) => Err(Unreached { why: why(&e.without_url()), duration_ms: spent() }),
        })
    }
}

fn client() -> Result<reqwest::Client, reqwest::Error> {
    // somebody may have chosen one for the process already
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .user_agent(concat!("Forebay/", env!("CARGO_PKG_VERSION"), " (test event)"))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .pool_max_idle_per_host(0)
        .connect_timeout(CONNECT_WITHIN)
        .timeout(ANSWER_WITHIN)
        .build()
}

async fn read(mut response: reqwest::Response, most: usize) -> Result<Answered, reqwest::Error> {
    let status = response.status().as_u16();
    let headers = response.headers().iter();
    let headers = headers.map(|(name, value)| {
        (name.as_str().to_owned(), webhook::headers::text(value.as_bytes()).into_owned())
    });
    let headers = headers.collect();
    let (mut body, mut truncated) = (Vec::new(), false);
    while let Some(piece) = response.chunk().await? {
        let room = most - body.len();
        truncated = piece.len() > room;
        body.extend_from_slice(piece.get(..room.min(piece.len())).unwrap_or_default());
        if truncated {
            break;
        }
    }
    Ok(Answered { status, headers, body, truncated, duration_ms: 0 })
}

/// The innermost reason, in words.
fn why(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer within 15 seconds".to_owned();
    }
    let mut reason: &dyn std::error::Error = error;
    while let Some(deeper) = reason.source() {
        reason = deeper;
    }
    let text: String = reason.to_string().chars().filter(|c| !c.is_control()).take(300).collect();
    if error.is_connect() { format!("no connection ({text})") } else { text }
}
