//! An installation that grows out of its embedded log: `event_log.kind` becomes `kafka`, on the same store.

use std::time::Duration;

use e2e::api::{Api, Project};
use e2e::kafka::Topics;
use e2e::processes;
use e2e::server::{Options, Server};

use crate::support::{accepted, home, instances_of, skip};

const PATIENCE: Duration = Duration::from_secs(60);

/// What was answered 200 waits in the embedded log: Forebay does not start on brokers until it has been started.
#[test]
fn brokers_are_refused_while_events_wait_in_the_embedded_log() {
    let Some(topics) = Topics::new("log_changed") else {
        return skip("log_changed", "FOREBAY_TEST_KAFKA is not set");
    };
    let (_home, embedded) = home();
    let on_brokers = embedded.clone().envs(&topics.log());

    let server = start(&embedded);
    let mut project = Project::make(&Api::of(&server), "Growing").unwrap();
    let webhook = project.webhook("hook", &[&processes::straight]).unwrap();
    let first = accepted(server.authority(), &webhook.target, b"{\"n\":1}");
    instances_of(&project.api, &project.id, &first, 1);
    server.stop().unwrap();

    // nobody starts what comes now
    let server = start(&embedded.clone().config("roles = [\"gateway\", \"console\"]\n"));
    let waiting: Vec<_> =
        (2..5).map(|n| accepted(server.authority(), &webhook.target, format!("{n}").as_bytes())).collect();
    server.stop().unwrap();
    let refusal = Server::start(&on_brokers).expect_err("it started on brokers").to_string();
    assert!(refusal.contains("3 records wait in") && refusal.contains("events.sqlite"), "{refusal}");
    assert!(refusal.contains("exit status: 78"), "{refusal}");

    // what it says helps
    let server = start(&embedded.clone().config("roles = [\"runner\", \"console\"]\n"));
    Api::of(&server).wait_drained(PATIENCE).unwrap();
    server.stop().unwrap();
    for n in 5..7 {
        let server = start(&on_brokers);
        project.api = Api::of(&server);
        for event in waiting.iter().chain([&first]) {
            instances_of(&project.api, &project.id, event, 1);
        }
        let later = accepted(server.authority(), &webhook.target, format!("{n}").as_bytes());
        instances_of(&project.api, &project.id, &later, 1);
        // again: the store's positions are those of the brokers now
        server.stop().unwrap();
    }
}

fn start(options: &Options) -> Server {
    Server::start(options).unwrap()
}
