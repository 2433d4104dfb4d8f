//! Reading a body within its limits of size, time and memory.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as _, Frame};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::time::{Instant, timeout_at};
use webhook::Rejection;

use super::Webhook;
use crate::limits::Share;

/// What was read of a body so far.
#[derive(Default)]
pub(super) struct ReadBody {
    /// The bytes.
    pub(super) bytes: Bytes,
    /// Whether they are all.
    pub(super) complete: bool,
}

/// Reads the whole body into `read`. What was read before a refusal stays there.
pub(super) async fn read(
    webhook: &Webhook<'_>,
    body: &mut Incoming,
    share: &mut Share<'_>,
    read: &mut ReadBody,
) -> Result<(), Rejection> {
    let mut pieces = Pieces { first: Bytes::new(), all: Vec::new() };
    let result = read_pieces(webhook, body, share, &mut pieces).await;
    read.complete = result.is_ok();
    read.bytes = pieces.into_bytes();
    result
}

async fn read_pieces(
    webhook: &Webhook<'_>,
    body: &mut Incoming,
    share: &mut Share<'_>,
    pieces: &mut Pieces,
) -> Result<(), Rejection> {
    let limit = webhook.gateway.settings.body_bytes;
    let mut started = None;
    loop {
        let frame = match next(webhook, body, &mut started, pieces.len()).await? {
            None => return Ok(()),
            Some(Ok(frame)) => frame,
            // The library says only that it broke; the wire knows whether the sender is to blame.
            Some(Err(_)) => {
                let why = webhook.link.body_refused().cloned();
                return Err(why.unwrap_or(Rejection::Malformed { why: "the body broke off" }));
            }
        };
        // Trailers are read and not kept: no sender is known to send one that matters.
        let Ok(data) = frame.into_data() else { continue };
        if pieces.len() + data.len() > limit {
            return Err(Rejection::TooLarge);
        }
        share.grow(data.len()).map_err(|why| webhook.unavailable(why))?;
        pieces.push(data, || {
            webhook.declared_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0).min(limit)
        });
    }
}

type Next = Option<Result<Frame<Bytes>, hyper::Error>>;

/// The next piece. No timer is made for one that is there already.
async fn next(
    webhook: &Webhook<'_>,
    body: &mut Incoming,
    started: &mut Option<Instant>,
    received: usize,
) -> Result<Next, Rejection> {
    if let Poll::Ready(frame) = poll_fn(|cx| Poll::Ready(Pin::new(&mut *body).poll_frame(cx))).await {
        return Ok(frame);
    }
    let settings = &webhook.gateway.settings;
    let started = *started.get_or_insert_with(Instant::now);
    let earned = Duration::from_secs_f64(received as f64 / settings.body_bytes_per_second.max(1) as f64);
    let allowed = (settings.body_grace + earned).min(settings.body_timeout);
    timeout_at(started + allowed, body.frame())
        .await
        .map_err(|_| Rejection::Timeout { why: "the body did not come in time" })
}

/// A body in one piece is kept as it is; of more pieces a whole is made.
struct Pieces {
    first: Bytes,
    all: Vec<u8>,
}

impl Pieces {
    fn len(&self) -> usize {
        self.first.len() + self.all.len()
    }

    fn push(&mut self, data: Bytes, expected: impl FnOnce() -> usize) {
        if self.len() == 0 {
            self.first = data;
            return;
        }
        if self.all.is_empty() {
            self.all.reserve(expected().max(self.first.len() + data.len()));
            self.all.extend_from_slice(&std::mem::take(&mut self.first));
        }
        self.all.extend_from_slice(&data);
    }

    fn into_bytes(self) -> Bytes {
        if self.all.is_empty() { self.first } else { Bytes::from(self.all) }
    }
}
