//! One listener: compares what it told with what is, and says the difference.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use store::feed::Kind;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::seats::Seat;
use super::told::Told;
use super::{Seen, Standings, told_to_end};

/// A comment at least this often, so that proxies and clients know that the stream lives.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How often it is asked whether the listener still may.
const RECHECK: Duration = Duration::from_secs(2);
/// A listener that takes nothing for so long is dropped.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a client waits before it comes back, in milliseconds.
const RETRY: u32 = 2_000;

/// Why the stream ends.
enum End {
    /// The client is gone or too slow.
    Gone,
    /// Said to the client: `stopping` or `access`.
    Said(&'static str),
}

pub(super) struct Listener {
    pub(super) kinds: Vec<Kind>,
    pub(super) seen: Seen,
    /// What the client says it was told.
    pub(super) told: Option<Told>,
    pub(super) pieces: mpsc::Sender<Bytes>,
    pub(super) ended: watch::Receiver<bool>,
    pub(super) _seat: Seat,
}

impl Listener {
    /// Tells until the client goes, may listen no longer, or the process stops.
    pub(super) async fn run<F>(mut self, may: impl Fn() -> F + Send)
    where
        F: Future<Output = bool> + Send,
    {
        if let Err(End::Said(why)) = self.tell(may).await {
            let last = format!("event: end\ndata: {{\"reason\":\"{why}\"}}\n\n");
            let _ = timeout(Duration::from_millis(200), self.pieces.send(Bytes::from(last))).await;
        }
    }

    async fn tell<F>(&mut self, may: impl Fn() -> F + Send) -> Result<(), End>
    where
        F: Future<Output = bool> + Send,
    {
        let mut told = self.greet().await?;
        let mut heartbeat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
        let mut recheck = interval_at(Instant::now() + RECHECK, RECHECK);
        recheck.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let pieces = self.pieces.clone();
        loop {
            let now = self.seen.borrow_and_update().clone();
            while let Some((kind, news)) = now.as_deref().and_then(|now| told.next(now)) {
                // texts, numbers and lists of them: always serialisable
                let data = serde_json::to_string(&news).unwrap_or_default();
                send(&pieces, format!("id: {told}\nevent: {}\ndata: {data}\n\n", kind.as_str())).await?;
            }
            tokio::select! {
                changed = self.seen.changed() => changed.map_err(|_| End::Said("stopping"))?,
                _ = heartbeat.tick() => send(&pieces, ": still here\n\n".to_owned()).await?,
                _ = recheck.tick() => {
                    if !may().await {
                        return Err(End::Said("access"));
                    }
                }
                () = pieces.closed() => return Err(End::Gone),
                () = told_to_end(&mut self.ended) => return Err(End::Said("stopping")),
            }
        }
    }

    /// The first words: from where on the client is told.
    async fn greet(&mut self) -> Result<Told, End> {
        let first: Arc<Standings> = tokio::select! {
            found = self.seen.wait_for(Option::is_some) => {
                found.ok().and_then(|found| found.clone()).ok_or(End::Said("stopping"))?
            }
            () = self.pieces.closed() => return Err(End::Gone),
            () = told_to_end(&mut self.ended) => return Err(End::Said("stopping")),
        };
        let resumed = self.told.is_some();
        let told = match self.told.take() {
            Some(mut told) => {
                told.only(&self.kinds);
                told
            }
            None => Told::all(&self.kinds, &first),
        };
        let kinds: Vec<&str> = self.kinds.iter().map(|kind| kind.as_str()).collect();
        let data = serde_json::json!({ "kinds": kinds, "resumed": resumed });
        send(&self.pieces, format!("retry: {RETRY}\nid: {told}\nevent: ready\ndata: {data}\n\n")).await?;
        Ok(told)
    }
}

async fn send(pieces: &mpsc::Sender<Bytes>, piece: String) -> Result<(), End> {
    match timeout(PATIENCE, pieces.send(Bytes::from(piece))).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(End::Gone),
    }
}
