//! One gateway with its log, on a port of its own.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use eventlog::{EventLog, Options, Position, PositionError, Positions, Record, Topic};
use gateway::{Drained, Entry, Gateway, Settings, serve};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use uuid::Uuid;
use webhook::{Address, ApiKey, EventRecord, RefusedRequest, TriggerState};

/// The longest that anything in a test may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct World {
    pub(crate) runtime: Runtime,
    pub(crate) at: SocketAddr,
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) log: Arc<dyn EventLog>,
    pub(crate) key: ApiKey,
    pub(crate) entry: Entry,
    stop: Option<oneshot::Sender<()>>,
    served: Option<JoinHandle<Drained>>,
    _folder: tempfile::TempDir,
}

pub(crate) fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64
}

/// The entry of an active trigger with this key.
pub(crate) fn entry(key: &ApiKey) -> Entry {
    Entry {
        address: Address {
            organization: Uuid::new_v4(),
            workspace: Uuid::new_v4(),
            project: Uuid::new_v4(),
            data_source: Uuid::new_v4(),
        },
        trigger: Uuid::new_v4(),
        state: TriggerState::Active,
        keys: vec![(key.digest(), None)],
        redacted: webhook::headers::DEFAULT_REDACTED.iter().map(|name| (*name).to_owned()).collect(),
        idempotency: None,
        rate_limit: None,
        commit: Some(Uuid::new_v4()),
        linked: true,
    }
}

impl World {
    pub(crate) fn start() -> Self {
        Self::with(Settings::default(), |_| {})
    }

    pub(crate) fn with(settings: Settings, change: impl FnOnce(&mut Entry)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { disk_reserve_bytes: 0, ..Options::default() };
        let log = Arc::new(eventlog::open(&folder.path().join("events.db"), options).unwrap());
        Self::over(log, folder, settings, change)
    }

    pub(crate) fn over(
        log: Arc<dyn EventLog>,
        folder: tempfile::TempDir,
        settings: Settings,
        change: impl FnOnce(&mut Entry),
    ) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let key = ApiKey::from_bytes(rand_bytes());
        let mut entry = entry(&key);
        change(&mut entry);
        let gateway = Arc::new(Gateway::new(Arc::clone(&log), settings));
        gateway.registry().replace(vec![entry.clone()], now_ms());
        let (stop, stopped) = oneshot::channel();
        let (at, served) = runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let at = listener.local_addr().unwrap();
            let fallback = tower::service_fn(fallback);
            let shutdown = async { stopped.await.unwrap_or(()) };
            (at, tokio::spawn(serve(listener, Arc::clone(&gateway), fallback, shutdown)))
        });
        Self {
            runtime,
            at,
            gateway,
            log,
            key,
            entry,
            stop: Some(stop),
            served: Some(served),
            _folder: folder,
        }
    }

    /// The path with the right key.
    pub(crate) fn target(&self) -> String {
        format!("{}?flowxApiKey={}", self.entry.address.path(), self.key.reveal())
    }

    /// A whole request with the right key. `headers` are lines that end with CRLF.
    pub(crate) fn post(&self, headers: &str, body: &[u8]) -> Vec<u8> {
        request(&self.target(), &format!("Content-Length: {}\r\n{headers}", body.len()), body)
    }

    /// The same with a key that is not the trigger's.
    pub(crate) fn post_with_wrong_key(&self, headers: &str, body: &[u8]) -> Vec<u8> {
        let wrong = ApiKey::from_bytes([7; 32]);
        let target = format!("{}?flowxApiKey={}", self.entry.address.path(), wrong.reveal());
        request(&target, headers, body)
    }

    pub(crate) fn begin_stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    pub(crate) fn stopped(&mut self) -> Drained {
        self.runtime.block_on(self.served.take().unwrap()).unwrap()
    }

    /// All records of a topic, once there are at least so many.
    pub(crate) fn records(&self, topic: Topic, at_least: usize) -> Vec<Record> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let count = self.count(topic);
            if count >= at_least {
                return self.runtime.block_on(read_all(&*self.log, topic, count));
            }
            assert!(Instant::now() < deadline, "only {count} of {at_least} records of {topic}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn count(&self, topic: Topic) -> usize {
        self.runtime.block_on(self.log.lag(topic, &[])).unwrap().records as usize
    }

    pub(crate) fn events(&self, at_least: usize) -> Vec<EventRecord> {
        self.records(Topic::WebhookEvents, at_least)
            .iter()
            .map(|record| EventRecord::decode(&record.headers, &record.value).unwrap())
            .collect()
    }

    pub(crate) fn failures(&self, at_least: usize) -> Vec<RefusedRequest> {
        self.records(Topic::WebhookFailures, at_least)
            .iter()
            .map(|record| RefusedRequest::decode(&record.headers, &record.value).unwrap())
            .collect()
    }

    /// Waits until nothing is in flight: no permit may leak.
    pub(crate) fn assert_at_rest(&self) {
        eventually("requests are still in flight", || self.gateway.in_flight() == (0, 0));
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.take();
        let log = Arc::clone(&self.log);
        self.runtime.block_on(async move { log.close().await });
    }
}

pub(crate) fn eventually(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

pub(crate) fn request(target: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("POST {target} HTTP/1.1\r\nHost: hooks.example\r\n{headers}\r\n").into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// A body in chunks of so many bytes.
pub(crate) fn chunked(body: &[u8], size: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for chunk in body.chunks(size) {
        out.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        out.extend_from_slice(chunk);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"0\r\n\r\n");
    out
}

fn rand_bytes() -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(Uuid::new_v4().as_bytes());
    bytes[16..].copy_from_slice(Uuid::new_v4().as_bytes());
    bytes
}

/// Says what it was sent; panics where the path asks for it.
async fn fallback(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    assert!(request.uri().path() != "/panic", "the fallback was asked to panic");
    let peer = request.extensions().get::<std::net::SocketAddr>().expect("the fallback is told who asks");
    assert!(peer.ip().is_loopback());
    let answer = match request.into_body().collect().await {
        Ok(body) => {
            let text = format!("fallback got {} bytes", body.to_bytes().len());
            Response::new(Full::new(Bytes::from(text)))
        }
        Err(_) => {
            let mut response = Response::new(Full::new(Bytes::from_static(b"fallback: broken body")));
            *response.status_mut() = http::StatusCode::BAD_REQUEST;
            response
        }
    };
    Ok(answer)
}

struct FromTheStart;

impl Positions for FromTheStart {
    fn load(&self, _: Topic, _: u32) -> eventlog::BoxFuture<'_, Result<Option<Position>, PositionError>> {
        Box::pin(async { Ok(None) })
    }
}

async fn read_all(log: &dyn EventLog, topic: Topic, count: usize) -> Vec<Record> {
    let mut records = Vec::new();
    if count > 0 {
        let mut subscription = log.subscribe(topic, Arc::new(FromTheStart)).await.unwrap();
        while records.len() < count {
            let batch = subscription.receive(10_000, usize::MAX).await.unwrap();
            records.extend(batch.records.into_iter().map(|received| received.record));
        }
    }
    records
}
