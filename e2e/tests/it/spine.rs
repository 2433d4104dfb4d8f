//! The walk of one webhook, and what a person sees of it.

use std::process::Command;

use e2e::api::{Api, Sent, wait};
use e2e::processes;
use e2e::server::{Server, TOKEN, forebay};
use e2e::wire::Connection;
use serde_json::json;

use crate::support::{JSON, LONG, accepted, heavy, home, instances_of, post, project, shared};

#[test]
fn one_webhook_starts_every_connected_process_once() {
    let shared = shared();
    let project = project(&shared.api, "Spine");
    let webhook = project.webhook("orders", &[&processes::straight, &processes::branching]).unwrap();
    let body = br#" {"amount":250, "note": "1.10 stays", "price":1.10} "#;
    let event = accepted(shared.server.authority(), &webhook.target, body);
    let instances = instances_of(&shared.api, &project.id, &event, 2);
    for definition in &webhook.definitions {
        assert_eq!(instances.iter().filter(|i| i.process_definition_id == *definition).count(), 1);
    }
    for instance in &instances {
        assert_eq!(instance.status, "completed");
        assert_eq!(shared.api.payload(&project.id, &instance.id).unwrap(), body);
    }
    let branching = instances.iter().find(|i| i.process_definition_id == webhook.definitions[1]).unwrap();
    let review = shared.api.variable(&project.id, &branching.id, "review", "").unwrap();
    assert_eq!(review.text(), r#"{"amount":250,"by":"nobody yet"}"#);
    let headers =
        shared.api.variable(&project.id, &branching.id, "webhookData", "/headers/Content-Type").unwrap();
    assert_eq!(headers.text(), r#""application/json""#);
    assert!(!shared.api.is_pending(&project.id, &event).unwrap());
}

#[test]
fn a_trigger_answers_by_its_state_and_key() {
    let shared = shared();
    let authority = shared.server.authority();
    let project = project(&shared.api, "States");
    let data_source = project.data_source("hook").unwrap();
    project.process("walk", &processes::straight(&data_source)).unwrap();
    // not committed: no trigger yet
    assert!(project.triggers().unwrap().is_empty());
    project.commit("First").unwrap().good().unwrap();
    let trigger = project.trigger_of(&data_source).unwrap();
    let target = project.target(&trigger).unwrap();
    let path = target.split('?').next().unwrap();
    assert_eq!(project.triggers().unwrap()[0].state, "Deactivated");
    assert_eq!(post(authority, &target, JSON, b"{}").status, 404);
    assert_eq!(post(authority, path, JSON, b"{}").status, 401, "no key, whatever the state");
    project.act(&trigger, "activate").unwrap();
    let last_event = || project.triggers().unwrap()[0].last_event.clone();
    assert_eq!(last_event(), None, "what was refused while it was deactivated is no event");
    instances_of(&shared.api, &project.id, &accepted(authority, &target, b"{}"), 1);
    let first = last_event().expect("the time of the event");
    assert_eq!(post(authority, &format!("{path}?flowxApiKey=wrong"), JSON, b"{}").status, 401);
    let twice = format!("{target}&{}", target.split('?').nth(1).unwrap());
    assert_eq!(post(authority, &twice, JSON, b"{}").status, 401);
    project.act(&trigger, "reset-api-key").unwrap();
    assert_eq!(post(authority, &target, JSON, b"{}").status, 401, "the old key");
    let fresh = project.target(&trigger).unwrap();
    assert_ne!(fresh, target);
    assert_eq!(last_event().as_ref(), Some(&first), "a reset and a wrong key are no events");
    instances_of(&shared.api, &project.id, &accepted(authority, &fresh, b"{}"), 1);
    assert!(last_event().unwrap() > first, "a new key, the same webhook");
    let key = fresh.split("flowxApiKey=").nth(1).unwrap();
    assert_eq!(post(authority, path, &format!("{JSON}x-api-key: {key}\r\n"), b"{}").status, 200);
    project.act(&trigger, "deactivate").unwrap();
    assert_eq!(post(authority, &fresh, JSON, b"{}").status, 404);
    let unknown = path.rsplit_once('/').unwrap().0.to_owned() + "/00000000-0000-4000-8000-000000000000";
    assert_eq!(post(authority, &format!("{unknown}?flowxApiKey={key}"), JSON, b"{}").status, 404);
}

#[test]
fn two_clients_reset_one_key_at_once_and_one_key_remains() {
    let shared = shared();
    let project = project(&shared.api, "Resets");
    let webhook = project.webhook("hook", &[&processes::straight]).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..5 {
                    // a loser may be told to try again, never anything else
                    let path = project.path(&format!("triggers/{}/reset-api-key", webhook.trigger));
                    let reply = shared.api.call("POST", &path, &Sent::Json(json!({}))).unwrap();
                    assert!(matches!(reply.status, 200 | 409 | 412), "{}: {}", reply.status, reply.text());
                }
            });
        }
    });
    let target = project.target(&webhook.trigger).unwrap();
    let authority = shared.server.authority();
    assert_eq!(post(authority, &target, JSON, b"{}").status, 200, "the key that is shown works");
    assert_eq!(post(authority, &webhook.target, JSON, b"{}").status, 401, "the first one does not");
}

#[test]
fn the_sample_project_works_as_printed() {
    let _alone = heavy();
    let (_home, options) = home();
    let server = Server::start(&options.with_sample()).unwrap();
    let url = |name: &str| {
        let mut command = Command::new(forebay().unwrap());
        command.args(["url", name, "--data"]).arg(&server.options().data).output().unwrap()
    };
    let shown = url("orders");
    assert!(shown.status.success(), "{shown:?}");
    let url = String::from_utf8(shown.stdout).unwrap().trim().to_owned();
    assert!(url.starts_with(&server.base()), "{url}");
    let curl = Command::new("curl")
        .args(["-sS", "-X", "POST", "-H", "Content-Type: application/json"])
        .args(["-d", r#"{"orderId":"ORD-1","amount":250}"#, &url])
        .output()
        .unwrap();
    let answer: serde_json::Value = serde_json::from_slice(&curl.stdout).expect("JSON of curl");
    let event = answer["eventId"].as_str().expect("an eventId").to_owned();
    let api = Api::of(&server);
    let projects = api.get("projects").unwrap();
    let sample = projects["items"].as_array().unwrap().iter().find(|p| p["name"] == "Order intake").unwrap();
    let id = sample["id"].as_str().unwrap();
    let instances = instances_of(&api, id, &event, 1);
    assert_eq!(instances[0].status, "completed");
    assert_eq!(api.payload(id, &instances[0].id).unwrap(), br#"{"orderId":"ORD-1","amount":250}"#);
    let log = server.log();
    assert!(!log.contains("flowxApiKey="), "the log is no terminal: {log}");
}

#[test]
fn a_second_process_on_the_data_folder_is_refused() {
    let _alone = heavy();
    let (_home, options) = home();
    let server = Server::start(&options).unwrap();
    let mut second = Command::new(forebay().unwrap());
    second.args(["up", "--no-sample", "--listen", "127.0.0.1:0", "--data"]).arg(&options.data);
    let second = second.env("FOREBAY_ADMIN_TOKEN", TOKEN).output().unwrap();
    assert!(!second.status.success());
    let said =
        String::from_utf8_lossy(&second.stderr).into_owned() + &String::from_utf8_lossy(&second.stdout);
    assert!(said.contains("another Forebay"), "{said}");
    assert!(said.contains(&server.pid().to_string()), "{said}");
    assert!(e2e::server::is_ready(server.authority()), "the first one is not disturbed");
}

#[test]
fn a_stopped_server_comes_back_with_everything() {
    let _alone = heavy();
    let (_home, options) = home();
    let server = Server::start(&options).unwrap();
    let api = Api::of(&server);
    let project = project(&api, "Restart");
    let webhook = project.webhook("hook", &[&processes::straight]).unwrap();
    let event = accepted(server.authority(), &webhook.target, b"{\"n\":1}");
    let options = server.stop().unwrap();
    let server = Server::start(&options).unwrap();
    let api = Api::of(&server);
    instances_of(&api, &project.id, &event, 1);
    let again = accepted(server.authority(), &webhook.target, b"{\"n\":2}");
    instances_of(&api, &project.id, &again, 1);
}

#[test]
fn the_root_pages_answer_without_credentials() {
    let shared = shared();
    for (path, status) in [
        ("/healthz", 200),
        ("/readyz", 200),
        ("/metrics", 200),
        ("/", 200),
        ("/api/nothing", 404),
        ("/assets/nothing", 404),
    ] {
        assert_eq!(shared.api.plain(path).unwrap().status, status, "{path}");
    }
    assert_eq!(shared.api.plain("/api/v1/projects").unwrap().status, 401);
    assert_eq!(shared.api.with_token("wrong").call("GET", "projects", &Sent::Nothing).unwrap().status, 401);
    // lag goes back to zero when all is done
    wait(LONG, "the runner is behind", || Ok(shared.api.lag()? == 0.0)).unwrap();
    let nowhere = format!("/webhooks/incoming{}", "/00000000-0000-4000-8000-000000000000".repeat(4));
    let mut connection = Connection::open(shared.server.authority(), LONG).unwrap();
    connection.send(&Connection::request("GET", &nowhere, "", b"")).unwrap();
    let answer = connection.answer().unwrap();
    assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")));
}
