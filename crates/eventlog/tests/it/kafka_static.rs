//! Static membership: a member that is back within its session has its partitions again, and the others never stop.

use std::sync::Arc;
use std::time::Duration;

use eventlog::kafka::{Options, Topics};
use eventlog::{EventLog, Subscription};

use crate::harness::{TOPIC, earliest, within};
use crate::kafka::{Kafka, bootstrap};

/// One that receives.
struct Member {
    log: Arc<dyn EventLog>,
    subscription: Box<dyn Subscription>,
}

impl Member {
    async fn join(options: &Options, instance: Option<&str>) -> Self {
        let options = Options { instance: instance.map(str::to_owned), ..options.clone() };
        let log: Arc<dyn EventLog> = Arc::new(eventlog::kafka::open(options).await.unwrap());
        let subscription = log.subscribe(TOPIC, earliest()).await.unwrap();
        Self { log, subscription }
    }

    fn partitions(&self) -> Vec<u32> {
        self.log.health().partitions
    }

    async fn leave(self) {
        drop(self.subscription);
        within(self.log.close()).await;
    }
}

async fn until(what: impl Fn() -> bool) {
    within(async {
        while !what() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

fn place(bootstrap: &str) -> Options {
    let options = Kafka::new(bootstrap).options;
    Options { topics: Topics { partitions: 12, ..options.topics }, ..options }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_within_the_session_moves_no_partition() {
    let Some(bootstrap) = bootstrap("kafka_static") else { return };
    let options = place(&bootstrap);
    let stays = Member::join(&options, Some("a")).await;
    let leaves = Member::join(&options, Some("b")).await;
    until(|| stays.partitions().len() == 6 && leaves.partitions().len() == 6).await;
    let (kept, before) = (stays.partitions(), leaves.partitions());
    leaves.leave().await;
    assert_eq!(stays.partitions(), kept);
    let back = Member::join(&options, Some("b")).await;
    until(|| {
        assert_eq!(stays.partitions(), kept, "a partition moved");
        back.partitions() == before
    })
    .await;
    back.leave().await;
    stays.leave().await;
}

/// The control: without a name the others take over at once what one that leaves had.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_name_a_leaving_member_gives_its_partitions_away() {
    let Some(bootstrap) = bootstrap("kafka_dynamic") else { return };
    let options = place(&bootstrap);
    let stays = Member::join(&options, None).await;
    let leaves = Member::join(&options, None).await;
    until(|| stays.partitions().len() == 6 && leaves.partitions().len() == 6).await;
    leaves.leave().await;
    until(|| stays.partitions().len() == 12).await;
    stays.leave().await;
}
