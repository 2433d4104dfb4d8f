//! SASL/OAUTHBEARER on a real broker: tokens from a file and from a token endpoint, renewed before they run out.
//!
//! The broker takes unsigned tokens and judges their times (Kafka's own validator for development): whose signatures
//! count is between the brokers and the identity provider, and nothing that this driver does.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use eventlog::EventLog;
use eventlog::kafka::{Options, Sasl, Secret, TokenSource};
use futures::future::join_all;

use crate::harness::{append, record, within};
use crate::kafka::bootstrap;
use crate::kafka_secure::{Broker, PASSWORD, appends_and_receives, credentials, refused};

/// Tokens of five seconds are renewed every four: four of them take sixteen at most.
const RENEWED: Duration = Duration::from_secs(160);
const SECRET: &str = "the client's secret 5d1a";

/// An unsigned token (RFC 7519 §6) that holds this many seconds.
fn token(seconds: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64;
    let part = |text: String| URL_SAFE_NO_PAD.encode(text);
    let claims = format!(r#"{{"sub":"forebay","iat":{},"exp":{}}}"#, now - 1, now + seconds);
    format!("{}.{}.", part(r#"{"alg":"none"}"#.to_owned()), part(claims))
}

/// An identity provider: one endpoint that grants tokens to whoever knows the secret.
struct Provider {
    url: String,
    granted: Arc<AtomicUsize>,
}

impl Provider {
    /// Each token holds this many seconds.
    fn start(seconds: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/token", listener.local_addr().unwrap());
        let granted = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&granted);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                grant(stream, seconds, &count);
            }
        });
        Self { url, granted }
    }

    fn source(&self, secret: &str) -> TokenSource {
        TokenSource::Endpoint {
            url: self.url.clone(),
            client_id: "forebay".to_owned(),
            client_secret: Secret::new(secret),
            scope: Some("kafka".to_owned()),
        }
    }
}

fn grant(mut stream: TcpStream, seconds: i64, count: &AtomicUsize) {
    let mut request = Vec::new();
    let mut chunk = [0; 4096];
    let is_whole = |request: &[u8]| {
        let text = String::from_utf8_lossy(request).to_ascii_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        body.len() >= length.unwrap_or(0)
    };
    while !is_whole(&request) {
        match stream.read(&mut chunk) {
            Ok(length) if length > 0 => request.extend_from_slice(&chunk[..length]),
            _ => return,
        }
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    // as a form is written (WHATWG URL, application/x-www-form-urlencoded)
    let form = "grant_type=client_credentials&client_id=forebay&client_secret=the+client%27s+secret+5d1a&scope=kafka";
    let (status, body) = if request.starts_with("POST /token ") && request.ends_with(form) {
        count.fetch_add(1, Ordering::AcqRel);
        (
            "200 OK",
            format!(
                r#"{{"access_token":"{}","token_type":"Bearer","expires_in":{seconds}}}"#,
                token(seconds)
            ),
        )
    } else {
        ("401 Unauthorized", r#"{"error":"invalid_client"}"#.to_owned())
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(format!("{head}{body}").as_bytes());
}

fn with(broker: &Broker, source: TokenSource) -> Options {
    broker.named(Sasl::OAuthBearer(source))
}

/// The same with topics that somebody else has made.
async fn with_topics(broker: &Broker, source: TokenSource) -> Options {
    let options = with(broker, source);
    let maker = Options { sasl: Some(Sasl::Plain(credentials(PASSWORD))), ..options.clone() };
    eventlog::kafka::open(maker).await.unwrap().close().await;
    options
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_come_from_a_file_or_an_endpoint_and_are_renewed() {
    if bootstrap("kafka_tokens").is_none() {
        return;
    }
    let broker = tokio::task::spawn_blocking(Broker::start).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| -> PathBuf {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let good = file("token", &format!("{}\n", token(600)));
    appends_and_receives(with_topics(&broker, TokenSource::File(good.clone())).await).await;
    let provider = Provider::start(600);
    appends_and_receives(with_topics(&broker, provider.source(SECRET)).await).await;
    assert!(provider.granted.load(Ordering::Acquire) > 0);

    // tokens of five seconds: the log goes on working when several have run out
    let provider = Provider::start(5);
    let log: Arc<dyn EventLog> =
        Arc::new(eventlog::kafka::open(with_topics(&broker, provider.source(SECRET)).await).await.unwrap());
    let first = provider.granted.load(Ordering::Acquire);
    let begun = std::time::Instant::now();
    while provider.granted.load(Ordering::Acquire) < first + 4 {
        append(&log, &record("with whatever token there is")).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(
            begun.elapsed() < RENEWED,
            "{first} tokens, and then {}",
            provider.granted.load(Ordering::Acquire)
        );
    }
    within(log.close()).await;

    // what cannot be done with tokens is said, not tried for ever
    let said = refused(with(&broker, TokenSource::File(good.clone()))).await.to_string();
    assert!(said.contains("make it"), "{said}");
    let mut strict = with_topics(&broker, TokenSource::File(good)).await;
    strict.topics.accept_unsafe = false;
    let said = refused(strict).await.to_string();
    assert!(said.contains("topics.accept_unsafe"), "{said}");

    let bad = [
        (with(&broker, TokenSource::File(file("garbage", "not-a-token-7c33"))), "not-a-token-7c33"),
        (with(&broker, TokenSource::File(file("old", &token(-60)))), "eyJ"),
        (with(&broker, TokenSource::File(folder.path().join("missing"))), "eyJ"),
        (with(&broker, provider.source("a wrong secret 91ab")), "91ab"),
    ];
    let tried = bad.map(|(options, secret)| async move { (refused(options).await.to_string(), secret) });
    for (said, secret) in join_all(tried).await {
        println!("refused: {said}");
        assert!(said.contains("token"), "nothing is said of a token: {said}");
        assert!(!said.contains(secret), "the secret is in: {said}");
    }
}
