//! Bar 9: one event in a hundred is poison, of every kind; the others are not held up.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use e2e::api::Api;
use e2e::processes::{self, FAULTS};
use e2e::server::{Options, Server};
use e2e::wire::Connection;

use crate::support::{JSON, LONG, accepted, heavy, home, parts, project};

const EVENTS: usize = 3_000;

#[test]
fn the_poisoned_fail_with_a_cause_and_the_others_start() {
    let _alone = heavy();
    let (_home, options) = home();
    poisoned(&options);
}

/// The same where events come in twelve partitions and are stored in PostgreSQL.
#[test]
fn the_poisoned_fail_with_a_cause_and_the_others_start_on_kafka() {
    let _alone = heavy();
    let Some((_database, parts)) = parts("poison_on_kafka") else { return };
    let (_home, options) = home();
    poisoned(&options.envs(&parts));
}

fn poisoned(options: &Options) {
    let server = Server::start(options).unwrap();
    let api = Api::of(&server);
    let project = project(&api, "Poison");
    let webhook = project.webhook("hook", &[&processes::poison]).unwrap();
    let mut connection = Connection::open(server.authority(), LONG).unwrap();
    let mut poisoned = BTreeMap::new();
    let mut last = String::new();
    for at in 0..EVENTS {
        let fault = (at % 100 == 50).then(|| FAULTS[at / 100 % FAULTS.len()]);
        let body =
            fault.map_or_else(|| format!(r#"{{"n":{at}}}"#), |fault| format!(r#"{{"fault":"{fault}"}}"#));
        connection.send(&Connection::request("POST", &webhook.target, JSON, body.as_bytes())).unwrap();
        let answer = connection.answer().unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
        last = answer.event_id().unwrap();
        if let Some(fault) = fault {
            poisoned.insert(last.clone(), fault);
        }
    }
    let begun = Instant::now();
    api.wait_past(&project.id, &last, Duration::from_secs(60)).unwrap();
    eprintln!("poison: drained {:?} after the last event", begun.elapsed());
    let good = api.instances(&project.id).unwrap().iter().filter(|i| i.status == "completed").count();
    assert_eq!(good, EVENTS - poisoned.len());
    let failed = api.failed_triggers(&project.id).unwrap();
    for (event, fault) in &poisoned {
        let rows: Vec<_> = failed.iter().filter(|row| row.event_id == *event).collect();
        assert_eq!(rows.len(), 1, "{fault}: {rows:?}");
        assert_eq!(rows[0].stage, "start", "{fault}");
        assert!(!rows[0].cause.is_empty() && !rows[0].cause_code.is_empty(), "{fault}: {:?}", rows[0]);
    }
    assert_eq!(failed.len(), poisoned.len());
    for fault in FAULTS {
        let event = poisoned.iter().find(|(_, kind)| **kind == fault).map(|(event, _)| event).unwrap();
        let row = failed.iter().find(|row| row.event_id == *event).unwrap();
        eprintln!("poison: {fault}: {}: {}", row.cause_code, row.cause);
    }
    // a restart does not loop over them
    let options = server.kill();
    let server = Server::start(&options).unwrap();
    let api = Api::of(&server);
    let after = accepted(server.authority(), &webhook.target, b"{}");
    api.wait_past(&project.id, &after, LONG).unwrap();
    assert_eq!(api.failed_triggers(&project.id).unwrap().len(), poisoned.len());
    let good = api.instances(&project.id).unwrap().iter().filter(|i| i.status == "completed").count();
    assert_eq!(good, EVENTS - poisoned.len() + 1);
}
