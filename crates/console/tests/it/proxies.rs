//! From where a request comes: behind proxies that are trusted, and behind none.

use std::net::{IpAddr, SocketAddr};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Request};
use proptest::prelude::*;
use serde_json::json;

use crate::app::{App, proxies};
use crate::people::PASSWORD;

const TRUSTED: [&str; 4] = ["10.0.0.0/8", "192.0.2.7", "fd00::/8", "::ffff:172.16.0.0/108"];

fn headers(lines: &[&[u8]]) -> HeaderMap {
    let value = |line: &&[u8]| HeaderValue::from_bytes(line).unwrap();
    lines.iter().map(|line| ("x-forwarded-for".parse().unwrap(), value(line))).collect()
}

/// Who sent it, if these lines came over a connection with `peer`.
fn client(peer: &str, lines: &[&[u8]]) -> String {
    proxies(&TRUSTED).client(peer.parse().unwrap(), &headers(lines)).to_string()
}

#[test]
fn a_trusted_proxy_says_who_came_to_it() {
    for (lines, expected) in [
        (&[b"203.0.113.5" as &[u8]] as &[&[u8]], "203.0.113.5"),
        // what the sender claims stands before what the proxy saw
        (&[b"1.1.1.1, 203.0.113.5"], "203.0.113.5"),
        (&[b"1.1.1.1", b"203.0.113.5"], "203.0.113.5"),
        // a chain of our own proxies
        (&[b"1.1.1.1, 203.0.113.5, 10.1.1.1 ,\t192.0.2.7"], "203.0.113.5"),
        (&[b"203.0.113.5,fd00::1", b"10.9.9.9"], "203.0.113.5"),
        // all of them are ours: the first
        (&[b"10.0.0.9, 10.0.0.8"], "10.0.0.9"),
        // with ports, and of version 6 in each of its spellings
        (&[b"203.0.113.5:4711"], "203.0.113.5"),
        (&[b"2001:db8::5"], "2001:db8::5"),
        (&[b"[2001:db8::5]"], "2001:db8::5"),
        (&[b"[2001:db8::5]:443"], "2001:db8::5"),
        (&[b"::ffff:203.0.113.5"], "203.0.113.5"),
        (&[b"203.0.113.5, ::ffff:10.0.0.3, 172.16.1.1"], "203.0.113.5"),
        // what cannot be read tells nothing, and nothing beyond it is read
        (&[b"203.0.113.5, unknown"], "10.0.0.1"),
        (&[b"203.0.113.5, , 10.0.0.2"], "10.0.0.2"),
        (&[b""], "10.0.0.1"),
        (&[b"\xff\xfe, 203.0.113.5"], "203.0.113.5"),
        (&[b"203.0.113.5, \xff\xfe"], "10.0.0.1"),
        (&[b"\"203.0.113.5\""], "10.0.0.1"),
        (&[b"203.0.113.256"], "10.0.0.1"),
        (&[b"fe80::1%eth0"], "10.0.0.1"),
        (&[b"010.0.0.9"], "10.0.0.1"),
        (&[], "10.0.0.1"),
    ] {
        assert_eq!(client("10.0.0.1", lines), expected, "{lines:?}");
        assert_eq!(client("::ffff:10.0.0.1", lines), expected, "{lines:?}");
    }
}

#[test]
fn nobody_else_is_believed() {
    for peer in ["203.0.113.9", "192.0.2.8", "11.0.0.1", "2001:db8::9", "127.0.0.1"] {
        for line in [b"1.1.1.1" as &[u8], b"10.0.0.1", b"1.1.1.1, 10.0.0.1"] {
            assert_eq!(client(peer, &[line]), peer);
            assert_eq!(proxies(&[]).client(peer.parse().unwrap(), &headers(&[line])).to_string(), peer);
        }
    }
}

#[test]
fn a_thousand_entries_are_read_from_their_end() {
    let many = |hop: &str| vec![hop; 1000].join(",").into_bytes();
    assert_eq!(client("10.0.0.1", &[&many("1.1.1.1")]), "1.1.1.1");
    assert_eq!(client("10.0.0.1", &[&many("10.2.2.2")]), "10.2.2.2");
    let line = [b"203.0.113.5,", many("10.2.2.2").as_slice()].concat();
    assert_eq!(client("10.0.0.1", &[&line]), "203.0.113.5");
    let lines: Vec<&[u8]> = std::iter::repeat_n(b"10.2.2.2" as &[u8], 1000).collect();
    assert_eq!(client("10.0.0.1", &lines), "10.2.2.2");
}

#[test]
fn what_is_no_network_is_named() {
    let faults = |texts: &[&str]| {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        console::TrustedProxies::parse(&texts).err().unwrap_or_default()
    };
    assert_eq!(faults(&["10.0.0.0/8", "::1", "fd00::/8"]), Vec::<String>::new());
    let found = faults(&["10.0.0.0/33", "proxy", "", "10.1.0.0/8", "0.0.0.0/0", "::/0", "::ffff:0:0/96"]);
    for (fault, word) in found.iter().zip([
        "\"10.0.0.0/33\" is no network",
        "\"proxy\"",
        "\"\"",
        "write 10.0.0.0/8",
        "trusts everybody",
        "trusts everybody",
        "trusts everybody",
    ]) {
        assert!(fault.contains(word), "{fault}");
    }
    assert_eq!(found.len(), 7);
}

proptest! {
    /// Whatever bytes it has: it is read without a panic, and who is not trusted is where they are.
    #[test]
    fn hostile_headers_choose_nothing(
        lines in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..200), 0..5),
        peer in any::<[u8; 4]>(),
    ) {
        let lines: Vec<HeaderValue> = lines.iter().filter_map(|line| HeaderValue::from_bytes(line).ok()).collect();
        let sent: HeaderMap = lines.iter().map(|line| ("x-forwarded-for".parse().unwrap(), line.clone())).collect();
        let peer = IpAddr::from(peer);
        prop_assert_eq!(proxies(&[]).client(peer, &sent), peer);
        let (inside, outside) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([203, 0, 113, 9]));
        let _ = proxies(&TRUSTED).client(inside, &sent);
        prop_assert_eq!(proxies(&TRUSTED).client(outside, &sent), outside);
    }

    /// However much is made up in front of it, what our proxies saw is what counts.
    #[test]
    fn nothing_in_front_of_what_was_seen_counts(
        made_up in "[ -~]{0,100}",
        seen in any::<u16>(),
        ours in proptest::collection::vec(any::<[u8; 3]>(), 0..4),
    ) {
        let seen = IpAddr::from([203, 0, seen.to_be_bytes()[0], seen.to_be_bytes()[1]]);
        let mut hops = vec![made_up, seen.to_string()];
        hops.extend(ours.iter().map(|[a, b, c]| format!("10.{a}.{b}.{c}")));
        let found = proxies(&TRUSTED).client(IpAddr::from([10, 0, 0, 1]), &headers(&[hops.join(", ").as_bytes()]));
        prop_assert_eq!(found, seen);
    }
}

/// Signs in over a connection with `peer`, with this header.
async fn sign_in(app: &App, peer: &str, header: &str, password: &str) -> crate::app::Answer {
    let body = json!({ "email": "ada@example.com", "password": password });
    let mut request = Request::post("/api/v1/session")
        .header("content-type", "application/json")
        .header("x-forwarded-for", header)
        .body(Body::from(body.to_string()))
        .unwrap();
    request.extensions_mut().insert(SocketAddr::new(peer.parse().unwrap(), 40_000));
    app.send(request).await
}

#[tokio::test]
async fn audit_and_sessions_tell_from_where_and_guessing_counts_by_it() {
    let app = App::behind(&["10.0.0.0/8"], false).await;
    app.person("ada@example.com").await;
    let last = || async {
        let entries = app.get("audit?action=session.begin&limit=1").await.good();
        entries["items"][0]["sourceAddress"].clone()
    };
    sign_in(&app, "10.0.0.1", "1.1.1.1, 203.0.113.5", PASSWORD).await.good();
    assert_eq!(last().await, "203.0.113.5");
    // the control: the same header from somebody else is nothing but words
    sign_in(&app, "198.51.100.1", "1.1.1.1, 203.0.113.5", PASSWORD).await.good();
    assert_eq!(last().await, "198.51.100.1");
    let sources = app.column_of("SELECT source_address FROM user_session ORDER BY id").await;
    assert_eq!(sources[sources.len() - 2..], ["203.0.113.5", "198.51.100.1"]);

    // wrong passwords of one client are not those of all who come by way of the proxy
    sign_in(&app, "10.0.0.1", "203.0.113.66", "a wrong password").await.refused(401);
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
    let many =
        format!("UPDATE sign_in_failure SET failures = 60, last_at = {now} WHERE subject LIKE 'address/%'");
    app.change(&many).await;
    let again = sign_in(&app, "10.0.0.1", "203.0.113.66", PASSWORD).await;
    assert_eq!(again.refused(429), "too-many-attempts");
    sign_in(&app, "10.0.0.1", "203.0.113.67", PASSWORD).await.good();
    // who is not trusted gets no other place by naming one
    sign_in(&app, "198.51.100.66", "203.0.113.1", "a wrong password").await.refused(401);
    app.change(&many).await;
    let again = sign_in(&app, "198.51.100.66", "203.0.113.2", PASSWORD).await;
    assert_eq!(again.refused(429), "too-many-attempts");
}
