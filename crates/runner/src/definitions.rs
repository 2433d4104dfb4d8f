//! What runs: compiled process versions and the links of commits. Both never change, so they are kept in
//! memory; which commit runs may change at any time, so what is kept of that is a guess that the
//! transaction verifies.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bpmn::Process;
use store::link::CommitLink;
use store::{Db, StoreError};
use uuid::Uuid;

use crate::outcome::Fault;

/// A process version as it runs, or why it cannot.
#[derive(Debug)]
pub(crate) struct Definition {
    /// Names it on the engine threads; no two loaded definitions share one.
    pub serial: u128,
    /// The compiled process.
    pub process: Result<Process, Fault>,
}

impl Definition {
    fn of(process: Result<Process, Fault>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self { serial: u128::from(NEXT.fetch_add(1, Ordering::Relaxed)), process }
    }
}

/// A process that an event starts.
#[derive(Clone, Debug)]
pub(crate) struct Linked {
    /// The link, as the commit has it.
    pub link: CommitLink,
    /// What it starts.
    pub definition: Arc<Definition>,
}

/// The links of a commit by data source.
#[derive(Debug)]
struct Links {
    commit_id: String,
    by_data_source: HashMap<String, Vec<CommitLink>>,
}

/// What a batch is planned against: for each project the commit that runs, for each data source what it starts.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    /// The running commit of each project; `None` where there is none.
    pub running: HashMap<Uuid, Option<Arc<str>>>,
    /// By project and data source.
    pub linked: HashMap<(Uuid, Uuid), Arc<[Linked]>>,
}

/// The caches. Every one is bounded.
#[derive(Debug)]
pub(crate) struct Definitions {
    running: Mutex<Recent<Uuid, Option<Arc<str>>>>,
    links: Mutex<Recent<String, Arc<Links>>>,
    versions: Mutex<Recent<String, Arc<Definition>>>,
}

impl Definitions {
    pub(crate) fn new(versions: usize) -> Self {
        Self {
            running: Mutex::new(Recent::new(10_000)),
            links: Mutex::new(Recent::new(1_000)),
            versions: Mutex::new(Recent::new(versions.max(1))),
        }
    }

    /// Forgets which commits run, so that the next view reads them.
    pub(crate) fn forget_running(&self, projects: impl Iterator<Item = Uuid>) {
        let mut running = lock(&self.running);
        for project in projects {
            running.remove(&project);
        }
    }

    /// Everything that these (project, data source) pairs need.
    pub(crate) async fn view(&self, db: &Db, of: &BTreeSet<(Uuid, Uuid)>) -> Result<View, StoreError> {
        let mut view = View::default();
        for &(project, data_source) in of {
            let commit = match view.running.get(&project) {
                Some(known) => known.clone(),
                None => self.running(db, project).await?,
            };
            view.running.insert(project, commit.clone());
            let linked = match commit {
                Some(commit) => self.linked(db, &commit, data_source).await?,
                None => Arc::from([]),
            };
            view.linked.insert((project, data_source), linked);
        }
        Ok(view)
    }

    async fn running(&self, db: &Db, project: Uuid) -> Result<Option<Arc<str>>, StoreError> {
        if let Some(known) = lock(&self.running).get(&project) {
            return Ok(known);
        }
        let text = project.to_string();
        let commit = db
            .read(move |tx| Box::pin(async move { store::link::running_commit(tx, &text).await }))
            .await?
            .map(Arc::from);
        lock(&self.running).insert(project, commit.clone());
        Ok(commit)
    }

    async fn linked(&self, db: &Db, commit: &str, source: Uuid) -> Result<Arc<[Linked]>, StoreError> {
        let links = self.links(db, commit).await?;
        let Some(links) = links.by_data_source.get(&source.to_string()) else {
            return Ok(Arc::from([]));
        };
        let mut linked = Vec::with_capacity(links.len());
        for link in links {
            let definition = self.definition(db, &link.resource_version_id).await?;
            linked.push(Linked { link: link.clone(), definition });
        }
        Ok(linked.into())
    }

    async fn links(&self, db: &Db, commit: &str) -> Result<Arc<Links>, StoreError> {
        if let Some(known) = lock(&self.links).get(commit) {
            return Ok(known);
        }
        let commit_id = commit.to_owned();
        let rows =
            db.read(move |tx| Box::pin(async move { store::link::of_commit(tx, &commit_id).await })).await?;
        let mut by_data_source: HashMap<String, Vec<CommitLink>> = HashMap::new();
        for row in rows {
            by_data_source.entry(row.data_source_id.clone()).or_default().push(row);
        }
        let links = Arc::new(Links { commit_id: commit.to_owned(), by_data_source });
        lock(&self.links).insert(links.commit_id.clone(), Arc::clone(&links));
        Ok(links)
    }

    /// A process version, compiled on first use.
    pub(crate) async fn definition(&self, db: &Db, version_id: &str) -> Result<Arc<Definition>, StoreError> {
        if let Some(known) = lock(&self.versions).get(version_id) {
            return Ok(known);
        }
        let id = version_id.to_owned();
        let xml = db.read(move |tx| Box::pin(async move { store::link::bpmn(tx, &id).await })).await?;
        let Some(xml) = xml else {
            let process =
                Err(Fault::new("definition-missing", "the process definition has no BPMN any more"));
            return Ok(Arc::new(Definition::of(process)));
        };
        let process = tokio::task::spawn_blocking(move || compile(&xml))
            .await
            .unwrap_or_else(|_| Err(Fault::new("definition-invalid", "reading the BPMN crashed the reader")));
        let definition = Arc::new(Definition::of(process));
        lock(&self.versions).insert(version_id.to_owned(), Arc::clone(&definition));
        Ok(definition)
    }
}

fn compile(xml: &[u8]) -> Result<Process, Fault> {
    let definitions = bpmn::read(xml)
        .map_err(|e| Fault::new("definition-invalid", format!("the BPMN is not readable: {e}")))?;
    bpmn::executable(&definitions).cloned().map_err(|e| Fault::new("definition-invalid", e.to_string()))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // a panic while the lock is held leaves a cache, not an invariant
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A map that keeps the most recently used entries.
#[derive(Debug)]
struct Recent<K, V> {
    capacity: usize,
    tick: u64,
    entries: HashMap<K, (u64, V)>,
}

impl<K: Eq + Hash + Clone, V: Clone> Recent<K, V> {
    fn new(capacity: usize) -> Self {
        Self { capacity, tick: 0, entries: HashMap::new() }
    }

    fn get<Q: ?Sized + Hash + Eq>(&mut self, key: &Q) -> Option<V>
    where
        K: std::borrow::Borrow<Q>,
    {
        self.tick += 1;
        let (used, value) = self.entries.get_mut(key)?;
        *used = self.tick;
        Some(value.clone())
    }

    fn insert(&mut self, key: K, value: V) {
        self.tick += 1;
        if self.entries.len() >= self.capacity && !self.entries.contains_key(&key) {
            let oldest = self.entries.iter().min_by_key(|(_, (used, _))| *used).map(|(key, _)| key.clone());
            if let Some(oldest) = oldest {
                self.entries.remove(&oldest);
            }
        }
        self.entries.insert(key, (self.tick, value));
    }

    fn remove(&mut self, key: &K) {
        self.entries.remove(key);
    }
}
