//! A project with one data source, a store, an event log, and hands to post events and to look.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eventlog::{EmbeddedLog, EventLog, Options, Record, Topic};
use runner::{Clock, Parts, Runner, Settings};
use store::commit::{LinkRow, NewCommit};
use store::resource::{Content, Kind, Place};
use store::user::Stamp;
use store::view::failed_trigger::FailedTrigger;
use store::view::instance::Instance;
use store::{Db, Scope, StoreError, Tx};
use uuid::Uuid;
use webhook::{Address, EventRecord, RefusedRequest};

/// A process definition: its id, and what it is now.
#[derive(Clone)]
pub struct Process {
    pub id: Uuid,
    pub bpmn: Vec<u8>,
}

impl Process {
    pub fn new(bpmn: Vec<u8>) -> Self {
        Self { id: Uuid::new_v4(), bpmn }
    }
}

pub struct World {
    pub db: Db,
    pub log: Arc<EmbeddedLog>,
    pub scope: Scope,
    pub source: Uuid,
    pub branch: String,
    pub settings: Settings,
    pub clock: Clock,
    pub folder: tempfile::TempDir,
}

fn stamp() -> Stamp {
    Stamp { user: None, at: now() }
}

pub fn now() -> i64 {
    Clock::system().now()
}

/// Quick turns, so that tests need not wait.
pub fn settings() -> Settings {
    Settings { command_poll_ms: 20, measure_ms: 20, prune_ms: 50, engine_threads: 1, ..Settings::default() }
}

pub async fn open_store(folder: &Path) -> Db {
    Db::sqlite(&folder.join("store.db"), store::Options::default()).await.unwrap()
}

pub fn open_log(folder: &Path) -> Arc<EmbeddedLog> {
    let options = Options { disk_reserve_bytes: 0, ..Options::default() };
    Arc::new(eventlog::open(&folder.join("log.db"), options).unwrap())
}

impl World {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = open_store(folder.path()).await;
        Self::in_store(db, folder).await
    }

    pub async fn in_store(db: Db, folder: tempfile::TempDir) -> Self {
        let log = open_log(folder.path());
        let scope =
            Scope { organization: Uuid::new_v4(), workspace: Uuid::new_v4(), project: Uuid::new_v4() };
        let source = Uuid::new_v4();
        let branch = Uuid::new_v4();
        db.write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                store::organization::insert(tx, scope.organization, "o", now()).await?;
                store::organization::insert_workspace(tx, scope.organization, scope.workspace, "w", now())
                    .await?;
                store::project::insert(tx, &scope, "p", "p", now()).await?;
                store::branch::insert(tx, &scope, (branch, "main"), None, &stamp()).await?;
                store::policy::insert(tx, &scope, &branch.to_string(), &stamp()).await?;
                let content = Content {
                    name: "orders".to_owned(),
                    name_folded: "orders".to_owned(),
                    settings: "{}".to_owned(),
                    bpmn: None,
                };
                let branch = branch.to_string();
                let place = Place { branch: &branch, kind: Kind::DataSource, id: source, expected: None };
                store::resource::create(tx, &scope, &place, &content, &stamp()).await?;
                Ok(())
            })
        })
        .await
        .unwrap();
        let branch = branch.to_string();
        World { db, log, scope, source, branch, settings: settings(), clock: Clock::system(), folder }
    }

    pub fn project(&self) -> String {
        self.scope.project.to_string()
    }

    /// A commit with these processes, all linked to the data source; it runs from now on.
    pub async fn commit(&self, processes: &[Process]) -> String {
        let (scope, branch, source) = (self.scope, self.branch.clone(), self.source);
        let processes = processes.to_vec();
        self.db
            .write::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    let id = Uuid::now_v7().to_string();
                    let mut links = Vec::new();
                    for process in &processes {
                        let version = version(tx, &scope, &branch, process).await?;
                        links.push(LinkRow {
                            data_source_id: source.to_string(),
                            process_definition_id: process.id.to_string(),
                            resource_version_id: version,
                            element_id: "start".to_owned(),
                        });
                    }
                    let members = store::resource::work_in_progress(tx, &scope, &branch).await?;
                    let new = NewCommit {
                        id: &id,
                        branch: &branch,
                        parent: None,
                        message: "commit",
                        members: &members,
                        links: &links,
                    };
                    store::commit::insert(tx, &scope, &new, &stamp()).await?;
                    store::policy::set_running(tx, &scope, Some(&id)).await?;
                    Ok(id)
                })
            })
            .await
            .unwrap()
    }

    pub fn start(&self) -> Runner {
        self.start_on(Arc::clone(&self.log) as Arc<dyn EventLog>)
    }

    pub fn start_on(&self, log: Arc<dyn EventLog>) -> Runner {
        let parts =
            Parts { db: self.db.clone(), log, settings: self.settings.clone(), clock: self.clock.clone() };
        runner::start(parts).unwrap()
    }

    pub fn event(&self, body: &str) -> EventRecord {
        EventRecord {
            id: Uuid::now_v7().to_string(),
            address: Address {
                organization: self.scope.organization,
                workspace: self.scope.workspace,
                project: self.scope.project,
                data_source: self.source,
            },
            time: now(),
            content_type: Some("application/json".to_owned()),
            traceparent: None,
            headers_json: r#"{"Content-Type":"application/json"}"#.to_owned(),
            idempotency_key: None,
            commit: None,
            body: body.as_bytes().to_vec(),
        }
    }

    /// Appends an event; its id.
    pub async fn post(&self, body: &str) -> String {
        self.append(self.event(body)).await
    }

    pub async fn append(&self, event: EventRecord) -> String {
        self.log.append(Topic::WebhookEvents, record(&event)).await.unwrap();
        event.id
    }

    /// Appends many at once; their ids.
    pub async fn post_many(&self, bodies: impl IntoIterator<Item = String>) -> Vec<String> {
        let events: Vec<EventRecord> = bodies.into_iter().map(|body| self.event(&body)).collect();
        for chunk in events.chunks(2_000) {
            let appends = chunk.iter().map(|event| self.log.append(Topic::WebhookEvents, record(event)));
            for appended in futures::future::join_all(appends).await {
                appended.unwrap();
            }
        }
        events.into_iter().map(|event| event.id).collect()
    }

    pub async fn instances(&self) -> Vec<Instance> {
        let scope = self.scope;
        self.db
            .read::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    store::view::instance::list(tx, &scope, &Default::default(), None, 1_000_000).await
                })
            })
            .await
            .unwrap()
    }

    pub async fn failed(&self) -> Vec<FailedTrigger> {
        let scope = self.scope;
        self.db
            .read::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    store::view::failed_trigger::list(tx, &scope, &Default::default(), None, 1_000_000).await
                })
            })
            .await
            .unwrap()
    }

    pub async fn row(&self, id: &str) -> store::instance::InstanceRow {
        let (project, id) = (self.project(), id.to_owned());
        self.db
            .read::<_, StoreError, _>(move |tx| {
                Box::pin(async move { store::instance::find(tx, &project, &id).await })
            })
            .await
            .unwrap()
    }

    pub async fn history(&self, id: &str) -> Vec<store::view::instance::HistoryRow> {
        let (scope, id) = (self.scope, Uuid::try_parse(id).unwrap());
        self.db
            .read::<_, StoreError, _>(move |tx| {
                Box::pin(async move { store::view::instance::history(tx, &scope, id, 0, 1_000).await })
            })
            .await
            .unwrap()
    }

    /// Record headers and payload of a failed trigger.
    pub async fn sent(&self, id: &str) -> store::view::failed_trigger::Sent {
        let (scope, id) = (self.scope, Uuid::try_parse(id).unwrap());
        self.db
            .read::<_, StoreError, _>(move |tx| {
                Box::pin(async move { store::view::failed_trigger::sent(tx, &scope, id).await })
            })
            .await
            .unwrap()
    }

    pub async fn is_duplicate(&self, event: &str) -> bool {
        let (scope, event) = (self.scope, event.to_owned());
        self.db
            .read::<_, StoreError, _>(move |tx| {
                Box::pin(async move { store::view::event::duplicate(tx, &scope, &event).await })
            })
            .await
            .unwrap()
            .is_some()
    }

    /// Queues a command, wakes the runner, waits until it ended.
    pub async fn command(
        &self,
        runner: &Runner,
        kind: store::command::CommandKind,
        target: &str,
        arguments: &str,
    ) -> store::command::CommandRow {
        let id = self.enqueue(kind, target, arguments).await;
        runner.wake_commands();
        self.ended(&id).await
    }

    pub async fn enqueue(&self, kind: store::command::CommandKind, target: &str, arguments: &str) -> String {
        let id = Uuid::now_v7().to_string();
        let (scope, own, target, arguments) =
            (self.scope, id.clone(), target.to_owned(), arguments.to_owned());
        self.db
            .write::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    let new = store::command::NewCommand {
                        id: &own,
                        kind,
                        target_id: &target,
                        arguments: &arguments,
                        created_by: None,
                        now: now(),
                    };
                    store::command::enqueue(tx, scope, &new).await?;
                    if kind == store::command::CommandKind::RetryFailedTrigger {
                        store::failed_trigger::mark_retrying(tx, scope, &target, now()).await?;
                    }
                    Ok(())
                })
            })
            .await
            .unwrap();
        id
    }

    pub async fn find_command(&self, id: &str) -> store::command::CommandRow {
        let (scope, id) = (self.scope, id.to_owned());
        self.db
            .read::<_, StoreError, _>(move |tx| {
                Box::pin(async move { store::command::find(tx, scope, &id).await })
            })
            .await
            .unwrap()
    }

    pub async fn ended(&self, id: &str) -> store::command::CommandRow {
        until("the command ended", async || self.find_command(id).await.finished_at.is_some()).await;
        self.find_command(id).await
    }

    /// Sums of the hourly counters.
    pub async fn counts(&self) -> std::collections::BTreeMap<String, i64> {
        let (scope, source) = (self.scope, self.source.to_string());
        let rows = self
            .db
            .read::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    store::view::count::of_data_source(tx, &scope, &source, (0, i64::MAX)).await
                })
            })
            .await
            .unwrap();
        let mut sums = std::collections::BTreeMap::new();
        for row in rows {
            *sums.entry(row.counter).or_insert(0) += row.value;
        }
        sums
    }

    /// The next offset of a topic, as stored.
    pub async fn next_offset(&self, topic: Topic) -> i64 {
        let positions = self
            .db
            .read::<_, StoreError, _>(move |tx| {
                Box::pin(async move { store::position::all(tx, topic.name()).await })
            })
            .await
            .unwrap();
        positions.first().map_or(0, |(_, position)| position.next_offset)
    }

    pub async fn marker(&self) -> Option<store::marker::Marker> {
        self.db
            .read::<_, StoreError, _>(|tx| {
                Box::pin(async move {
                    let topic = Topic::WebhookEvents.name();
                    store::marker::load(tx, store::position::Partition { topic, number: 0 }).await
                })
            })
            .await
            .unwrap()
    }

    /// Waits until every record of the log is applied.
    pub async fn drained(&self) {
        until("the log is drained", async || {
            let mut lag = 0;
            for topic in Topic::ALL {
                let next = self.next_offset(topic).await;
                lag += self.log.lag(topic, &[(0, next)]).await.unwrap().records;
            }
            lag == 0
        })
        .await;
    }
}

/// The record of a refused request.
pub fn refusal(request: &RefusedRequest) -> Record {
    let headers = request.headers();
    Record {
        id: request.event.id.clone(),
        time: request.event.time,
        headers: headers.into_iter().map(|(name, value)| (name.to_owned(), value.into_bytes())).collect(),
        value: request.event.body.clone().into(),
    }
}

pub fn record(event: &EventRecord) -> Record {
    let headers = event.headers();
    Record {
        id: event.id.clone(),
        time: event.time,
        headers: headers.into_iter().map(|(name, value)| (name.to_owned(), value.into_bytes())).collect(),
        value: event.body.clone().into(),
    }
}

/// Waits for a condition; 60 seconds are the deadline, not the expectation.
pub async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !condition().await {
        assert!(Instant::now() < deadline, "waited too long until {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The version of a process in the work in progress, made or changed.
async fn version(tx: &mut Tx, scope: &Scope, branch: &str, process: &Process) -> Result<String, StoreError> {
    let drafts = store::resource::work_in_progress(tx, scope, branch).await?;
    let id = process.id.to_string();
    let content = Content {
        name: format!("p-{id}"),
        name_folded: format!("p-{id}"),
        settings: "{}".to_owned(),
        bpmn: Some(process.bpmn.clone()),
    };
    let place = Place { branch, kind: Kind::ProcessDefinition, id: process.id, expected: None };
    if drafts.iter().any(|draft| draft.id == id) {
        store::resource::save(tx, scope, &place, (&content, None), &stamp()).await?;
    } else {
        store::resource::create(tx, scope, &place, &content, &stamp()).await?;
    }
    let drafts = store::resource::work_in_progress(tx, scope, branch).await?;
    Ok(drafts.into_iter().find(|draft| draft.id == id).unwrap().version)
}
