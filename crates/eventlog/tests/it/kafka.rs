//! The conformance suite over the Kafka driver, on a real broker.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use eventlog::kafka::{KafkaLog, Options, Topics};
use eventlog::{BoxFuture, EventLog, Topic};
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer as _};

use crate::harness::{Harness, TOPIC, append, conformance_cases, earliest, record, within};
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
