//! The Kafka driver: topics on brokers, a group-committing producer, a consumer group.
//!
//! Appends go out as `lane` says: what waits goes to one partition in one request. A record counts as durable
//! when the brokers acknowledge it with `acks=all`: it is replicated to `min.insync.replicas`, not fsynced.
//! Receiving (`member`) begins where the store's positions say, and is proven record by record to follow them.
//! The client's own threads and two of ours do the work; no call here waits on the gateway's runtime.

mod buffer;
mod client;
mod codec;
mod delivery;
mod fitness;
mod lane;
mod looking;
mod member;
mod meters;
mod options;
mod placement;
mod producer;
mod pulse;
mod reader;
mod retention;
mod subscription;
mod token;
mod topics;
mod watch;

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use tokio::sync::oneshot;

use self::client::Settings;
use self::delivery::Waiter;
use self::fitness::Fitness;
use self::lane::Waiting;
pub use self::options::{Compression, Credentials, Options, Sasl, Secret, Tls, TokenSource, Topics};
use self::producer::Producers;
use self::pulse::Pulse;
use self::reader::Readers;
use self::subscription::Subscriptions;
use self::topics::Clients;
use crate::budget::Budget;
use crate::{
    AppendError, Appended, EventLog, Health, Lag, LogError, Positions, Pruned, RECORD_LIMIT, Received,
    Record, Subscription, Topic,
};

/// How long a close waits for acknowledgements, and for the consumer group to be left.
const CLOSE: Duration = Duration::from_secs(5);

/// The log on Kafka.
pub struct KafkaLog {
    names: [String; Topic::ALL.len()],
    pulse: Arc<Pulse>,
    budget: Arc<Budget>,
    producers: Arc<Producers>,
    readers: [Arc<Readers>; Topic::ALL.len()],
    /// They see also what waits behind a transaction of another producer that is still open: it is acknowledged.
    onlookers: [Arc<Readers>; Topic::ALL.len()],
    subscriptions: Arc<Subscriptions>,
    clients: Clients,
    served: tokio::sync::watch::Receiver<bool>,
    /// Whether the thread that looks has ended.
    watching: tokio::sync::watch::Receiver<bool>,
    appends: bool,
}

/// Reaches the brokers, makes missing topics, judges those that are there, and starts.
///
/// # Errors
/// [`LogError::Setting`] where a setting is wrong; [`LogError::Topic`] where a topic cannot carry the log, saying
/// everything that is wrong with it; [`LogError::Broker`] where the brokers cannot be reached or refuse us.
pub async fn open(options: Options) -> Result<KafkaLog, LogError> {
    options.check()?;
    if matches!(options.sasl, Some(Sasl::Plain(_))) && options.tls.is_none() {
        tracing::warn!("the password for the brokers is sent in plain text: set tls");
    }
    let pulse = Arc::new(Pulse::new());
    let settings = Settings::new(&options, &pulse);
    let names = Topic::ALL.map(|topic| topic.name().replacen("forebay.", &options.topic_prefix, 1));
    let clients = Clients::new(&settings)?;
    let mut judged = Vec::new();
    for name in &names {
        let found = topics::prepare(&clients, name, &options.topics).await;
        judged.push(found.map_err(|error| with_reason(error, &pulse))?);
    }
    let producers = Producers::new(&settings, &options, |topic| names[topic as usize].clone())?;
    let subscriptions = Arc::new(Subscriptions::new(&settings, &options, &pulse));
    let readers =
        Topic::ALL.map(|topic| Arc::new(Readers::new(&subscriptions.group_settings(topic), &pulse)));
    let onlookers = Topic::ALL.map(|topic| {
        let settings = subscriptions.group_settings(topic).with(&[("isolation.level", "read_uncommitted")]);
        Arc::new(Readers::new(&settings, &pulse))
    });
    let fitness = Fitness::new(&clients, &options.topics, tokio::runtime::Handle::current());
    let mut watched = watch::Watch {
        producers: Arc::clone(&producers),
        pulse: Arc::clone(&pulse),
        clients: clients.clone(),
        topics: Topic::ALL.map(|topic| watch::Watched {
            topic,
            name: names[topic as usize].clone(),
            min_insync: judged.get(topic as usize).map_or(1, |judged| judged.min_insync),
        }),
        fitness,
    };
    let watched = tokio::task::spawn_blocking(move || {
        watched.look();
        watched
    });
    let watched = watched.await.map_err(|error| LogError::Broker(error.to_string()))?;
    let (finished, served) = tokio::sync::watch::channel(false);
    let (blind, watching) = tokio::sync::watch::channel(false);
    start("eventlog-watch", move || {
        watched.run();
        blind.send_replace(true);
    })?;
    let (serving, alive) = (Arc::clone(&producers), Arc::clone(&pulse));
    start("eventlog-producer", move || {
        serving.run(&alive, CLOSE);
        finished.send_replace(true);
    })?;
    let budget = Budget::new(options.queue_records, options.queue_bytes);
    let appends = options.appends;
    Ok(KafkaLog {
        names,
        pulse,
        budget,
        producers,
        readers,
        onlookers,
        subscriptions,
        clients,
        served,
        watching,
        appends,
    })
}

/// A failure to reach the brokers, with what the client said of it.
fn with_reason(error: LogError, pulse: &Pulse) -> LogError {
    match (error, pulse.why_not()) {
        (LogError::Broker(doing), Some(why)) => LogError::Broker(format!("{doing} ({why})")),
        (other, _) => other,
    }
}

fn start(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), LogError> {
    let started = std::thread::Builder::new().name(name.to_owned()).spawn(work);
    started.map(drop).map_err(|error| LogError::Broker(format!("no thread for {name}: {error}")))
}

impl KafkaLog {
    fn name(&self, topic: Topic) -> String {
        self.names[topic as usize].clone()
    }

    fn enqueue(
        &self,
        topic: Topic,
        record: Record,
    ) -> Result<oneshot::Receiver<Result<Appended, AppendError>>, AppendError> {
        let size = record.size();
        if size > RECORD_LIMIT {
            return Err(AppendError::TooLarge { size, limit: RECORD_LIMIT });
        }
        if self.pulse.is_closed() {
            return Err(AppendError::Closed);
        }
        if !self.appends {
            return Err(AppendError::Unavailable("it was opened without appends".to_owned()));
        }
        fail::fail_point!("eventlog::before_append", |_| Err(AppendError::Unavailable(
            "failpoint before_append".to_owned()
        )));
        let permit = self.budget.take(size).ok_or(AppendError::Full)?;
        let (reply, answer) = oneshot::channel();
        let encoded = codec::encode(&record);
        let waiter = Waiter::new(permit, reply, size);
        let waiting = Waiting { encoded, value: record.value, waiter };
        self.producers.lane(topic).take(waiting, &self.producers);
        Ok(answer)
    }
}

impl EventLog for KafkaLog {
    fn append(&self, topic: Topic, record: Record) -> BoxFuture<'static, Result<Appended, AppendError>> {
        match self.enqueue(topic, record) {
            Ok(answer) => async move {
                answer.await.unwrap_or_else(|_| Err(AppendError::Unknown("the client stopped".to_owned())))
            }
            .boxed(),
            Err(error) => {
                meters::refused(&error);
                ready(Err(error)).boxed()
            }
        }
    }

    fn subscribe(
        &self,
        topic: Topic,
        positions: Arc<dyn Positions>,
    ) -> BoxFuture<'_, Result<Box<dyn Subscription>, LogError>> {
        async move { self.subscriptions.start(topic, self.name(topic), positions).await }.boxed()
    }

    fn find<'a>(
        &'a self,
        topic: Topic,
        id: &'a str,
        near_ms: i64,
    ) -> BoxFuture<'a, Result<Option<Received>, LogError>> {
        let (name, id) = (self.name(topic), id.to_owned());
        self.onlookers[topic as usize].run(move |reader| looking::find(reader, &name, &id, near_ms)).boxed()
    }

    fn peek<'a>(
        &'a self,
        topic: Topic,
        positions: &'a [(u32, i64)],
        limits: (usize, usize),
    ) -> BoxFuture<'a, Result<Vec<Received>, LogError>> {
        let (name, positions) = (self.name(topic), positions.to_vec());
        self.onlookers[topic as usize]
            .run(move |reader| looking::peek(reader, &name, &positions, limits))
            .boxed()
    }

    fn lag<'a>(&'a self, topic: Topic, positions: &'a [(u32, i64)]) -> BoxFuture<'a, Result<Lag, LogError>> {
        let (name, positions) = (self.name(topic), positions.to_vec());
        self.readers[topic as usize].run(move |reader| looking::lag(reader, &name, &positions)).boxed()
    }

    fn retain(
        &self,
        topic: Topic,
        older_than_ms: i64,
        max_bytes: u64,
    ) -> BoxFuture<'_, Result<Pruned, LogError>> {
        async move {
            // without, the brokers' own retention removes records
            let Some(admin) = &self.clients.admin else { return Ok(Pruned::default()) };
            self.subscriptions.wait_for_leaving().await;
            let name = self.name(topic);
            let applied = self.subscriptions.applied(topic);
            let planned = self.readers[topic as usize].run({
                let name = name.clone();
                move |reader| retention::plan(reader, &name, (older_than_ms, max_bytes), applied)
            });
            let plan = planned.await?;
            if !plan.until.is_empty() {
                retention::remove(admin, &name, &plan).await?;
                meters::pruned_records(topic).increment(plan.pruned.records);
            }
            Ok(plan.pruned)
        }
        .boxed()
    }

    fn health(&self) -> Health {
        let (queued_records, queued_bytes) = self.budget.taken();
        let reason = self.pulse.why_not();
        let partitions = self.subscriptions.partitions(Topic::WebhookEvents);
        Health {
            ready: reason.is_none(),
            reason,
            queued_records,
            queued_bytes,
            partitions,
            ..Health::default()
        }
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.pulse.close();
        async move {
            let (mut served, mut watching) = (self.served.clone(), self.watching.clone());
            // a client that is used while the process ends may crash it: OpenSSL is cleaned up under its threads
            let looking =
                async { tokio::time::timeout(CLOSE, watching.wait_for(|ended| *ended)).await.is_ok() };
            let receiving = self.subscriptions.close(CLOSE);
            let _ = tokio::join!(looking, receiving);
            // An error means that the thread is gone.
            let _ = served.wait_for(|finished| *finished).await;
            self.readers.iter().chain(&self.onlookers).for_each(|readers| readers.close());
        }
        .boxed()
    }
}

impl Drop for KafkaLog {
    fn drop(&mut self) {
        self.pulse.close();
    }
}
