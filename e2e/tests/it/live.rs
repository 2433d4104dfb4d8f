//! Streams, test events and trials, over the real binary.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use e2e::api::{Api, Project, Sent, wait};
use e2e::processes;
use e2e::server::Server;
use e2e::stream::{Message, Stream};
use serde_json::{Value, json};

use crate::support::{LONG, accepted, heavy, home, instances_of, project};

/// Reads until a message satisfies; all that were read.
fn until(stream: &mut Stream, mut is_last: impl FnMut(&Message) -> bool) -> Vec<Message> {
    let mut read = Vec::new();
    loop {
        let message = stream.message().unwrap().expect("the stream ended");
        read.push(message.clone());
        if is_last(&message) {
            return read;
        }
    }
}

fn added(messages: &[Message], kind: &str) -> i64 {
    messages.iter().filter(|m| m.event == kind).map(|m| m.data["added"].as_i64().unwrap()).sum()
}

#[test]
fn a_stream_goes_on_after_a_kill_without_a_gap() {
    let _alone = heavy();
    let (_home, options) = home();
    let server = Server::start(&options).unwrap();
    let own = project(&Api::of(&server), "Stream");
    let webhook = own.webhook("orders", &[&processes::straight]).unwrap();
    let path = format!("projects/{}/stream?kinds=instances,drafts", own.id);
    let (mut one, mut other) = (
        Stream::open(server.authority(), &path, None, LONG).unwrap(),
        Stream::open(server.authority(), &path, None, LONG).unwrap(),
    );
    assert_eq!(one.message().unwrap().unwrap().event, "ready");
    assert_eq!(other.message().unwrap().unwrap().event, "ready");
    let begun = Instant::now();
    let event = accepted(server.authority(), &webhook.target, b"{\"n\":1}");
    let first = until(&mut one, |m| m.event == "instances").pop().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    assert_eq!(until(&mut other, |m| m.event == "instances").pop().unwrap().data, first.data);
    let instance = instances_of(&Api::of(&server), &own.id, &event, 1).remove(0).id;
    assert_eq!(first.data["newest"], json!([instance]));
    // told up to here; what comes now the listener does not hear, since the server is killed
    for n in 0..20 {
        accepted(server.authority(), &webhook.target, format!("{{\"n\":{n}}}").as_bytes());
    }
    drop((one, other));
    server.kill();
    let server = Server::start(&options).unwrap();
    let api = Api::of(&server);
    let same = Project { api, id: own.id.clone() };
    same.data_source("later").unwrap();
    let mut back = Stream::open(server.authority(), &path, Some(&first.id), LONG).unwrap();
    assert_eq!(back.message().unwrap().unwrap().data["resumed"], true);
    let (mut sum, mut drafts) = (0, false);
    let told = until(&mut back, |message| {
        sum += added(std::slice::from_ref(message), "instances");
        drafts |= message.event == "drafts";
        sum >= 20 && drafts
    });
    assert_eq!(added(&told, "instances"), 20, "{told:?}");
    // the control: a listener that does not say what it was told hears of none of it
    let mut deaf = Stream::open(server.authority(), &path, None, Duration::from_secs(2)).unwrap();
    assert_eq!(deaf.message().unwrap().unwrap().data["resumed"], false);
    assert!(deaf.message().is_err(), "the control heard something");
    server.stop().unwrap();
}

#[test]
fn open_streams_do_not_hold_up_the_end() {
    let _alone = heavy();
    let (_home, options) = home();
    let server = Server::start(&options).unwrap();
    let own = project(&Api::of(&server), "Stop");
    let path = format!("projects/{}/stream", own.id);
    let mut streams: Vec<Stream> =
        (0..10).map(|_| Stream::open(server.authority(), &path, None, LONG).unwrap()).collect();
    for stream in &mut streams {
        assert_eq!(stream.message().unwrap().unwrap().event, "ready");
    }
    server.terminate().unwrap();
    for stream in &mut streams {
        let last = stream.message().unwrap().unwrap();
        assert_eq!((last.event.as_str(), &last.data["reason"]), ("end", &json!("stopping")));
        assert!(stream.message().unwrap().is_none(), "more after the end");
    }
    let (status, took) = server.wait(Duration::from_secs(20)).unwrap();
    assert!(status.success() && took < Duration::from_secs(6), "{status} after {took:?}");
}

fn find<'a>(list: &'a Value, name: &str) -> &'a Value {
    let found = list["items"].as_array().unwrap().iter().find(|item| item["name"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {list}"))
}

fn elements(path: &Value) -> Vec<&str> {
    path.as_array().unwrap().iter().map(|visit| visit["elementId"].as_str().unwrap()).collect()
}

#[test]
fn a_test_event_is_a_real_one_and_a_trial_tells_what_it_does() {
    let _alone = heavy();
    let (_home, options) = home();
    let server = Server::start(&options.with_sample()).unwrap();
    let api = Api::of(&server);
    let get = |path: &str| api.call("GET", path, &Sent::Nothing).unwrap().good().unwrap();
    let id = get("projects")["items"][0]["id"].as_str().unwrap().to_owned();
    let trigger = get(&format!("projects/{id}/triggers"))["items"][0].clone();
    let at = format!("projects/{id}/triggers/{}", trigger["id"].as_str().unwrap());
    let payload = "{\"orderId\":\"ORD-7\", \"amount\":250.10, \"note\":12345678901234567890123}";
    let request = json!({ "payload": { "text": payload }, "headers": [{ "name": "X-Shop", "value": "é" }] });
    let send = |request: &Value| {
        api.call("POST", &format!("{at}/test-event"), &Sent::Json(request.clone())).unwrap()
    };
    let key = api.call("POST", &format!("{at}/reveal-url"), &Sent::Nothing).unwrap().json();
    let key = key["apiKey"].as_str().unwrap().to_owned();
    let sent = send(&request);
    assert!(!sent.text().contains(&key));
    let sent = sent.good().unwrap();
    assert_eq!((&sent["reached"], &sent["status"]), (&json!(true), &json!(200)), "{sent}");
    let event = sent["eventId"].as_str().unwrap().to_owned();
    let instance = instances_of(&api, &id, &event, 1).remove(0);
    let real = get(&format!("projects/{id}/process-instances/{}", instance.id));

    let branch = format!("projects/{id}/branches/main");
    let processes = get(&format!("{branch}/process-definitions"));
    let process = processes["items"][0]["resourceDefinitionId"].as_str().unwrap();
    let trial = format!("{branch}/process-definitions/{process}/try");
    // the sample writes down when the event came: only the event itself is played again to the byte
    for (body, is_same) in [(json!({ "request": request }), false), (json!({ "eventId": event }), true)] {
        let tried = api.call("POST", &trial, &Sent::Json(body)).unwrap().good().unwrap();
        assert_eq!(elements(&tried["path"]), elements(&real["trail"]));
        assert_eq!(tried["status"], real["status"]);
        for variable in tried["variables"].as_array().unwrap() {
            let name = variable["name"].as_str().unwrap();
            let text = variable["json"].as_str().unwrap();
            if !is_same {
                assert!(name != "webhookData" || text.contains(payload), "{text}");
                continue;
            }
            let stored = api.variable(&id, &instance.id, name, "").unwrap().text();
            assert_eq!(text, stored, "{name}");
        }
    }

    // refused ones too, and what is only counted
    let refused = send(&json!({ "payload": { "text": "{" } })).good().unwrap();
    assert_eq!((&refused["status"], &refused["eventId"]), (&json!(400), &Value::Null));
    api.call("POST", &format!("{at}/deactivate"), &Sent::Nothing).unwrap().good().unwrap();
    let away = send(&request).good().unwrap();
    assert_eq!((&away["reached"], &away["status"]), (&json!(true), &json!(404)));
    wait(LONG, "the requests are not all there", || {
        let list = get(&format!("{at}/requests"));
        let states: BTreeSet<&str> =
            list["items"].as_array().unwrap().iter().map(|item| item["state"].as_str().unwrap()).collect();
        let total = get(&format!("{at}/hourly-counts"))["total"].clone();
        Ok(states == BTreeSet::from(["refused", "started"])
            && (total["accepted"].as_i64(), total["refused"].as_i64(), total["deactivated"].as_i64())
                == (Some(1), Some(1), Some(1)))
    })
    .unwrap();
    let sources = get(&format!("{branch}/data-sources"));
    let source = find(&sources, trigger["name"].as_str().unwrap())["resourceDefinitionId"].as_str().unwrap();
    let shape = get(&format!("{branch}/data-sources/{source}/payload-shape"));
    let names: Vec<&str> =
        shape["payload"]["fields"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["orderId", "amount", "note"]);
    server.stop().unwrap();
}
