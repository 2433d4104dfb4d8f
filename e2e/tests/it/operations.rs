//! Work on many failed triggers, with `kill -9` in the middle of it.

use std::collections::BTreeMap;
use std::time::Duration;

use e2e::api::{Api, Project, Sent, wait};
use e2e::processes;
use e2e::server::{Options, Server};
use e2e::wire::Connection;
use serde_json::{Value, json};

use crate::support::{JSON, LONG, heavy, home, project};

const EVENTS: usize = 2_000;

/// A store in which every event has failed, and a process that is mended by now.
struct Mended {
    project: Project,
    events: Vec<String>,
}

fn mended(server: &Server) -> Mended {
    let api = Api::of(server);
    let project = project(&api, "Bulk");
    let broken = |source: &str| processes::script(source, "throw new Error('no')");
    let webhook = project.webhook("hook", &[&broken]).unwrap();
    let mut events = Vec::new();
    std::thread::scope(|scope| {
        let (authority, target) = (server.authority(), webhook.target.as_str());
        let senders: Vec<_> = (0..8).map(|_| scope.spawn(move || post(authority, target))).collect();
        for sender in senders {
            events.extend(sender.join().unwrap());
        }
    });
    api.wait_drained(Duration::from_secs(120)).unwrap();
    assert_eq!(api.failed_triggers(&project.id).unwrap().len(), EVENTS);
    let good = processes::script(&webhook.data_source, "output.done = true");
    project.save(&webhook.definitions[0], &good).unwrap().good().unwrap();
    project.commit("Mend it").unwrap().good().unwrap();
    Mended { project, events }
}

/// An eighth of the events, one after the other on one connection.
fn post(authority: &str, target: &str) -> Vec<String> {
    let mut connection = Connection::open(authority, LONG).unwrap();
    let one = |_| {
        connection.send(&Connection::request("POST", target, JSON, b"{\"n\":1.10}")).unwrap();
        connection.answer().unwrap().event_id().expect("an eventId")
    };
    (0..EVENTS / 8).map(one).collect()
}

fn ask(project: &Project, verb: &str) -> String {
    let filter = json!({ "filter": { "stage": "start", "causeCode": "script-failed" } });
    let made = project.api.post(&project.path(&format!("failed-triggers/{verb}")), filter).unwrap();
    assert_eq!(made["total"], EVENTS);
    made["id"].as_str().unwrap().to_owned()
}

fn operation(project: &Project, id: &str) -> Value {
    project.api.get(&project.path(&format!("operations/{id}"))).unwrap()
}

/// Waits until the operation has come so far; then kills the process and starts it again.
fn kill_half_way(server: Server, options: &Options, project: &mut Project, id: &str) -> Server {
    wait(LONG, "the operation does not begin", || {
        Ok(project.api.failed_triggers(&project.id)?.iter().filter(|f| f.is_retried()).count() > EVENTS / 10)
    })
    .unwrap();
    server.kill();
    let server = Server::start(options).unwrap();
    project.api = Api::of(&server);
    let state = operation(project, id);
    assert!(state["done"].as_i64().unwrap() < EVENTS as i64, "killed too late: {state}");
    server
}

/// What is wrong after an operation: events without or with several live instances, and an operation that does not
/// say what it did.
fn faults(project: &Project, events: &[String], id: &str) -> Vec<String> {
    let mut live: BTreeMap<&str, usize> = events.iter().map(|event| (event.as_str(), 0)).collect();
    let instances = project.api.instances(&project.id).unwrap();
    for instance in instances.iter().filter(|instance| instance.status == "completed") {
        *live.get_mut(instance.event_id.as_deref().unwrap()).unwrap() += 1;
    }
    let mut faults = Vec::new();
    let (none, several) =
        (live.values().filter(|n| **n == 0).count(), live.values().filter(|n| **n > 1).count());
    if none + several > 0 {
        faults.push(format!("{none} events were not started, {several} more than once"));
    }
    let goes_on = instances.iter().filter(|i| matches!(i.status.as_str(), "active" | "incident")).count();
    if goes_on > 0 {
        faults.push(format!("{goes_on} instances beside them"));
    }
    let retried = project.api.failed_triggers(&project.id).unwrap();
    let retried = retried.iter().filter(|failed| failed.is_retried()).count();
    let said = operation(project, id);
    if said["done"] != retried || said["passedOver"] != 0 || said["failed"] != 0 {
        faults.push(format!("{retried} were retried, and the operation says {said}"));
    }
    faults
}

fn ended(project: &Project, id: &str) -> Value {
    let patience = Duration::from_secs(180);
    wait(patience, "the operation does not end", || Ok(operation(project, id)["finishedAt"].is_string()))
        .unwrap();
    operation(project, id)
}

#[test]
fn a_group_is_retried_once_with_the_process_killed_half_way() {
    let _alone = heavy();
    let (_home, options) = home();
    let server = Server::start(&options).unwrap();
    let Mended { mut project, events } = mended(&server);
    let id = ask(&project, "retry");
    let _server = kill_half_way(server, &options, &mut project, &id);
    let done = ended(&project, &id);
    assert_eq!(
        (done["state"].as_str(), done["done"].as_i64()),
        (Some("done"), Some(EVENTS as i64)),
        "{done}"
    );
    assert_eq!(faults(&project, &events, &id), Vec::<String>::new());
}

#[test]
fn control_an_operation_that_forgets_its_progress_is_found() {
    let _alone = heavy();
    let (_home, options) = home();
    let options = options.failpoints("runner::control_operation_forgets=return");
    let server = Server::start(&options).unwrap();
    let Mended { mut project, events } = mended(&server);
    let id = ask(&project, "retry");
    let _server = kill_half_way(server, &options, &mut project, &id);
    ended(&project, &id);
    let faults = faults(&project, &events, &id);
    eprintln!("control: {faults:?}");
    assert!(!faults.is_empty());
}

#[test]
fn a_cancel_stops_half_way_and_a_dismissal_empties_the_group() {
    let _alone = heavy();
    let (_home, options) = home();
    let server = Server::start(&options).unwrap();
    let Mended { project, .. } = mended(&server);
    let id = ask(&project, "retry");
    wait(LONG, "the operation does not begin", || Ok(operation(&project, &id)["done"] != 0)).unwrap();
    let path = project.path(&format!("operations/{id}/cancel"));
    let cancelled = project.api.call("POST", &path, &Sent::Nothing).unwrap().good().unwrap();
    // one of no rows, behind it: when that has ended, the runner has passed by the cancelled one
    let none = json!({ "filter": { "causeCode": "nobody-has-it" } });
    let behind = project.api.post(&project.path("failed-triggers/retry"), none).unwrap();
    ended(&project, behind["id"].as_str().unwrap());
    let retried = project.api.failed_triggers(&project.id).unwrap().iter().filter(|f| f.is_retried()).count();
    assert_eq!(cancelled["state"], "cancelled");
    assert_eq!(cancelled["done"], retried, "nothing was done after the answer");
    assert!(retried < EVENTS);
    let body = json!({ "filter": { "causeCode": "script-failed" } });
    let dismissed = project.api.post(&project.path("failed-triggers/dismiss"), body).unwrap();
    ended(&project, dismissed["id"].as_str().unwrap());
    assert!(project.api.failed_triggers(&project.id).unwrap().is_empty());
    let groups = project.api.get(&project.path("failed-triggers/groups")).unwrap();
    assert_eq!(groups["items"], json!([]));
}
