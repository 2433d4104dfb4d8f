//! The answer to a connection for which there is no place.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use webhook::{Rejection, Unavailability};

use super::Places;
use crate::Gateway;
use crate::receive::Arrival;

/// The most connections that are answered at a time; the others are just closed.
const MOST: usize = 256;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(1);

/// Answers 503 without reading the request.
pub(super) fn answer(gateway: &Gateway, places: &Arc<Places>, stream: TcpStream) {
    let arrival = Arrival::now();
    let rejection = gateway.unavailable(Unavailability::Connections, arrival.id.as_u128());
    gateway.meters.refused(503, rejection.cause());
    if gateway.may_warn(arrival.now_ms) {
        tracing::warn!(cause = rejection.cause(), "a connection was turned away");
    }
    if places.may_tell(MOST) {
        let text = text(&arrival, &rejection);
        let places = Arc::clone(places);
        tokio::spawn(async move {
            let _ = tokio::time::timeout(PATIENCE, tell(stream, &text)).await;
            places.told();
        });
    }
}

async fn tell(mut stream: TcpStream, text: &str) -> std::io::Result<()> {
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await?;
    let mut thrown_away = [0; 1024];
    while stream.read(&mut thrown_away).await? > 0 {}
    Ok(())
}

fn text(arrival: &Arrival, rejection: &Rejection) -> String {
    let body = crate::reply::problem(rejection);
    format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\nx-request-id: {}\r\n\
         cache-control: no-store\r\nreferrer-policy: no-referrer\r\nx-content-type-options: nosniff\r\n\
         retry-after: {}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        arrival.id,
        rejection.retry_after().unwrap_or(1),
        body.len()
    )
}
