//! What an administrator or a fault does to the topics behind Forebay's back: made anew, grown, their group forgotten,
//! a broker that stands still, one of three brokers that dies.

use std::time::Duration;

use e2e::api::{Api, Project, Webhook, wait};
use e2e::kafka::{Brokers, Topics};
use e2e::ledger::Counter;
use e2e::load::{Load, Summary};
use e2e::postgres::Database;
use e2e::processes;
use e2e::random::seed;
use e2e::sending::{self, Sending};
use e2e::server::{Options, Server, is_ready};
use e2e::verify::{Check, Verdict};
use tempfile::TempDir;

use crate::support::{heavy, home, skip};

/// One process on topics and a database of its own, with a webhook, and what was sent to it.
struct World {
    options: Options,
    topics: Topics,
    _database: Database,
    project: Project,
    webhook: Webhook,
    home: TempDir,
    seed: u64,
}

impl World {
    fn new(name: &str, brokers: Option<&Brokers>) -> Option<Self> {
        let topics = brokers.map_or_else(|| Topics::new(name), |brokers| Some(brokers.topics(name)));
        let (Some(topics), Some(database)) = (topics, Database::new(name).unwrap()) else {
            skip(name, "FOREBAY_TEST_KAFKA and FOREBAY_TEST_POSTGRES are not set");
            return None;
        };
        let (home, options) = home();
        let options = options.envs(&topics.log()).envs(&[database.store()]);
        let server = Server::start(&options).unwrap();
        let project = Project::make(&Api::of(&server), name).unwrap();
        let webhook = project.webhook("hook", &[&processes::straight, &processes::branching]).unwrap();
        server.stop().unwrap();
        Some(Self { options, topics, _database: database, project, webhook, home, seed: seed(name) })
    }

    /// Only the gateway and the console: what is posted stays in the log.
    fn without_runner(&self) -> Options {
        self.options.clone().config("roles = [\"gateway\", \"console\"]\n")
    }

    fn load(&self, first: u64, events: u64, rate: u64) -> Load {
        Load {
            address_file: self.options.address_file(),
            target: self.webhook.target.clone(),
            connections: 16,
            seed: self.seed,
            first,
            events,
            rate,
            ledger: self.home.path().join("ledger"),
        }
    }

    /// What became of everything that was sent; with the server's last words where that cannot be told.
    fn verdict(&self, server: &Server) -> Verdict {
        let check = Check::of(&self.load(0, 0, 0), &self.project, &self.webhook);
        let found = sending::verify(&self.options.address_file(), &check);
        found.unwrap_or_else(|error| panic!("{error}\n{}", server.log_tail()))
    }

    fn post(&self, first: u64, events: u64) -> Summary {
        let sent = Sending::start(&self.load(first, events, 0)).unwrap().wait().unwrap();
        assert_eq!(sent.accepted, events, "{sent:?}");
        sent
    }
}

/// The positions in the store are those of a log that is gone. The new one has more records than they say, so that
/// nothing but the id of the last record tells the difference.
#[test]
fn a_topic_made_anew_with_more_records_than_before_is_started_whole() {
    let _alone = heavy();
    let Some(world) = World::new("topic_anew", None) else { return };
    let server = Server::start(&world.options).unwrap();
    world.post(0, 600);
    Api::of(&server).wait_drained(Duration::from_secs(60)).unwrap();
    server.stop().unwrap();
    world.topics.delete("webhook-events").unwrap();
    // the next start makes it anew
    let server = Server::start(&world.without_runner()).unwrap();
    world.post(600, 3_000);
    server.stop().unwrap();
    let server = Server::start(&world.options).unwrap();
    let verdict = world.verdict(&server);
    eprintln!("topic made anew: {verdict:?}");
    assert!(verdict.is_good(), "{verdict:?}\n{}", server.log_tail());
    assert_eq!((verdict.accepted, verdict.instances), (3_600, 7_200));
    server.stop().unwrap();
}

/// The same under a process that runs: an administrator makes the topic anew, and whoever fetches goes on where it was, in a
/// log that has other records there. (Who waits for an append to make it may wait for ever: a process that saw that
/// the topic is gone appends nothing.)
#[test]
fn a_topic_made_anew_under_a_running_process_is_started_whole() {
    let _alone = heavy();
    let Some(world) = World::new("topic_swapped", None) else { return };
    let server = Server::start(&world.options).unwrap();
    world.post(0, 600);
    Api::of(&server).wait_drained(Duration::from_secs(60)).unwrap();
    let partitions = world.topics.partitions("webhook-events").unwrap();
    world.topics.delete("webhook-events").unwrap();
    world.topics.make("webhook-events", partitions).unwrap();
    // far more than before, as fast as it goes: some are answered 503 until the process sees the topic
    let sent = Sending::start(&world.load(600, 20_000, 0)).unwrap().wait().unwrap();
    let verdict = world.verdict(&server);
    eprintln!("topic made anew under a running process: {sent:?} {verdict:?}");
    assert!(verdict.is_good(), "{verdict:?}\n{}", server.log_tail());
    assert!(sent.accepted > 5_000, "{sent:?}");
    server.stop().unwrap();
}

/// Positions stand in the store: the group's own offsets mean nothing. And new partitions are used and received from
/// their beginning, not from where they are when somebody notices them.
#[test]
fn a_forgotten_group_and_new_partitions_lose_and_double_nothing() {
    let _alone = heavy();
    let Some(world) = World::new("topic_grown", None) else { return };
    let server = Server::start(&world.options).unwrap();
    world.post(0, 600);
    Api::of(&server).wait_drained(Duration::from_secs(60)).unwrap();
    server.stop().unwrap();
    world.topics.forget_group().unwrap();
    let server = Server::start(&world.options).unwrap();
    let mut counter = Counter::new(&world.home.path().join("ledger"));
    let mut sending = Sending::start(&world.load(600, 1_000_000, 800)).unwrap();
    sending.reach(&mut counter, 800).unwrap();
    world.topics.grow("webhook-events", 18).unwrap();
    assert_eq!(world.topics.partitions("webhook-events").unwrap(), 18);
    let api = Api::of(&server);
    // the runner says which partitions it holds: the new ones are among them
    let mut servers = serde_json::Value::Null;
    let taken = wait(Duration::from_secs(100), "nobody takes the new partitions", || {
        servers = api.get("servers")?;
        Ok(servers["items"][0]["partitions"].as_array().is_some_and(|held| held.len() == 18))
    });
    taken.unwrap_or_else(|error| panic!("{error}: {servers}\n{}", server.log_tail()));
    sending.reach(&mut counter, 3_000).unwrap();
    let summary = sending.stop().unwrap();
    let verdict = world.verdict(&server);
    eprintln!("group forgotten, partitions added: {summary:?} {verdict:?}");
    assert!(verdict.is_good(), "{verdict:?}\n{}", server.log_tail());
    assert_eq!(verdict.instances, 2 * (verdict.accepted + verdict.unknown));
    server.stop().unwrap();
}

/// A broker that stands still with its connections open: 503 within the deadline, and all is well when it goes on.
#[test]
fn a_broker_that_stands_still_costs_answers_and_no_event() {
    let _alone = heavy();
    let Some(world) = World::new("broker_still", None) else { return };
    let Some(broker) = Brokers::of_run() else {
        return skip("broker_still", "FOREBAY_TEST_KAFKA_DIR is not set");
    };
    let server = Server::start(&world.options).unwrap();
    let mut counter = Counter::new(&world.home.path().join("ledger"));
    let mut sending = Sending::start(&world.load(0, 1_000_000, 800)).unwrap();
    sending.reach(&mut counter, 1_500).unwrap();
    broker.freeze(1, true).unwrap();
    // answered all the same, each within the deadline: 16 connections, so three answers each
    sending.reach(&mut counter, 48).unwrap();
    let is_known =
        wait(Duration::from_secs(60), "readiness does not tell", || Ok(!is_ready(server.authority())));
    broker.freeze(1, false).unwrap();
    is_known.unwrap();
    wait(Duration::from_secs(60), "webhooks are not taken", || Ok(is_ready(server.authority()))).unwrap();
    sending.reach(&mut counter, 1_500).unwrap();
    let summary = sending.stop().unwrap();
    let verdict = world.verdict(&server);
    eprintln!("broker stood still: {summary:?} {verdict:?}");
    assert!(verdict.is_good(), "{verdict:?}\n{}", server.log_tail());
    assert_eq!(summary.unanswered, 0, "{summary:?}");
    assert!(summary.other.get(&503).is_some_and(|count| *count > 0), "it was never missed: {summary:?}");
    server.stop().unwrap();
}

/// Three brokers, two replicas in sync: one of them is killed, another leads its partitions, and it comes back.
#[test]
fn one_of_three_brokers_is_killed_and_nothing_is_lost_or_doubled() {
    let _alone = heavy();
    if std::env::var_os("FOREBAY_TEST_KAFKA").is_none() {
        return skip("three_brokers", "FOREBAY_TEST_KAFKA is not set");
    }
    let folder = tempfile::tempdir().unwrap();
    let brokers = Brokers::start(&folder.path().join("kafka"), 3).unwrap();
    let Some(world) = World::new("three_brokers", Some(&brokers)) else { return };
    let server = Server::start(&world.options).unwrap();
    let mut counter = Counter::new(&world.home.path().join("ledger"));
    let mut sending = Sending::start(&world.load(0, 1_000_000, 300)).unwrap();
    for node in 1..=2 {
        sending.reach(&mut counter, 600).unwrap();
        brokers.kill(node).unwrap();
        // while it is away
        sending.reach(&mut counter, 600).unwrap();
        brokers.start_again().unwrap();
    }
    sending.reach(&mut counter, 600).unwrap();
    let summary = sending.stop().unwrap();
    let verdict = world.verdict(&server);
    eprintln!("one of three brokers killed, twice: {summary:?} {verdict:?}");
    assert!(verdict.is_good(), "{verdict:?}\n{}", server.log_tail());
    assert!(summary.accepted >= 2_000, "{summary:?}");
    server.stop().unwrap();
}
