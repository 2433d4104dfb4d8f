//! What two people do to one project, and what an operator does about a failure.

use e2e::api::Sent;
use e2e::processes;
use serde_json::json;

use crate::support::{JSON, LONG, accepted, instances_of, post, project, shared};

#[test]
fn the_second_of_two_who_save_one_process_is_told() {
    let shared = shared();
    let project = project(&shared.api, "Saves");
    let data_source = project.data_source("hook").unwrap();
    let id = project.process("walk", &processes::straight(&data_source)).unwrap();
    let path = project.path(&format!("branches/main/process-definitions/{id}/bpmn"));
    let tag = shared.api.call("GET", &path, &Sent::Nothing).unwrap().etag.expect("an ETag");
    let draft = Sent::Xml(processes::branching(&data_source));
    let other = Sent::Xml(processes::poison(&data_source));
    assert_eq!(shared.api.call("PUT", &path, &draft).unwrap().status, 428, "without If-Match");
    // both at once, from the same state
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let both: Vec<_> = [&draft, &other]
            .into_iter()
            .map(|sent| scope.spawn(|| shared.api.call_if("PUT", &path, sent, Some(&tag)).unwrap().status))
            .collect();
        both.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status / 100 == 2).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 1, "{statuses:?}");
    let now = shared.api.call("GET", &path, &Sent::Nothing).unwrap();
    let won = if statuses[0] / 100 == 2 { &draft } else { &other };
    assert!(matches!(won, Sent::Xml(text) if *text == now.text()), "the file is the winner's, byte for byte");
}

#[test]
fn committing_nothing_or_a_problem_is_refused() {
    let shared = shared();
    let project = project(&shared.api, "Commits");
    let empty = project.commit("Nothing").unwrap();
    assert_eq!(empty.status / 100, 4, "{}", empty.text());
    let data_source = project.data_source("hook").unwrap();
    let id = project.process("walk", &processes::straight(&data_source)).unwrap();
    for message in ["", " ", &"x".repeat(201), "a\u{0}b"] {
        assert_eq!(project.commit(message).unwrap().status, 422, "{message:?}");
    }
    project.commit("First").unwrap().good().unwrap();
    let again = project.commit("Nothing new").unwrap();
    assert_eq!(again.status / 100, 4, "{}", again.text());
    project.save(&id, &processes::script(&data_source, "this does not parse")).unwrap().good().unwrap();
    let wrong = project.commit("Wrong").unwrap();
    assert_eq!(wrong.status, 422, "{}", wrong.text());
    assert!(wrong.text().contains("#work\""), "{}", wrong.text());
    let commits = shared.api.get(&project.path("branches/main/commits")).unwrap();
    assert_eq!(commits["items"].as_array().unwrap().len(), 1);
}

#[test]
fn a_failure_is_mended_and_retried_and_then_has_one_live_instance() {
    let shared = shared();
    let project = project(&shared.api, "Retry");
    let webhook =
        project.webhook("hook", &[&|source| processes::script(source, "throw new Error('no')")]).unwrap();
    let event = accepted(shared.server.authority(), &webhook.target, br#"{"n":1.10}"#);
    shared.api.wait_past(&project.id, &event, LONG).unwrap();
    let failed = shared.api.failed_triggers(&project.id).unwrap();
    assert_eq!(failed.len(), 1);
    let definition = &webhook.definitions[0];
    project
        .save(definition, &processes::script(&webhook.data_source, "output.done = true"))
        .unwrap()
        .good()
        .unwrap();
    project.commit("Mend it").unwrap().good().unwrap();
    let retry = project.path(&format!("failed-triggers/{}/retry", failed[0].id));
    // two operators at once: one start
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let reply = shared.api.call("POST", &retry, &Sent::Json(json!({}))).unwrap();
                assert!(matches!(reply.status, 202 | 409), "{}: {}", reply.status, reply.text());
            });
        }
    });
    let mut live = Vec::new();
    e2e::api::wait(LONG, "the retry did not start", || {
        live = shared.api.instances_of(&project.id, &event)?;
        live.retain(|instance| instance.status == "completed");
        Ok(!live.is_empty())
    })
    .unwrap();
    assert_eq!(live.len(), 1);
    assert_eq!(shared.api.payload(&project.id, &live[0].id).unwrap(), br#"{"n":1.10}"#);
    let all = shared.api.instances_of(&project.id, &event).unwrap();
    assert!(all.iter().all(|i| i.id == live[0].id || i.status == "cancelled"), "{all:?}");
}

#[test]
fn refused_requests_with_the_right_key_are_seen() {
    let shared = shared();
    let project = project(&shared.api, "Refused");
    let webhook = project.webhook("hook", &[&processes::straight]).unwrap();
    assert_eq!(post(shared.server.authority(), &webhook.target, JSON, b"{broken").status, 400);
    let wrong = format!("{}?flowxApiKey=wrong", webhook.path());
    assert_eq!(post(shared.server.authority(), &wrong, JSON, b"{broken").status, 401);
    e2e::api::wait(LONG, "no failed trigger", || Ok(!shared.api.failed_triggers(&project.id)?.is_empty()))
        .unwrap();
    let failed = shared.api.failed_triggers(&project.id).unwrap();
    assert_eq!(failed.len(), 1, "{failed:?}");
    assert_eq!(failed[0].stage, "gateway");
}

#[test]
fn an_active_trigger_leaves_the_list_only_when_named() {
    let shared = shared();
    let project = project(&shared.api, "Unlink");
    let webhook = project.webhook("hook", &[&processes::straight]).unwrap();
    let other = project.data_source("other").unwrap();
    project.save(&webhook.definitions[0], &processes::straight(&other)).unwrap().good().unwrap();
    let refused = project.commit("Move to another webhook").unwrap();
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert!(refused.text().contains(&webhook.trigger), "{}", refused.text());
    assert_eq!(
        post(shared.server.authority(), &webhook.target, JSON, b"{}").status,
        200,
        "nothing has changed"
    );
    let body = json!({ "message": "Move", "unlink": [webhook.trigger] });
    let path = project.path("branches/main/commits");
    shared.api.post(&path, body).unwrap();
    assert_eq!(post(shared.server.authority(), &webhook.target, JSON, b"{}").status, 404);
}

#[test]
fn one_idempotency_key_starts_once() {
    let shared = shared();
    let project = project(&shared.api, "Once");
    let path = project.path("branches/main/data-sources");
    let made =
        shared.api.post(&path, json!({ "name": "hook", "idempotencyKey": "header:X-Delivery" })).unwrap();
    let data_source = made["resourceDefinitionId"].as_str().unwrap().to_owned();
    let definition = project.process("walk", &processes::straight(&data_source)).unwrap();
    project.commit("First").unwrap().good().unwrap();
    let trigger = project.trigger_of(&data_source).unwrap();
    project.act(&trigger, "activate").unwrap();
    let target = project.target(&trigger).unwrap();
    let headers = format!("{JSON}x-delivery: 42\r\n");
    let events: Vec<String> = (0..3)
        .map(|_| {
            let answer = post(shared.server.authority(), &target, &headers, b"{}");
            assert_eq!(answer.status, 200);
            answer.event_id().unwrap()
        })
        .collect();
    shared.api.wait_past(&project.id, &events[2], LONG).unwrap();
    let instances = shared.api.instances(&project.id).unwrap();
    assert_eq!(instances.len(), 1, "{instances:?}");
    assert_eq!(instances[0].process_definition_id, definition);
    instances_of(&shared.api, &project.id, &events[0], 1);
    for event in &events {
        let reply =
            shared.api.call("GET", &project.path(&format!("events/{event}")), &Sent::Nothing).unwrap();
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
}

#[test]
fn lists_are_bounded_and_unknown_ids_look_alike() {
    let shared = shared();
    let project = project(&shared.api, "Lists");
    let other = crate::support::project(&shared.api, "Others");
    let source = other.data_source("theirs").unwrap();
    let get = |path: &str| shared.api.call("GET", path, &Sent::Nothing).unwrap();
    for list in
        ["process-instances", "failed-triggers", "events", "triggers", "branches/main/process-definitions"]
    {
        let empty = get(&project.path(list));
        assert_eq!(empty.status, 200, "{list}: {}", empty.text());
        assert_eq!(empty.json()["items"], json!([]), "{list}");
        for query in ["limit=0", "limit=201", "limit=x", "cursor=nonsense"] {
            let refused = get(&project.path(&format!("{list}?{query}")));
            assert!(matches!(refused.status, 400 | 422), "{list}?{query}: {}", refused.status);
        }
    }
    let nobody = "00000000-0000-4000-8000-000000000000";
    let foreign = get(&project.path(&format!("branches/main/data-sources/{source}")));
    let unknown = get(&project.path(&format!("branches/main/data-sources/{nobody}")));
    assert_eq!((foreign.status, unknown.status), (404, 404));
    let without_ids = |reply: &e2e::api::Reply, id: &str| reply.text().replace(id, "ID");
    assert_eq!(without_ids(&foreign, &source), without_ids(&unknown, nobody));
}
