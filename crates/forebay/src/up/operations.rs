//! `/healthz`, `/readyz`, `/metrics`: for probes and for Prometheus.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use gateway::Gateway;
use http::{StatusCode, header};
use metrics_exporter_prometheus::PrometheusHandle;

use super::wiring::Gauges;

#[derive(Clone)]
struct Operations {
    gateway: Arc<Gateway>,
    metrics: PrometheusHandle,
    gauges: Arc<Gauges>,
}

/// The three routes.
pub(super) fn router(gateway: Arc<Gateway>, metrics: PrometheusHandle, gauges: Arc<Gauges>) -> Router {
    Router::new()
        .route("/healthz", get(|| async { plain(StatusCode::OK, "ok\n".to_owned()) }))
        .route("/readyz", get(ready))
        .route("/metrics", get(render))
        .with_state(Operations { gateway, metrics, gauges })
}

/// Ready depends on log, disk, draining and the registry's age, never on the database: a gateway goes on
/// accepting without it.
async fn ready(State(operations): State<Operations>) -> Response {
    match operations.gateway.readiness() {
        gateway::Readiness { ready: true, .. } => plain(StatusCode::OK, "ready\n".to_owned()),
        gateway::Readiness { reason, .. } => {
            let why = reason.unwrap_or_else(|| "see the log".to_owned());
            plain(StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {why}\n"))
        }
    }
}

async fn render(State(operations): State<Operations>) -> Response {
    operations.gauges.set();
    operations.metrics.run_upkeep();
    let body = operations.metrics.render();
    answer(StatusCode::OK, "text/plain; version=0.0.4", body)
}

fn plain(status: StatusCode, text: String) -> Response {
    answer(status, "text/plain; charset=utf-8", text)
}

fn answer(status: StatusCode, content_type: &'static str, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (status, headers, text).into_response()
}
