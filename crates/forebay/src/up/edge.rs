//! Everything that is not a webhook, on the other runtime: console, probes, metrics.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::response::IntoResponse;
use http::{Request, Response, StatusCode};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::runtime::Handle;
use tower::{Service, ServiceExt};

use super::operations;
use super::site;
use super::wiring::Wired;

type Answer = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

/// The console's routes and those of the operator.
pub(super) fn pages(wired: &Wired, metrics: PrometheusHandle) -> axum::Router {
    let operations = operations::router(wired.gateway.clone(), metrics, wired.gauges.clone());
    match &wired.console {
        Some(people) => operations
            .merge(console::router(Arc::clone(&people.console)))
            .layer(axum::middleware::from_fn(site_first)),
        None => operations,
    }
}

/// Files and pages of the site; everything else goes on to the API.
async fn site_first(request: Request<Body>, next: axum::middleware::Next) -> Response<Body> {
    match site::answer(&request) {
        Some(response) => response,
        None => next.run(request).await,
    }
}

/// Hops from the gateway's runtime to that of the services, so that no page can hold up a webhook. The request
/// is worked off even if the client goes away: what it began in the store is not cut half-way.
#[derive(Clone)]
pub(super) struct OnServices {
    pages: axum::Router,
    services: Handle,
}

impl OnServices {
    pub(super) fn new(pages: axum::Router, services: Handle) -> Self {
        OnServices { pages, services }
    }
}

impl<B> Service<Request<B>> for OnServices
where
    B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answer;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Answer {
        let work = self.services.spawn(self.pages.clone().oneshot(request.map(Body::new)));
        Box::pin(async move {
            work.await.unwrap_or_else(|e| {
                tracing::error!("a request to the console ended early: {e}");
                Ok(StatusCode::INTERNAL_SERVER_ERROR.into_response())
            })
        })
    }
}
