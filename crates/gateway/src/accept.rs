//! The accept loop: takes connections in, keeps their number, stops without cutting off a request.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::TokioTimer;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};
use tower::Service;

use crate::Gateway;
use connection::serve_connection;
use places::{Place, Places};

mod connection;
mod places;
mod turned_away;

/// How long to wait after the system refused a connection (too many open files).
const AFTER_ERROR: Duration = Duration::from_millis(100);

/// The library's buffer must hold every head that the wire lets through.
const BUFFER_BYTES: usize = 16 * 1024;

/// What the connections are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Serving,
    /// Finish what was begun.
    Draining,
    /// The time for it is over.
    Aborting,
}

/// How a gateway stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drained {
    /// Connections that were still busy when the time was over.
    pub aborted: usize,
}

/// Serves connections until `shutdown` resolves and those that are open have ended, which takes at most
/// [`crate::Settings::drain_timeout`].
///
/// Requests under `/webhooks` are answered here, all others by `fallback`. On shutdown, connections that the
/// system has already taken are accepted still, idle ones are closed, and every further answer says that its
/// connection ends.
pub async fn serve<S, B, F>(listener: TcpListener, gateway: Arc<Gateway>, fallback: S, shutdown: F) -> Drained
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    F: Future<Output = ()>,
{
    let (stage, stage_seen) = watch::channel(Stage::Serving);
    let places = Arc::new(Places::new(&gateway));
    let acceptor =
        Acceptor { gateway: Arc::clone(&gateway), fallback, places: Arc::clone(&places), stage_seen };
    let mut http = http1::Builder::new();
    let settings = gateway.settings();
    http.timer(TokioTimer::new())
        // The wire keeps time over heads, and answers them.
        .header_read_timeout(None)
        // A client that has said all it has to say still gets its answer.
        .half_close(true)
        // Answers are a few hundred bytes: copied together they cost less than a list of pieces does.
        .writev(false)
        .max_headers(settings.headers)
        .max_buf_size(settings.request_line_bytes + settings.headers_bytes + BUFFER_BYTES);

    let mut shutdown = std::pin::pin!(shutdown);
    let mut health = tokio::time::interval(settings.health_interval);
    health.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            accepted = listener.accept() => acceptor.take(&http, accepted).await,
            _ = health.tick() => gateway.refresh(),
            () = &mut shutdown => break,
        }
    }
    gateway.start_draining();
    if let Err(error) = acceptor.take_waiting(&http, listener) {
        tracing::warn!(%error, "connections that were waiting to be accepted are lost");
    }
    stage.send_replace(Stage::Draining);
    let deadline = Instant::now() + gateway.settings().drain_timeout;
    let aborted = match timeout_at(deadline, places.empty()).await {
        Ok(()) => 0,
        Err(_) => places.taken(),
    };
    stage.send_replace(Stage::Aborting);
    tracing::info!(aborted, "the gateway has stopped");
    Drained { aborted }
}

struct Acceptor<S> {
    gateway: Arc<Gateway>,
    fallback: S,
    places: Arc<Places>,
    stage_seen: watch::Receiver<Stage>,
}

impl<S, B> Acceptor<S>
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    async fn take(&self, http: &http1::Builder, accepted: io::Result<(TcpStream, SocketAddr)>) {
        match accepted {
            Ok((stream, peer)) => self.start(http, stream, peer),
            // These concern the one connection that was about to be taken.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::ConnectionAborted
                        | io::ErrorKind::ConnectionReset
                        | io::ErrorKind::ConnectionRefused
                        | io::ErrorKind::Interrupted
                ) => {}
            Err(error) => {
                tracing::warn!(%error, "cannot accept connections at the moment");
                tokio::time::sleep(AFTER_ERROR).await;
            }
        }
    }

    /// Takes what the system has accepted for us and closes the listener at once: what it accepts in between is
    /// reset. The runtime's view of what is waiting may be a little old, so the system itself is asked.
    fn take_waiting(&self, http: &http1::Builder, listener: TcpListener) -> io::Result<()> {
        let listener = listener.into_std()?;
        // It does not block: the last answer is that nothing is waiting.
        while let Ok((stream, peer)) = listener.accept() {
            stream.set_nonblocking(true)?;
            self.start(http, TcpStream::from_std(stream)?, peer);
        }
        Ok(())
    }

    fn start(&self, http: &http1::Builder, stream: TcpStream, peer: SocketAddr) {
        // Answers are small and complete: waiting for more to send would only delay them.
        let _ = stream.set_nodelay(true);
        match Place::take(&self.places, peer.ip()) {
            Some(place) => {
                let parts = (Arc::clone(&self.gateway), self.fallback.clone(), self.stage_seen.clone());
                tokio::spawn(serve_connection(http.clone(), stream, parts, place));
            }
            None => turned_away::answer(&self.gateway, &self.places, stream),
        }
    }
}
