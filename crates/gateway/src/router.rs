//! Which part answers a request.

use std::convert::Infallible;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::atomic::Ordering;
use std::task::Poll;

use http::{Method, Request, Response};
use http_body_util::Either;
use hyper::body::Incoming;
use tower::{Service, ServiceExt as _};
use webhook::Rejection;

use crate::Gateway;
use crate::receive::{self, Arrival};
use crate::reply::{self, Answer};
use crate::wire::Link;

/// Answers one request: webhooks here, everything else by the fallback. Whatever panics, there is an answer.
pub(crate) async fn route<S, B>(
    gateway: &Gateway,
    link: &Link,
    head_refused: Option<Rejection>,
    fallback: S,
    request: Request<Incoming>,
) -> Answer<B>
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
{
    let answered = match head_refused {
        Some(rejection) => Err(rejection),
        None if is_webhook(request.uri().path()) => caught(pin!(receive::answer(gateway, link, request)))
            .await
            .map(|response| response.map(Either::Left)),
        None if request.method() == Method::CONNECT => Err(Rejection::MethodNotAllowed),
        None => {
            let request = with_peer(request, link);
            caught(pin!(fallback.oneshot(request))).await.map(|Ok(response)| response.map(Either::Right))
        }
    };
    let mut response = answered.unwrap_or_else(|rejection| {
        let mut response = receive::refuse(gateway, &Arrival::now(), &rejection).map(Either::Left);
        reply::close(&mut response);
        response
    });
    if gateway.draining.load(Ordering::Relaxed) {
        reply::close(&mut response);
    }
    response
}

/// Tells the fallback where a request comes from: a `SocketAddr` among its extensions.
fn with_peer(mut request: Request<Incoming>, link: &Link) -> Request<Incoming> {
    if let Some(peer) = link.peer() {
        request.extensions_mut().insert(peer);
    }
    request
}

fn is_webhook(path: &str) -> bool {
    path.strip_prefix("/webhooks").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Runs a future; a panic in it becomes [`Rejection::Internal`]. It is borrowed, since an `async fn` that takes a
/// future has room for it twice, and the whole is moved about for each request.
pub(crate) async fn caught<F: Future>(mut future: Pin<&mut F>) -> Result<F::Output, Rejection> {
    poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
        Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
        Ok(Poll::Pending) => Poll::Pending,
        Err(_) => {
            // The panic hook has said what and where; the message may hold anything, so it is not repeated.
            tracing::error!("a request panicked");
            Poll::Ready(Err(Rejection::Internal))
        }
    })
    .await
}
