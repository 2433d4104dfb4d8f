//! The verdict on payloads, at the edge.

use crate::client::exchange;
use crate::world::World;

fn nested(depth: usize) -> String {
    "[".repeat(depth) + &"]".repeat(depth)
}

#[test]
fn the_edge_gives_the_verdict_of_the_one_scanner() {
    let world = World::start();
    let json = Some("application/json");
    let suffix = Some("application/vnd.github+JSON; charset=utf-8");
    let text = Some("text/plain");
    let form = Some("application/x-www-form-urlencoded");
    let million_digits = "1".repeat(1_048_576);
    let table: Vec<(Option<&str>, Vec<u8>, u16)> = vec![
        (json, b"{}".to_vec(), 200),
        (json, b" \r\n\t1 ".to_vec(), 200),
        (json, b"\"text\"".to_vec(), 200),
        (json, b"null".to_vec(), 200),
        (json, b"{\"a\":1,\"a\":2}".to_vec(), 200),
        (json, b"\"\\ud800\"".to_vec(), 200),
        (json, b"1e999".to_vec(), 200),
        (json, b"-0".to_vec(), 200),
        (json, million_digits.clone().into_bytes(), 200),
        (json, nested(100).into_bytes(), 200),
        (json, nested(101).into_bytes(), 400),
        (json, nested(129).into_bytes(), 400),
        (json, nested(500_000).into_bytes(), 400),
        (json, "[".repeat(500_000).into_bytes(), 400),
        (json, b"".to_vec(), 400),
        (json, b" ".to_vec(), 400),
        (json, b"{\"a\":1,}".to_vec(), 400),
        (json, b"[1,]".to_vec(), 400),
        (json, b"{a:1}".to_vec(), 400),
        (json, b"{'a':1}".to_vec(), 400),
        (json, b"NaN".to_vec(), 400),
        (json, b"01".to_vec(), 400),
        (json, b"+1".to_vec(), 400),
        (json, b"1.".to_vec(), 400),
        (json, b".5".to_vec(), 400),
        (json, b"1 2".to_vec(), 400),
        (json, b"\"\n\"".to_vec(), 400),
        (json, b"\"\\x\"".to_vec(), 400),
        (json, b"// a\n1".to_vec(), 400),
        (json, b"\xef\xbb\xbf{}".to_vec(), 400),
        (json, b"\"\xff\"".to_vec(), 400),
        (json, b"\"\xed\xa0\x80\"".to_vec(), 400),
        (suffix, b"{}".to_vec(), 200),
        (suffix, b"hello".to_vec(), 400),
        (suffix, b"".to_vec(), 400),
        (None, b"{}".to_vec(), 200),
        (None, b"".to_vec(), 200),
        (None, b"hello".to_vec(), 400),
        (text, b"".to_vec(), 200),
        (text, b"{\"sns\":true}".to_vec(), 200),
        (text, b"hello".to_vec(), 200),
        (text, nested(101).into_bytes(), 400),
        (text, "[".repeat(101).into_bytes(), 200),
        (text, b"\xef\xbb\xbf{}".to_vec(), 200),
        (text, b"\xff\xfe".to_vec(), 200),
        (form, b"payload=%7B%7D".to_vec(), 200),
    ];
    let mut accepted = Vec::new();
    for (content_type, body, status) in table {
        let headers = content_type.map_or(String::new(), |value| format!("Content-Type: {value}\r\n"));
        let answer = exchange(world.at, &world.post(&headers, &body));
        let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        assert_eq!(answer.status, status, "{content_type:?} {shown}");
        if status == 200 {
            accepted.push((content_type, body));
        } else {
            let code = answer.json()["code"].as_str().unwrap().to_owned();
            assert!(code == "not-json" || code == "too-deep", "{code}");
        }
    }
    // What was answered 200 is there byte for byte, and can be started.
    let events = world.events(accepted.len());
    assert_eq!(events.len(), accepted.len());
    for (event, (content_type, body)) in events.iter().zip(&accepted) {
        assert_eq!(&event.body, body);
        assert_eq!(event.content_type.as_deref(), *content_type);
        let data = event.webhook_data().unwrap();
        // The value of an unbounded number or a lone surrogate is nobody's business here: the text must parse.
        assert!(serde_json::from_str::<&serde_json::value::RawValue>(&data).is_ok());
    }
}

#[test]
fn a_fault_is_told_with_its_place() {
    let world = World::start();
    let answer = exchange(world.at, &world.post("Content-Type: application/json\r\n", b"{\"a\":tru}"));
    assert_eq!(answer.json()["code"], "not-json");
    assert!(answer.json()["detail"].as_str().unwrap().contains("byte 5"), "{:?}", answer.json());
    let answer = exchange(world.at, &world.post("", nested(101).as_bytes()));
    assert_eq!(answer.json()["code"], "too-deep");
}
