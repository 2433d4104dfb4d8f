//! Server-sent events: what changes in a project, as it happens.
//!
//! The store keeps a revision for each kind of thing (`store::feed`), raised in the transaction of the change.
//! One watcher for each watched project reads them, at most twice a second or when a request of this process
//! changed something; listeners compare with what they told last. So nothing is missed, nothing is buffered, and
//! fifteen thousand new instances a second are two messages a second. The id of a message is the revisions that
//! were told: whoever comes back with it is told what changed since.

mod body;
mod listener;
pub(crate) mod open;
mod seats;
mod told;
mod watcher;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use store::feed::{Kind, Standing};
use store::{Db, Scope};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use seats::Seats;

/// How often a watcher looks when nobody woke it.
const POLL: Duration = Duration::from_millis(500);
/// How many ids of new rows a message names.
const NEWEST: i64 = 20;

/// How a project stands: what a watcher found last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Standings {
    kinds: BTreeMap<Kind, Standing>,
    /// The newest ids, of kinds whose rows are many.
    newest: BTreeMap<Kind, Vec<String>>,
}

/// `None` until the first look.
type Seen = watch::Receiver<Option<Arc<Standings>>>;

/// A project that somebody watches.
#[derive(Debug)]
struct Watched {
    found: watch::Sender<Option<Arc<Standings>>>,
    wake: Arc<Notify>,
}

/// All open streams of this process.
#[derive(Debug)]
pub(crate) struct Streams {
    projects: Arc<Mutex<HashMap<Uuid, Watched>>>,
    seats: Arc<Seats>,
    ended: watch::Sender<bool>,
}

impl Default for Streams {
    fn default() -> Self {
        Streams { projects: Arc::default(), seats: Arc::default(), ended: watch::Sender::new(false) }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // nothing that runs under these locks can leave a map half-changed
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Resolves when every stream must end.
async fn told_to_end(ended: &mut watch::Receiver<bool>) {
    // a sender that is gone has ended too
    let _ = ended.wait_for(|ended| *ended).await;
}

impl Streams {
    /// Ends every stream, now and later: the process stops.
    pub(crate) fn end(&self) {
        self.ended.send_replace(true);
    }

    /// Something may have changed in this project: whoever watches it looks at once.
    pub(crate) fn wake(&self, project: Uuid) {
        if let Some(watched) = lock(&self.projects).get(&project) {
            watched.wake.notify_one();
        }
    }

    /// What happens in a project, from now on. The first to ask starts the watcher, which ends after the last.
    fn watch(&self, db: &Db, scope: Scope) -> Seen {
        let mut projects = lock(&self.projects);
        if let Some(watched) = projects.get(&scope.project) {
            watched.wake.notify_one();
            return watched.found.subscribe();
        }
        let (found, seen) = watch::channel(None);
        let wake = Arc::new(Notify::new());
        projects.insert(scope.project, Watched { found, wake: Arc::clone(&wake) });
        let watcher = watcher::Watcher {
            db: db.clone(),
            scope,
            projects: Arc::clone(&self.projects),
            wake,
            ended: self.ended.subscribe(),
        };
        tokio::spawn(watcher.run());
        seen
    }
}
