//! Bars 14, 16 and 17 through the binary, one of each kind; the gateway's own tests have the tables.

use std::time::Duration;

use e2e::proc_stat;
use e2e::processes;
use e2e::wire::Connection;

use crate::support::{JSON, LONG, post, project, shared};

const MIB: usize = 1024 * 1024;

#[test]
fn malformed_requests_get_one_answer_and_the_connection_closes() {
    let shared = shared();
    let webhook = project(&shared.api, "Malformed").webhook("hook", &[&processes::straight]).unwrap();
    let target = &webhook.target;
    let head = format!("POST {target} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n");
    let many: String = (0..201).map(|n| format!("x-{n}: 1\r\n")).collect();
    let cases: Vec<(&str, String, &[u16])> = vec![
        ("no version", format!("POST {target}\r\n\r\n"), &[400]),
        ("two lengths", format!("{head}content-length: 2\r\ncontent-length: 3\r\n\r\n{{}}"), &[400]),
        ("signed length", format!("{head}content-length: +2\r\n\r\n{{}}"), &[400]),
        (
            "chunked and a length",
            format!("{head}transfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n"),
            &[400],
        ),
        ("chunk overflow", format!("{head}transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n"), &[400]),
        ("folded header", format!("{head}x-a: 1\r\n  2\r\ncontent-length: 2\r\n\r\n{{}}"), &[400]),
        ("NUL in a header", format!("{head}x-a: \0\r\ncontent-length: 2\r\n\r\n{{}}"), &[400]),
        ("space before the colon", format!("{head}x-a : 1\r\ncontent-length: 2\r\n\r\n{{}}"), &[400]),
        (
            "long line",
            format!("POST {target}&x={} HTTP/1.1\r\nhost: a\r\n\r\n", "y".repeat(64 * 1024)),
            &[414, 431],
        ),
        ("201 headers", format!("{head}{many}content-length: 2\r\n\r\n{{}}"), &[431]),
        ("70 KiB of headers", format!("{head}x-a: {}\r\n\r\n", "y".repeat(70 * 1024)), &[431]),
    ];
    for (name, request, expected) in cases {
        let mut connection = Connection::open(shared.server.authority(), LONG).unwrap();
        let _ = connection.send(request.as_bytes());
        let all = String::from_utf8_lossy(&connection.rest().unwrap_or_default()).into_owned();
        let answers = all.matches("HTTP/1.1 ").count();
        assert_eq!(answers, 1, "{name}: {all}");
        let status: u16 = all.split(' ').nth(1).unwrap().parse().unwrap();
        assert!(expected.contains(&status), "{name}: {all}");
    }
    assert_eq!(post(shared.server.authority(), target, JSON, b"{}").status, 200);
}

#[test]
fn sizes_are_exact_and_a_wrong_key_is_refused_before_the_body() {
    let shared = shared();
    let authority = shared.server.authority();
    let project = project(&shared.api, "Sizes");
    let webhook = project.webhook("hook", &[&processes::straight]).unwrap();
    let of_size = |size: usize| format!("\"{}\"", "a".repeat(size - 2)).into_bytes();
    let largest = of_size(MIB);
    let answer = post(authority, &webhook.target, JSON, &largest);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let event = answer.event_id().unwrap();
    let instance = crate::support::instances_of(&shared.api, &project.id, &event, 1).remove(0);
    assert!(shared.api.payload(&project.id, &instance.id).unwrap() == largest, "1 MiB came back changed");
    assert_eq!(post(authority, &webhook.target, JSON, &of_size(MIB + 1)).status, 413);
    // the same sizes in chunks, with the right key and with a wrong one
    let wrong = format!("{}?flowxApiKey=wrong", webhook.path());
    for (target, size, expected) in [
        (&webhook.target, MIB, 200),
        (&webhook.target, MIB + 1, 413),
        (&wrong, 10, 401),
        (&wrong, MIB + 1, 401),
    ] {
        let mut connection = Connection::open(authority, LONG).unwrap();
        let head = format!("POST {target} HTTP/1.1\r\nhost: a\r\n{JSON}transfer-encoding: chunked\r\n\r\n");
        connection.send(head.as_bytes()).unwrap();
        for part in of_size(size).chunks(60_000) {
            let _ = connection.send(format!("{:x}\r\n", part.len()).as_bytes());
            let _ = connection.send(part);
            let _ = connection.send(b"\r\n");
        }
        let _ = connection.send(b"0\r\n\r\n");
        let answer = connection.answer().expect("an answer, not a reset");
        assert_eq!(answer.status, expected, "{size} bytes in chunks");
    }
    // a wrong key is answered while the body is still to come
    let mut connection = Connection::open(authority, Duration::from_secs(5)).unwrap();
    connection
        .send(format!("POST {wrong} HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\n\r\n").as_bytes())
        .unwrap();
    assert_eq!(connection.answer().unwrap().status, 401);
}

#[test]
fn bodies_with_a_wrong_key_take_no_memory() {
    let shared = shared();
    let webhook = project(&shared.api, "Memory").webhook("hook", &[&processes::straight]).unwrap();
    let wrong = format!("{}?flowxApiKey=wrong", webhook.path());
    let before = proc_stat::resident(shared.server.pid());
    let body = vec![b' '; MIB];
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    assert_eq!(post(shared.server.authority(), &wrong, JSON, &body).status, 401);
                }
            });
        }
    });
    let grown = proc_stat::resident(shared.server.pid()).saturating_sub(before) / MIB as u64;
    eprintln!("200 bodies of 1 MiB with a wrong key: {grown} MiB more");
    assert!(grown < 20, "{grown} MiB");
}

#[test]
fn encoded_bodies_are_refused_unread() {
    let shared = shared();
    let webhook = project(&shared.api, "Encoded").webhook("hook", &[&processes::straight]).unwrap();
    for encoding in ["gzip", "zstd", "br", "deflate", "gzip, gzip", "identity, gzip"] {
        let headers = format!("{JSON}content-encoding: {encoding}\r\n");
        let answer = post(shared.server.authority(), &webhook.target, &headers, &[0x1f, 0x8b, 8, 0]);
        assert_eq!(answer.status, 415, "{encoding}");
    }
    let identity = format!("{JSON}content-encoding: identity\r\n");
    assert_eq!(post(shared.server.authority(), &webhook.target, &identity, b"{}").status, 200);
}
