//! The peer on Kafka that the gateway is measured against: axum and rdkafka's `FutureProducer`, one send for each
//! request. `peer <brokers> <topic> <linger ms>`; it checks no key and keeps no headers.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use rdkafka::ClientConfig;
use rdkafka::producer::{FutureProducer, FutureRecord};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// As long as the gateway's answer, so that both write the same number of bytes.
const ANSWER: &str = r#"{"eventId":"01890a5d-ac96-774b-bcce-b302099a8057"}"#;

struct Peer {
    producer: FutureProducer,
    topic: String,
}

async fn answer(State(peer): State<Arc<Peer>>, body: Bytes) -> Response {
    let record: FutureRecord<'_, [u8], [u8]> = FutureRecord::to(&peer.topic).payload(&body[..]);
    match peer.producer.send(record, Duration::ZERO).await {
        Ok(_) => ([(header::CONTENT_TYPE, "application/json")], ANSWER).into_response(),
        Err((error, _)) => (StatusCode::SERVICE_UNAVAILABLE, error.to_string()).into_response(),
    }
}

#[allow(clippy::print_stdout, reason = "the address is the answer of this program")]
fn main() -> std::io::Result<()> {
    let mut words = std::env::args().skip(1);
    let mut word = |name| words.next().ok_or_else(|| std::io::Error::other(format!("{name} is missing")));
    let (brokers, topic, linger) = (word("brokers")?, word("topic")?, word("linger in ms")?);
    let producer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("acks", "all")
        .set("enable.idempotence", "true")
        .set("linger.ms", linger)
        .create()
        .map_err(std::io::Error::other)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        let peer = Arc::new(Peer { producer, topic });
        axum::serve(listener, Router::new().fallback(post(answer)).with_state(peer)).await
    })
}
