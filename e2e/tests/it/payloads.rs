//! Bar 15: one verdict on a body everywhere, and bytes that nobody changes between sender and viewer.

use e2e::processes;

use crate::support::{JSON, instances_of, post, project, shared};

const TEXT: &str = "content-type: text/plain\r\n";

/// The payload as the viewer shows it, as a variable's JSON text.
struct Case {
    headers: &'static str,
    body: Vec<u8>,
    shown: Vec<u8>,
}

fn same(headers: &'static str, body: impl Into<Vec<u8>>) -> Case {
    let body = body.into();
    Case { headers, shown: body.clone(), body }
}

fn nested(levels: usize) -> Vec<u8> {
    format!("{}{}", "[".repeat(levels), "]".repeat(levels)).into_bytes()
}

#[test]
fn accepted_bodies_come_back_byte_for_byte() {
    let shared = shared();
    let project = project(&shared.api, "Payloads");
    let webhook = project.webhook("hook", &[&processes::straight]).unwrap();
    let long_number = "1".repeat(1024 * 1024);
    let cases = vec![
        same(JSON, r#"{"a":1.10,"b":12345678901234567890123,"a":2}"#),
        same(JSON, "1e999"),
        same(JSON, r#""\ud800""#),
        same(JSON, r#"{"\ud800":"\udc00\ud800"}"#),
        same(JSON, nested(100)),
        same(JSON, " \r\n\t{ \"z\" : 1 , \"a\" : [ ] } \n"),
        same(JSON, long_number),
        same(JSON, "-0.0e-0"),
        same(JSON, r#""\u0000\/é😀""#),
        same("content-type: application/vnd.acme+json; charset=utf-8\r\n", "{}"),
        same("", "{\"no\":\"type\"}"),
        same(TEXT, r#"{"json":"in text"}"#),
        Case { headers: "", body: Vec::new(), shown: b"null".to_vec() },
        Case { headers: TEXT, body: Vec::new(), shown: b"null".to_vec() },
        Case { headers: TEXT, body: b"hello \"you\"\n".to_vec(), shown: br#""hello \"you\"\n""#.to_vec() },
        Case { headers: TEXT, body: vec![0xff, 0xfe, 0x00], shown: br#""//4A""#.to_vec() },
    ];
    for case in cases {
        let name = String::from_utf8_lossy(&case.body[..case.body.len().min(60)]).into_owned();
        let answer = post(shared.server.authority(), &webhook.target, case.headers, &case.body);
        assert_eq!(answer.status, 200, "{name}: {}", answer.text());
        let instance = instances_of(&shared.api, &project.id, &answer.event_id().unwrap(), 1).remove(0);
        assert_eq!(instance.status, "completed", "{name}");
        let shown = shared.api.payload(&project.id, &instance.id).unwrap();
        assert!(shown == case.shown, "{name}: {}", String::from_utf8_lossy(&shown[..shown.len().min(200)]));
    }
}

#[test]
fn refused_bodies_are_refused_at_the_gate() {
    let shared = shared();
    let webhook = project(&shared.api, "Refused").webhook("hook", &[&processes::straight]).unwrap();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        (JSON, nested(101)),
        (TEXT, nested(101)),
        ("", nested(101)),
        (JSON, nested(400_000)),
        (JSON, "[".repeat(500_000).into_bytes()),
        (JSON, Vec::new()),
        (JSON, b"{\"a\":1,}".to_vec()),
        (JSON, b"\xef\xbb\xbf{}".to_vec()),
        (JSON, b"\"\xff\"".to_vec()),
        (JSON, b"{} {}".to_vec()),
        (JSON, b"01".to_vec()),
        (JSON, b"NaN".to_vec()),
        (JSON, b"'a'".to_vec()),
        ("", b"hello".to_vec()),
    ];
    for (headers, body) in cases {
        let name = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        let answer = post(shared.server.authority(), &webhook.target, headers, &body);
        assert_eq!(answer.status, 400, "{headers:?} {name}: {}", answer.text());
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{name}");
        assert!(
            answer.header("x-request-id").is_some() && answer.header("cache-control") == Some("no-store")
        );
    }
}
