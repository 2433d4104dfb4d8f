//! One watcher for all who watch a project.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use store::feed::{self, Kind};
use store::{Db, Scope, StoreError};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use super::{NEWEST, POLL, Standings, Watched, lock, told_to_end};

/// Changes that come together are told together; and a busy client cannot make the watcher read all the time.
const GATHER: Duration = Duration::from_millis(50);

pub(super) struct Watcher {
    pub(super) db: Db,
    pub(super) scope: Scope,
    pub(super) projects: Arc<Mutex<HashMap<Uuid, Watched>>>,
    pub(super) wake: Arc<Notify>,
    pub(super) ended: watch::Receiver<bool>,
}

impl Watcher {
    /// Looks and tells, until nobody listens.
    pub(super) async fn run(mut self) {
        let mut last: Option<Arc<Standings>> = None;
        let mut failing = false;
        loop {
            match self.look(last.as_deref()).await {
                Ok(now) => {
                    failing = false;
                    if last.as_deref() != Some(&now) {
                        last = Some(Arc::new(now));
                    }
                }
                Err(e) if failing => tracing::debug!(error = %e, "a project still cannot be watched"),
                Err(e) => {
                    failing = true;
                    tracing::warn!(error = %e, "a project cannot be watched at the moment");
                }
            }
            if !self.tell(&last) {
                return;
            }
            tokio::select! {
                () = self.wake.notified() => tokio::time::sleep(GATHER).await,
                () = tokio::time::sleep(POLL) => {}
                () = told_to_end(&mut self.ended) => {
                    lock(&self.projects).remove(&self.scope.project);
                    return;
                }
            }
        }
    }

    /// Hands over what was found. `false` when nobody listens: then the project is not watched any more.
    fn tell(&self, last: &Option<Arc<Standings>>) -> bool {
        let mut projects = lock(&self.projects);
        let Some(watched) = projects.get(&self.scope.project) else { return false };
        // subscribers come under the same lock: none can slip in between
        if watched.found.receiver_count() == 0 {
            projects.remove(&self.scope.project);
            return false;
        }
        watched.found.send_if_modified(|found| {
            let news = *found != *last && last.is_some();
            if news {
                found.clone_from(last);
            }
            news
        });
        true
    }

    async fn look(&self, last: Option<&Standings>) -> Result<Standings, StoreError> {
        let (scope, last) = (self.scope, last.cloned().unwrap_or_default());
        self.db
            .read(move |tx| {
                Box::pin(async move {
                    let kinds = feed::read(tx, &scope).await?;
                    let mut newest = BTreeMap::new();
                    for kind in [Kind::Instances, Kind::FailedTriggers] {
                        let added = |of: &BTreeMap<Kind, feed::Standing>| of.get(&kind).map(|s| s.added);
                        let ids = match last.newest.get(&kind) {
                            Some(known) if added(&kinds) == added(&last.kinds) => known.clone(),
                            _ => feed::newest(tx, &scope, kind, NEWEST).await?,
                        };
                        newest.insert(kind, ids);
                    }
                    Ok(Standings { kinds, newest })
                })
            })
            .await
    }
}
