//! Roles apart: gateways, runners and a console as processes of their own, on one Kafka and one PostgreSQL.

use std::time::{Duration, Instant};

use e2e::api::{Api, Project, Sent, wait};
use e2e::cluster::Cluster;
use e2e::ledger::Counter;
use e2e::load::Load;
use e2e::postgres::Server as Postgres;
use e2e::processes;
use e2e::random::seed;
use e2e::sending::{self, Sending};
use e2e::server::Server;
use e2e::verify::Check;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{JSON, accepted, heavy, instances_of, post, skip};

const LONG: Duration = Duration::from_secs(60);

/// A cluster in a folder of its own.
fn cluster(name: &str) -> Option<(TempDir, Cluster)> {
    let home = tempfile::tempdir().unwrap();
    let made = Cluster::new(home.path(), name).unwrap();
    if made.is_none() {
        skip(name, "FOREBAY_TEST_KAFKA and FOREBAY_TEST_POSTGRES are not set");
    }
    made.map(|cluster| (home, cluster))
}

fn start(cluster: &Cluster, name: &str, roles: &str) -> Server {
    cluster.start(name, roles).unwrap()
}

/// The running servers, as the console tells of them.
fn servers(api: &Api) -> Value {
    api.call("GET", "servers", &Sent::Nothing).unwrap().good().unwrap()
}

/// The partitions that the runners hold, each runner's in order.
fn held(api: &Api) -> Vec<Vec<u64>> {
    let told = servers(api);
    let runners = told["items"].as_array().unwrap().iter().filter(|item| {
        item["live"] == true && item["roles"].as_array().unwrap().iter().any(|role| role == "runner")
    });
    runners
        .map(|item| item["partitions"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect())
        .collect()
}

/// Waits until so many runners hold all twelve partitions, each one once and each runner some.
fn wait_for_runners(api: &Api, count: usize) -> Duration {
    let begun = Instant::now();
    let mut last = Vec::new();
    let waited = wait(LONG, "the partitions are not spread over the runners", || {
        last = held(api);
        let mut all: Vec<u64> = last.iter().flatten().copied().collect();
        all.sort_unstable();
        Ok(last.len() == count
            && last.iter().all(|held| !held.is_empty())
            && all == (0..12).collect::<Vec<_>>())
    });
    waited.unwrap_or_else(|error| panic!("{error}: {last:?}"));
    begun.elapsed()
}

#[test]
fn a_change_is_live_on_every_gateway_when_the_console_answers() {
    let _alone = heavy();
    let Some((_home, shared)) = cluster("cluster_change") else { return };
    let console = start(&shared, "console", "console");
    let gateways = [start(&shared, "gateway-1", "gateway"), start(&shared, "gateway-2", "gateway")];
    let runner = start(&shared, "runner", "runner");
    let api = Api::of(&console);
    let project = Project::make(&api, "Cluster").unwrap();
    let webhook = project.webhook("hook", &[&processes::straight, &processes::branching]).unwrap();
    let all = |target: &str| gateways.each_ref().map(|g| post(g.authority(), target, JSON, b"{}").status);
    for gateway in &gateways {
        let event = accepted(gateway.authority(), &webhook.target, br#"{"amount":1}"#);
        instances_of(&api, &project.id, &event, 2);
    }
    for _ in 0..20 {
        let old = project.target(&webhook.trigger).unwrap();
        project.act(&webhook.trigger, "deactivate").unwrap();
        assert_eq!(all(&old), [404, 404]);
        project.act(&webhook.trigger, "activate").unwrap();
        assert_eq!(all(&old), [200, 200]);
        project.act(&webhook.trigger, "reset-api-key").unwrap();
        let new = project.target(&webhook.trigger).unwrap();
        assert_eq!((all(&old), all(&new)), ([401, 401], [200, 200]));
        project.act(&webhook.trigger, "reset-api-key").unwrap();
        assert_eq!(all(&new), [401, 401]);
    }
    let target = project.target(&webhook.trigger).unwrap();
    // who is no gateway has no webhooks, and who is no console no API
    assert_eq!(post(console.authority(), &target, JSON, b"{}").status, 404);
    assert_eq!(post(runner.authority(), &target, JSON, b"{}").status, 404);
    assert_eq!(Api::of(&gateways[0]).call("GET", "me", &Sent::Nothing).unwrap().status, 404);
    let told = servers(&api);
    assert_eq!((&told["gateways"], &told["currentGateways"]), (&2.into(), &2.into()), "{told}");
    assert_eq!(held(&api), [(0..12).collect::<Vec<_>>()]);
    // one that ended well is gone, one that was killed is not waited for after five seconds
    let [first, second] = gateways;
    first.stop().unwrap();
    assert_eq!(servers(&api)["gateways"], 1);
    second.kill();
    wait(LONG, "a killed gateway counts as alive", || Ok(servers(&api)["gateways"] == 0)).unwrap();
    for server in [runner, console] {
        server.stop().unwrap();
    }
}

/// A gateway begins with what it knew last when its store is away, and what it accepts starts when the store is back.
#[test]
fn a_gateway_starts_without_its_store() {
    let _alone = heavy();
    let Some((home, shared)) = cluster("cluster_storeless") else { return };
    let Some(postgres) = Postgres::of_run() else {
        return skip("cluster_storeless", "FOREBAY_TEST_POSTGRES_DIR is not set");
    };
    let everything = start(&shared, "console", "console,runner");
    let api = Api::of(&everything);
    let project = Project::make(&api, "Storeless").unwrap();
    let webhook = project.webhook("hook", &[&processes::straight]).unwrap();
    let gateway = start(&shared, "gateway", "gateway");
    accepted(gateway.authority(), &webhook.target, b"{}");
    let file = home.path().join("gateway/triggers.json");
    let kept = std::fs::read_to_string(&file).unwrap();
    let key = webhook.target.rsplit_once("flowxApiKey=").unwrap().1;
    assert!(!kept.contains(key), "a key is in the file");
    let options = gateway.kill();
    postgres.kill().unwrap();
    let gateway = Server::start(&options).unwrap();
    let event = accepted(gateway.authority(), &webhook.target, b"{\"amount\":2}");
    assert_eq!(
        post(gateway.authority(), "/webhooks/incoming/a/b/c/d?flowxApiKey=x", JSON, b"{}").status,
        404
    );
    // without the file there is nothing to judge by: no request is taken, none is refused for good
    let stranger = shared.options("stranger", "gateway");
    let mut child = stranger.spawn().unwrap();
    let address = || e2e::server::authority(&stranger.address_file());
    wait(LONG, "the gateway without a file did not start", || Ok(address().is_some())).unwrap();
    assert_eq!(post(&address().unwrap(), &webhook.target, JSON, b"{}").status, 503);
    assert_eq!(e2e::server::readiness(&address().unwrap()).unwrap(), 503);
    postgres.start_again().unwrap();
    instances_of(&api, &project.id, &event, 1);
    wait(LONG, "the gateway never read its store", || {
        Ok(post(&address().unwrap(), &webhook.target, JSON, b"{}").status == 200)
    })
    .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    // a change reaches it again
    wait(LONG, "the gateway does not hear of changes", || {
        project.act(&webhook.trigger, "deactivate")?;
        Ok(post(gateway.authority(), &webhook.target, JSON, b"{}").status == 404)
    })
    .unwrap();
    gateway.stop().unwrap();
    everything.stop().unwrap();
}

/// Runners come, are killed, leave in order, and gateways too, under load: everything is started, nothing twice.
#[test]
fn runners_and_gateways_come_and_go_under_load() {
    let _alone = heavy();
    let Some((home, shared)) = cluster("cluster_rolling") else { return };
    let console = start(&shared, "console", "console");
    let api = Api::of(&console);
    let gateway = start(&shared, "gateway", "gateway");
    let first = start(&shared, "runner-1", "runner");
    let project = Project::make(&api, "Rolling").unwrap();
    let webhook = project.webhook("hook", &[&processes::straight, &processes::branching]).unwrap();
    let load = Load {
        address_file: gateway.options().address_file(),
        target: webhook.target.clone(),
        connections: 32,
        seed: seed("rolling"),
        first: 0,
        events: 1_000_000,
        rate: 1_500,
        ledger: home.path().join("ledger"),
    };
    let mut counter = Counter::new(&load.ledger);
    let mut sending = Sending::start(&load).unwrap();
    sending.reach(&mut counter, 1_500).unwrap();
    let second = start(&shared, "runner-2", "runner");
    let joined = wait_for_runners(&api, 2);
    sending.reach(&mut counter, 1_500).unwrap();
    let killed = second.kill();
    let taken = wait_for_runners(&api, 1);
    sending.reach(&mut counter, 1_500).unwrap();
    let second = Server::start(&killed).unwrap();
    wait_for_runners(&api, 2);
    first.stop().unwrap();
    let left = wait_for_runners(&api, 1);
    let options = gateway.stop().unwrap();
    let gateway = Server::start(&options).unwrap();
    sending.reach(&mut counter, 1_500).unwrap();
    let gateway = Server::start(&gateway.kill()).unwrap();
    sending.reach(&mut counter, 1_500).unwrap();
    let summary = sending.stop().unwrap();
    let check = Check::of(&load, &project, &webhook);
    let runner = second.options().address_file();
    let verdict = sending::verify_apart(&console.options().address_file(), &runner, &check).unwrap();
    eprintln!("rolling: joined {joined:?}, taken over {taken:?}, left {left:?}: {summary:?} {verdict:?}");
    assert!(verdict.is_good(), "{verdict:?}");
    assert_eq!(verdict.instances, 2 * (verdict.accepted + verdict.unknown));
    assert!(summary.accepted >= 7_000, "{summary:?}");
    for server in [gateway, second, console] {
        server.stop().unwrap();
    }
}
