//! The bare responder that the gateway is measured against: axum reads the body and answers 200, nothing else.

use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::post;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// As long as the gateway's answer, so that both write the same number of bytes.
const ANSWER: &str = r#"{"eventId":"01890a5d-ac96-774b-bcce-b302099a8057"}"#;

async fn answer(body: Bytes) -> impl IntoResponse {
    // the body is there whole; nothing looks into it
    let _ = body.len();
    ([(header::CONTENT_TYPE, "application/json")], ANSWER)
}

#[allow(clippy::print_stdout, reason = "the address is the answer of this program")]
fn main() -> std::io::Result<()> {
    let threads = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        axum::serve(listener, Router::new().fallback(post(answer))).await
    })
}
