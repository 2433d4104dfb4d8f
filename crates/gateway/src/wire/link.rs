//! What a connection's bytes and its requests tell each other.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::task::Poll;

use tokio::time::Instant;
use webhook::Rejection;

use super::patience::Patience;

/// Shared by the [`super::Wire`] of a connection and the service that answers its requests.
///
/// Each refusal is set at most once: after any of them the connection ends.
#[derive(Default)]
pub(crate) struct Link {
    peer: Option<SocketAddr>,
    head_refused: OnceLock<Rejection>,
    body_refused: OnceLock<Rejection>,
    /// For what a request waits for. Requests of a connection come one after another, so one timer is enough.
    patience: Mutex<Patience>,
}

/// The time was over.
pub(crate) struct Late;

impl Link {
    /// The link of a connection from this address.
    pub(crate) fn of(peer: Option<SocketAddr>) -> Self {
        Link { peer, ..Link::default() }
    }

    /// The other end of the connection.
    pub(crate) fn peer(&self) -> Option<SocketAddr> {
        self.peer
    }

    /// Why the head of the request that is being handed to the service was refused. To be asked when the service
    /// is called, not later: then the next head may have been read.
    pub(crate) fn head_refused(&self) -> Option<&Rejection> {
        self.head_refused.get()
    }

    /// Why no more of the body that is being read can be had.
    pub(crate) fn body_refused(&self) -> Option<&Rejection> {
        self.body_refused.get()
    }

    /// Waits for a future until the deadline. It is asked before the clock is.
    pub(crate) async fn within<F: Future>(&self, future: F, deadline: Instant) -> Result<F::Output, Late> {
        let mut future = pin!(future);
        poll_fn(|cx| {
            if let Poll::Ready(output) = future.as_mut().poll(cx) {
                return Poll::Ready(Ok(output));
            }
            let mut patience = self.patience.lock().unwrap_or_else(PoisonError::into_inner);
            patience.poll_over(cx, deadline).map(|()| Err(Late))
        })
        .await
    }

    pub(super) fn refuse_head(&self, why: Rejection) {
        let _ = self.head_refused.set(why);
    }

    pub(super) fn refuse_body(&self, why: Rejection) {
        let _ = self.body_refused.set(why);
    }
}
