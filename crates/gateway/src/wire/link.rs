//! What a connection's bytes and its requests tell each other.

use std::net::SocketAddr;
use std::sync::OnceLock;

use webhook::Rejection;

/// Shared by the [`super::Wire`] of a connection and the service that answers its requests.
///
/// Each refusal is set at most once: after any of them the connection ends.
#[derive(Default)]
pub(crate) struct Link {
    peer: Option<SocketAddr>,
    head_refused: OnceLock<Rejection>,
    body_refused: OnceLock<Rejection>,
}

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

    pub(super) fn refuse_head(&self, why: Rejection) {
        let _ = self.head_refused.set(why);
    }

    pub(super) fn refuse_body(&self, why: Rejection) {
        let _ = self.body_refused.set(why);
    }
}
