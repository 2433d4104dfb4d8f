//! One connection from accept to close.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tower::Service;

use super::{Place, Stage};
use crate::Gateway;
use crate::router::route;
use crate::wire::{Link, Wire};

/// Answers the requests of a connection until either side ends it. The place is free afterwards.
pub(super) async fn serve_connection<S, B>(
    http: http1::Builder,
    stream: TcpStream,
    (gateway, fallback, mut stage): (Arc<Gateway>, S, watch::Receiver<Stage>),
    place: Place,
) where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let link = Arc::new(Link::of(stream.peer_addr().ok()));
    let wire =
        Wire::new(stream, Arc::clone(&link), Arc::clone(&gateway.settings), Arc::clone(&gateway.draining));
    let service = service_fn(move |request: Request<Incoming>| {
        // Asked here and not in the future: this runs before the wire looks at the next head.
        let head_refused = link.head_refused().cloned();
        let (gateway, link, fallback) = (Arc::clone(&gateway), Arc::clone(&link), fallback.clone());
        async move { Ok::<_, Infallible>(route(&gateway, &link, head_refused, fallback, request).await) }
    });
    let mut connection = pin!(http.serve_connection(wire, service));
    loop {
        tokio::select! {
            biased;
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    // Clients that hang up are none of our troubles.
                    tracing::trace!(%error, "a connection broke");
                }
                break;
            }
            // When the stage changes, the connection is polled again: the wire ends it if it is idle.
            changed = stage.changed() => {
                if changed.is_err() || *stage.borrow() == Stage::Aborting {
                    break;
                }
            }
        }
    }
    drop(place);
}
