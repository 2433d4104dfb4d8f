//! A log that does not take events. The real one cannot be made to do all of this; the gateway must not care why.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use eventlog::{
    AppendError, Appended, BoxFuture, EventLog, Health, Lag, LogError, Positions, Pruned, Received, Record,
    Subscription, Topic,
};
use gateway::Settings;

use crate::client::exchange;
use crate::world::{World, eventually};

/// What the log does with an append.
type Append = dyn Fn() -> Option<Result<Appended, AppendError>> + Send + Sync;

struct Faulty {
    append: Box<Append>,
    appends: AtomicUsize,
    ready: AtomicBool,
    failures: Mutex<Vec<Record>>,
}

impl Faulty {
    /// `None` never resolves.
    fn new(append: impl Fn() -> Option<Result<Appended, AppendError>> + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            append: Box::new(append),
            appends: AtomicUsize::new(0),
            ready: AtomicBool::new(true),
            failures: Mutex::default(),
        })
    }

    fn world(self: &Arc<Self>, settings: Settings) -> World {
        World::over(Arc::clone(self) as Arc<dyn EventLog>, tempfile::tempdir().unwrap(), settings, |_| {})
    }
}

impl EventLog for Faulty {
    fn append(&self, topic: Topic, record: Record) -> BoxFuture<'static, Result<Appended, AppendError>> {
        if topic == Topic::WebhookFailures {
            self.failures.lock().unwrap().push(record);
        }
        self.appends.fetch_add(1, Ordering::SeqCst);
        match (self.append)() {
            Some(result) => Box::pin(async move { result }),
            None => Box::pin(std::future::pending()),
        }
    }

    fn subscribe(
        &self,
        _: Topic,
        _: Arc<dyn Positions>,
    ) -> BoxFuture<'_, Result<Box<dyn Subscription>, LogError>> {
        Box::pin(async { Err(LogError::Closed) })
    }

    fn find<'a>(&'a self, _: Topic, _: &'a str, _: i64) -> BoxFuture<'a, Result<Option<Received>, LogError>> {
        Box::pin(async { Ok(None) })
    }

    fn lag<'a>(&'a self, _: Topic, _: &'a [(u32, i64)]) -> BoxFuture<'a, Result<Lag, LogError>> {
        Box::pin(async { Ok(Lag::default()) })
    }

    fn retain(&self, _: Topic, _: i64, _: u64) -> BoxFuture<'_, Result<Pruned, LogError>> {
        Box::pin(async { Ok(Pruned::default()) })
    }

    fn health(&self) -> Health {
        let ready = self.ready.load(Ordering::SeqCst);
        Health { ready, reason: (!ready).then(|| "unplugged".to_owned()), ..Health::default() }
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

#[test]
fn an_append_that_is_never_acknowledged_is_answered_503_in_time() {
    let log = Faulty::new(|| None);
    let world = log.world(Settings::default());
    let started = Instant::now();
    let answer = exchange(world.at, &world.post("", b"1"));
    let elapsed = started.elapsed();
    assert_eq!(answer.status, 503);
    assert!(answer.header("retry-after").is_some());
    assert!(answer.json()["detail"].as_str().unwrap().contains("may have been stored"));
    assert!(elapsed >= Duration::from_millis(2500), "{elapsed:?}");
    assert_eq!(log.appends.load(Ordering::SeqCst), 1);
    world.assert_at_rest();
}

#[test]
fn whatever_the_log_answers_it_is_never_200() {
    for (error, status) in [
        (AppendError::Full, 503),
        (AppendError::DiskFull("the device".to_owned()), 503),
        (AppendError::Closed, 503),
        (AppendError::Unavailable("EIO".to_owned()), 503),
        (AppendError::Unknown("cut off".to_owned()), 503),
        (AppendError::TooLarge { size: 3, limit: 2 }, 500),
    ] {
        let log = Faulty::new({
            let error = error.clone();
            move || Some(Err(error.clone()))
        });
        let world = log.world(Settings::default());
        let answer = exchange(world.at, &world.post("", b"1"));
        assert_eq!(answer.status, status, "{error:?}");
        assert_eq!(answer.header("retry-after").is_some(), status == 503);
        let text = String::from_utf8(answer.body).unwrap();
        assert!(!text.contains("EIO") && !text.contains("device") && !text.contains("cut off"), "{text}");
        // 500 is for the operator to look into, 503 is not.
        assert_eq!(log.failures.lock().unwrap().len(), usize::from(status == 500));
        world.assert_at_rest();
    }
}

#[test]
fn a_panic_is_answered_500_and_ends_one_request() {
    let log = Faulty::new(|| panic!("the log panicked"));
    let world = log.world(Settings { recorded_refusals_per_minute: 0, ..Settings::default() });
    let answer = exchange(world.at, &world.post("", b"1"));
    assert_eq!(answer.status, 500);
    assert_eq!(answer.json()["code"], "internal");
    assert!(!String::from_utf8_lossy(&answer.body).contains("panicked"));
    assert_eq!(exchange(world.at, &world.post_with_wrong_key("Content-Length: 0\r\n", b"")).status, 401);
    world.assert_at_rest();
}

#[test]
fn an_unhealthy_log_is_answered_503_without_reading_the_body_until_it_is_well() {
    let log = Faulty::new(|| Some(Ok(Appended { partition: 0, offset: 0 })));
    let world = log.world(Settings::default());
    assert_eq!(exchange(world.at, &world.post("", b"1")).status, 200);
    log.ready.store(false, Ordering::SeqCst);
    eventually("the log's state is noticed", || exchange(world.at, &world.post("", b"1")).status == 503);
    let appends = log.appends.load(Ordering::SeqCst);
    assert_eq!(exchange(world.at, &world.post("", b"1")).status, 503);
    assert_eq!(log.appends.load(Ordering::SeqCst), appends);
    assert_eq!(world.gateway.readiness().reason.as_deref(), Some("unplugged"));
    // A stranger learns nothing of it.
    assert_eq!(exchange(world.at, &world.post_with_wrong_key("Content-Length: 0\r\n", b"")).status, 401);
    log.ready.store(true, Ordering::SeqCst);
    eventually("the log is well again", || exchange(world.at, &world.post("", b"1")).status == 200);
}
