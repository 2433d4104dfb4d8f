//! What the tests share: servers, a lock for the heavy ones, skips that are seen.

use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use e2e::api::{Api, Project};
use e2e::kafka::Topics;
use e2e::postgres::Database;
use e2e::server::{Options, Server};
use e2e::wire::{Answer, Connection};
use tempfile::TempDir;

static SHARED: Mutex<Weak<Shared>> = Mutex::new(Weak::new());
static TURN: Mutex<Turn> = Mutex::new(Turn { light: 0, heavy: false });
static TURN_ENDED: Condvar = Condvar::new();

/// Who has the machine: any number of light ones or one heavy one.
struct Turn {
    light: usize,
    heavy: bool,
}

/// A wait that is never reached where things work.
pub(crate) const LONG: Duration = Duration::from_secs(30);

/// A server that several tests use at once.
pub(crate) struct Shared {
    pub(crate) server: Server,
    pub(crate) api: Api,
    _home: TempDir,
    _light: Light,
}

struct Light;

impl Light {
    fn begin() -> Self {
        let mut turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        while turn.heavy {
            turn = TURN_ENDED.wait(turn).unwrap_or_else(PoisonError::into_inner);
        }
        turn.light += 1;
        Self
    }
}

impl Drop for Light {
    fn drop(&mut self) {
        TURN.lock().unwrap_or_else(PoisonError::into_inner).light -= 1;
        TURN_ENDED.notify_all();
    }
}

/// The whole machine, until it is dropped.
pub(crate) struct Heavy(());

impl Drop for Heavy {
    fn drop(&mut self) {
        TURN.lock().unwrap_or_else(PoisonError::into_inner).heavy = false;
        TURN_ENDED.notify_all();
    }
}

/// The server that all light tests use; it ends with the last of them that runs at the moment. While it lives no
/// heavy test runs.
pub(crate) fn shared() -> Arc<Shared> {
    let mut shared: MutexGuard<'_, Weak<Shared>> = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(shared) = shared.upgrade() {
        return shared;
    }
    let light = Light::begin();
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(&Options::new(&home.path().join("data"))).unwrap();
    let api = Api::of(&server);
    let made = Arc::new(Shared { server, api, _home: home, _light: light });
    *shared = Arc::downgrade(&made);
    made
}

/// Held by a test that needs the machine for itself.
pub(crate) fn heavy() -> Heavy {
    let mut turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    while turn.heavy || turn.light > 0 {
        turn = TURN_ENDED.wait(turn).unwrap_or_else(PoisonError::into_inner);
    }
    turn.heavy = true;
    Heavy(())
}

/// A folder for a server of one's own, and how to start it.
pub(crate) fn home() -> (TempDir, Options) {
    let home = tempfile::tempdir().unwrap();
    let options = Options::new(&home.path().join("data"));
    (home, options)
}

/// Topics and a database of one's own, and the variables that name them.
pub(crate) fn parts(name: &str) -> Option<(Database, Vec<(String, String)>)> {
    let (Some(topics), Some(database)) = (Topics::new(name), Database::new(name).unwrap()) else {
        skip(name, "FOREBAY_TEST_KAFKA and FOREBAY_TEST_POSTGRES are not set");
        return None;
    };
    let mut parts = topics.log();
    parts.push(database.store());
    Some((database, parts))
}

/// A new project of this name and something that makes the name its own.
pub(crate) fn project(api: &Api, name: &str) -> Project {
    let id = uuid::Uuid::new_v4().simple().to_string();
    Project::make(api, &format!("{name} {}", &id[..8])).unwrap()
}

/// One POST on a connection of its own.
pub(crate) fn post(authority: &str, target: &str, headers: &str, body: &[u8]) -> Answer {
    let mut connection = Connection::open(authority, LONG).unwrap();
    // a refused body may still be on its way when the answer comes
    let _ = connection.send(&Connection::request("POST", target, headers, body));
    connection.answer().unwrap()
}

/// One POST of JSON that must be accepted; the event id.
pub(crate) fn accepted(authority: &str, target: &str, body: &[u8]) -> String {
    let answer = post(authority, target, JSON, body);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.event_id().expect("an eventId")
}

/// A header line.
pub(crate) const JSON: &str = "content-type: application/json\r\n";

/// Waits for the instances of an event.
pub(crate) fn instances_of(api: &Api, project: &str, event: &str, count: usize) -> Vec<e2e::api::Instance> {
    let mut found = Vec::new();
    let waited = e2e::api::wait(LONG, &format!("event {event} has not started {count}"), || {
        found = api.instances_of(project, event)?;
        Ok(found.len() >= count)
    });
    waited.unwrap_or_else(|error| {
        panic!("{error}; found {found:?}; failed {:?}", api.failed_triggers(project))
    });
    assert_eq!(found.len(), count, "{found:?}");
    found
}

/// Says that a test did not run, and why; with `FOREBAY_STRICT=1` that is a failure.
pub(crate) fn skip(test: &str, why: &str) {
    eprintln!("skipped: {test}: {why}");
    assert!(std::env::var("FOREBAY_STRICT").as_deref() != Ok("1"), "skipped: {test}: {why}");
}

/// A file of this crate.
pub(crate) fn own_file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}
