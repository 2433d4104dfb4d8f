//! The conformance suite over the Kafka driver, on a real broker.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use eventlog::kafka::{KafkaLog, Options, Topics};
use eventlog::{BoxFuture, EventLog, Lag, Position, PositionError, Positions, Topic};
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer};
use tokio::sync::Notify;

use crate::harness::{
    DEADLINE, Harness, TOPIC, append, conformance_cases, earliest, receive, record, within,
};
use crate::{conformance, conformance_limits, conformance_positions};

/// The broker of this test run; says that the test is skipped where there is none.
pub(crate) fn bootstrap(test: &str) -> Option<String> {
    let address = std::env::var("FOREBAY_TEST_KAFKA").ok().filter(|address| !address.is_empty());
    if address.is_none() {
        println!("skipped: {test}: no FOREBAY_TEST_KAFKA (.ci/kafka start)");
    }
    address
}

/// Topics of their own on the broker.
pub(crate) struct Kafka {
    pub(crate) options: Options,
}

impl Kafka {
    pub(crate) fn new(bootstrap: &str) -> Self {
        let own = uuid::Uuid::now_v7().simple();
        let topics = Topics {
            partitions: 1,
            replication: 1,
            min_insync_replicas: 1,
            accept_unsafe: true,
            ..Topics::default()
        };
        Self {
            options: Options {
                bootstrap: bootstrap.to_owned(),
                topic_prefix: format!("t-{own}."),
                group: format!("g-{own}"),
                topics,
                // ten times what is expected of a broker beside other work
                message_timeout: Duration::from_secs(20),
                ..Options::default()
            },
        }
    }

    pub(crate) async fn log(&self) -> KafkaLog {
        eventlog::kafka::open(self.options.clone()).await.unwrap()
    }

    pub(crate) fn topic(&self, topic: Topic) -> String {
        topic.name().replacen("forebay.", &self.options.topic_prefix, 1)
    }

    pub(crate) fn admin(&self) -> AdminClient<DefaultClientContext> {
        ClientConfig::new().set("bootstrap.servers", &self.options.bootstrap).create().unwrap()
    }

    /// Deletes the topics and waits until they are gone.
    pub(crate) async fn delete(&self) {
        let admin = self.admin();
        let names = Topic::ALL.map(|topic| self.topic(topic));
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        admin.delete_topics(&names, &AdminOptions::new()).await.unwrap();
        within(async {
            for name in names {
                // An admin client's question would make the topic anew.
                let looker: BaseConsumer =
                    ClientConfig::new().set("bootstrap.servers", &self.options.bootstrap).create().unwrap();
                let is_there = || {
                    let metadata = looker.fetch_metadata(Some(name), Duration::from_secs(5)).unwrap();
                    metadata.topics()[0].error().is_none()
                };
                while is_there() {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        })
        .await;
    }
}

impl Harness for Kafka {
    fn open(&mut self) -> BoxFuture<'_, Arc<dyn EventLog>> {
        Box::pin(async { Arc::new(self.log().await) as Arc<dyn EventLog> })
    }

    fn open_narrow(&mut self, queue_records: usize) -> BoxFuture<'_, Arc<dyn EventLog>> {
        Box::pin(async move {
            let options = Options { queue_records, ..self.options.clone() };
            Arc::new(eventlog::kafka::open(options).await.unwrap()) as Arc<dyn EventLog>
        })
    }

    fn wipe(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(self.delete())
    }
}

macro_rules! tests {
    ($($module:ident: $($case:ident)*;)*) => {$($(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $case() {
            if let Some(bootstrap) = bootstrap(concat!("kafka::", stringify!($case))) {
                $module::$case(&mut Kafka::new(&bootstrap)).await;
            }
        }
    )*)*};
}

conformance_cases!(tests);

/// Everything that is received is proven by a record that is read again, so that must be quick: with librdkafka's default
/// of `fetch.queue.backoff.ms` each took 0.3 s. A few milliseconds are expected.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_record_is_read_quickly() {
    let Some(bootstrap) = bootstrap("kafka::one_record_is_read_quickly") else { return };
    let log: Arc<dyn EventLog> = Arc::new(Kafka::new(&bootstrap).log().await);
    for number in 0..50 {
        append(&log, &record(format!("{number}"))).await;
    }
    let read = async {
        for offset in (0..50).cycle().take(200) {
            let found = log.peek(TOPIC, &[(0, offset)], (1, 1024 * 1024)).await.unwrap();
            assert_eq!(found[0].offset, offset);
        }
    };
    tokio::time::timeout(Duration::from_secs(10), read).await.expect("200 reads in 10 s");
    log.close().await;
}

/// Those who apply several partitions at once get what is there of each, in order, and nothing twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_arrived_of_other_partitions_is_taken_without_waiting() {
    let Some(bootstrap) = bootstrap("kafka::what_arrived_of_other_partitions_is_taken_without_waiting")
    else {
        return;
    };
    let mut kafka = Kafka::new(&bootstrap);
    kafka.options.topics.partitions = 4;
    let log: Arc<dyn EventLog> = Arc::new(kafka.log().await);
    let mut sent: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
    for number in 0..200 {
        let appended = log.append(TOPIC, record(format!("{number}"))).await.unwrap();
        sent.entry(appended.partition).or_default().push(appended.offset);
    }
    assert_eq!(sent.len(), 4, "every partition has some");
    let mut subscription = log.subscribe(TOPIC, earliest()).await.unwrap();
    let mut turn = vec![within(subscription.receive(7, 1 << 20)).await.unwrap()];
    let first = turn[0].partition;
    // those of another partition come by themselves
    let other = within(async {
        loop {
            match subscription.arrived(&[first], 5, 1 << 20) {
                Some(other) => break other,
                None => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    });
    turn.push(other.await);
    assert_ne!(turn[1].partition, first);
    let mut received: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
    loop {
        for batch in turn {
            let offsets = batch.records.iter().map(|received| received.offset);
            received.entry(batch.partition).or_default().extend(offsets);
        }
        if received.values().map(Vec::len).sum::<usize>() == 200 {
            break;
        }
        turn = vec![within(subscription.receive(7, 1 << 20)).await.unwrap()];
        let mut seen = vec![turn[0].partition];
        while let Some(batch) = subscription.arrived(&seen, 5, 1 << 20) {
            assert!(!seen.contains(&batch.partition) && (1..=5).contains(&batch.records.len()));
            seen.push(batch.partition);
            turn.push(batch);
        }
    }
    assert_eq!(received, sent);
    assert!(subscription.arrived(&[], 5, 1 << 20).is_none());
    log.close().await;
    assert!(subscription.arrived(&[], 5, 1 << 20).is_none());
}

/// A store that tells its position when it is told to.
struct Slow {
    position: Position,
    asked: Notify,
    goes_on: Notify,
}

impl Positions for Slow {
    fn load(&self, _: Topic, _: u32) -> BoxFuture<'_, Result<Option<Position>, PositionError>> {
        Box::pin(async {
            self.asked.notify_one();
            self.goes_on.notified().await;
            Ok(Some(self.position.clone()))
        })
    }
}

/// A topic was deleted and made anew with more records than before. What the group remembers is of the old one, and
/// nothing of the new one is applied: none of it may go, not even before the position was judged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retention_does_not_believe_what_the_group_remembers_of_a_deleted_topic() {
    let Some(bootstrap) = bootstrap("kafka::retention_of_a_new_topic") else { return };
    let kafka = Kafka::new(&bootstrap);
    let log: Arc<dyn EventLog> = Arc::new(kafka.log().await);
    let old: Vec<_> = (0..30).map(|n| record(format!("old {n}"))).collect();
    for record in &old {
        append(&log, record).await;
    }
    let mut subscription = log.subscribe(TOPIC, earliest()).await.unwrap();
    receive(&mut *subscription, 30).await;
    subscription.committed(0, 30);
    drop(subscription);
    log.close().await;
    drop(log);
    kafka.delete().await;

    let log: Arc<dyn EventLog> = Arc::new(kafka.log().await);
    let new: Vec<_> = (0..60).map(|n| record(format!("new {n}"))).collect();
    for record in &new {
        append(&log, record).await;
    }
    let position = Position { next_offset: 30, last_id: Some(old[29].id.clone()) };
    let store = Arc::new(Slow { position, asked: Notify::new(), goes_on: Notify::new() });
    let subscribing = {
        let (log, store) = (Arc::clone(&log), Arc::clone(&store));
        tokio::spawn(async move { log.subscribe(TOPIC, store).await.unwrap() })
    };
    within(store.asked.notified()).await;
    assert_eq!(log.retain(TOPIC, i64::MAX, 0).await.unwrap().records, 0);
    store.goes_on.notify_one();
    let mut subscription = within(subscribing).await.unwrap();
    assert_eq!(subscription.resets(), 1);
    assert_eq!(receive(&mut *subscription, 60).await, new);
    assert_eq!(log.retain(TOPIC, i64::MAX, 0).await.unwrap().records, 0, "received is not applied");
    subscription.committed(0, 60);
    assert_eq!(log.retain(TOPIC, i64::MAX, 0).await.unwrap().records, 59, "the newest stays");
    log.close().await;
}

/// Another producer's transaction holds back what comes after it, as Kafka wants it. What was acknowledged is seen all the
/// same; and what a transaction leaves behind, its mark and what it gave up, is nothing that waits.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_transaction_hides_nothing_and_an_ended_one_is_no_lag() {
    let Some(bootstrap) = bootstrap("kafka::transactions") else { return };
    let kafka = Kafka::new(&bootstrap);
    let log: Arc<dyn EventLog> = Arc::new(kafka.log().await);
    let other = {
        let (topic, bootstrap) = (kafka.topic(TOPIC), bootstrap.clone());
        let begun = tokio::task::spawn_blocking(move || {
            let mut config = ClientConfig::new();
            config.set("bootstrap.servers", &bootstrap).set("transactional.id", &topic);
            let producer: ThreadedProducer<DefaultProducerContext> = config.create().unwrap();
            producer.init_transactions(DEADLINE).unwrap();
            producer.begin_transaction().unwrap();
            producer
                .send(BaseRecord::<(), _>::to(&topic).payload("given up"))
                .map_err(|(error, _)| error)
                .unwrap();
            producer.flush(DEADLINE).unwrap();
            producer
        });
        begun.await.unwrap()
    };
    let waiting = record("behind it");
    assert_eq!(append(&log, &waiting).await, 1);
    let found = log.find(TOPIC, &waiting.id, waiting.time).await.unwrap();
    assert_eq!(found.map(|found| found.record.value), Some(waiting.value.clone()));
    tokio::task::spawn_blocking(move || other.abort_transaction(DEADLINE).unwrap()).await.unwrap();
    let mut subscription = log.subscribe(TOPIC, earliest()).await.unwrap();
    assert_eq!(receive(&mut *subscription, 1).await, [waiting]);
    // offset 2 is the mark of the end
    assert_eq!(log.lag(TOPIC, &[(0, 2)]).await.unwrap(), Lag { records: 0, oldest_ms: None });
    log.close().await;
}
