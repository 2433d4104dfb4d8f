//! Requests that are not well-formed, or that two readers might read in two ways.

use crate::client::Client;
use crate::world::World;

/// What the target is replaced by: the whole target, right key included.
const T: &str = "{T}";

/// Name, request, status. Every request of this table must be answered once, and the connection closed.
fn table() -> Vec<(&'static str, String, u16)> {
    let post = |headers: &str, body: &str| format!("POST {T} HTTP/1.1\r\nHost: a\r\n{headers}\r\n{body}");
    let line = |line: &str| format!("{line}\r\nHost: a\r\nContent-Length: 2\r\n\r\n{{}}");
    let smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    let cl = "Content-Length: 2\r\n";
    let te = "Transfer-Encoding: chunked\r\n";
    let chunks = "2\r\n{}\r\n0\r\n\r\n";
    let mut table = framing(&post, smuggled);
    table.extend(chunk_shapes(&post));
    table.extend([
        // The request line.
        ("no version", line(&format!("POST {T}")), 400),
        ("HTTP/0.9", format!("POST {T}\r\n"), 400),
        ("HTTP/1.2", line(&format!("POST {T} HTTP/1.2")), 400),
        ("HTTP/2.0", line(&format!("POST {T} HTTP/2.0")), 400),
        ("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), 400),
        ("lower case version", line(&format!("POST {T} http/1.1")), 400),
        ("no space", line(&format!("POST{T}HTTP/1.1")), 400),
        ("two spaces before the target", line(&format!("POST  {T} HTTP/1.1")), 400),
        ("two spaces after the target", line(&format!("POST {T}  HTTP/1.1")), 400),
        ("a tab for a space", line(&format!("POST\t{T} HTTP/1.1")), 400),
        ("a space at the end", line(&format!("POST {T} HTTP/1.1 ")), 400),
        ("a space at the beginning", line(&format!(" POST {T} HTTP/1.1")), 400),
        ("a space in the target", line(&format!("POST {T}&a=b c HTTP/1.1")), 400),
        ("a control in the target", line(&format!("POST {T}&a=\u{1} HTTP/1.1")), 400),
        ("a NUL in the target", line(&format!("POST {T}\0 HTTP/1.1")), 400),
        ("a letter beyond ASCII in the target", line(&format!("POST {T}&a=é HTTP/1.1")), 400),
        ("a fragment in the target", line(&format!("POST {T}#a HTTP/1.1")), 400),
        ("a carriage return in the target", line(&format!("POST {T}\ra HTTP/1.1")), 400),
        ("a method that is no token", line(&format!("PO(ST {T} HTTP/1.1")), 400),
        ("no method", line(&format!(" {T} HTTP/1.1")), 400),
        ("no target", line("POST HTTP/1.1"), 400),
        ("TLS", "\u{16}\u{3}\u{1}\0\u{5}\u{1}\0\n".to_owned(), 400),
        ("bare line feed after the request line", format!("POST {T} HTTP/1.1\nHost: a\r\n{cl}\r\n{{}}"), 400),
        ("three empty lines before the request line", format!("\r\n\r\n\r\n{}", post(cl, "{}")), 400),
        ("line feeds before the request line", format!("\n{}", post(cl, "{}")), 400),
        ("CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(), 405),
        // Host.
        ("no Host", format!("POST {T} HTTP/1.1\r\n{cl}\r\n{{}}"), 400),
        ("two Hosts", post(&format!("Host: b\r\n{cl}"), "{}"), 400),
        ("two equal Hosts", post(&format!("host: a\r\n{cl}"), "{}"), 400),
        ("a space in Host", format!("POST {T} HTTP/1.1\r\nHost: a b\r\n{cl}\r\n{{}}"), 400),
        ("a slash in Host", format!("POST {T} HTTP/1.1\r\nHost: a/b\r\n{cl}\r\n{{}}"), 400),
        ("a user in Host", format!("POST {T} HTTP/1.1\r\nHost: u@a\r\n{cl}\r\n{{}}"), 400),
        // Header lines.
        ("bare line feed after a header", post(&format!("X-A: b\n{cl}"), "{}"), 400),
        (
            "bare line feeds at the end of the head",
            format!("POST {T} HTTP/1.1\r\nHost: a\r\nX-A: b\n\n"),
            400,
        ),
        ("bare carriage return in a value", post(&format!("X-A: b\rc\r\n{cl}"), "{}"), 400),
        ("folded header", post(&format!("X-A: b\r\n c\r\n{cl}"), "{}"), 400),
        ("folded with a tab", post(&format!("X-A: b\r\n\tc\r\n{cl}"), "{}"), 400),
        ("folded first header", format!("POST {T} HTTP/1.1\r\n Host: a\r\n{cl}\r\n{{}}"), 400),
        ("space before the colon", post("Content-Length : 2\r\n", "{}"), 400),
        ("tab before the colon", post("Content-Length\t: 2\r\n", "{}"), 400),
        ("space in a name", post(&format!("X A: b\r\n{cl}"), "{}"), 400),
        ("no name", post(&format!(": b\r\n{cl}"), "{}"), 400),
        ("no colon", post(&format!("X-A\r\n{cl}"), "{}"), 400),
        ("NUL in a name", post(&format!("X-\0A: b\r\n{cl}"), "{}"), 400),
        ("NUL in a value", post(&format!("X-A: b\0c\r\n{cl}"), "{}"), 400),
        ("DEL in a value", post(&format!("X-A: b\u{7f}c\r\n{cl}"), "{}"), 400),
        ("a letter beyond ASCII in a name", post(&format!("X-é: b\r\n{cl}"), "{}"), 400),
        ("a quote in a name", post(&format!("X-\"A: b\r\n{cl}"), "{}"), 400),
        ("201 headers", post(&"X-A: b\r\n".repeat(200), ""), 431),
        ("headers of 64 KiB", post(&format!("X-A: {}\r\n", "b".repeat(65_536)), ""), 431),
        ("many headers of 64 KiB", post(&format!("X-A: {}\r\n", "b".repeat(1000)).repeat(70), ""), 431),
        ("headers without an end", format!("POST {T} HTTP/1.1\r\nX: {}", "b".repeat(300_000)), 431),
        ("request line over 8 KiB", line(&format!("POST {T}&a={} HTTP/1.1", "b".repeat(8192))), 414),
        ("request line of 64 KiB", line(&format!("POST {T}&a={} HTTP/1.1", "b".repeat(65_536))), 414),
        ("request line without an end", format!("POST {T}{}", "b".repeat(300_000)), 414),
    ]);
    table.push(("both, chunked after", post(&format!("{cl}{te}"), chunks), 400));
    table.push(("both, chunked first", post(&format!("{te}{cl}"), chunks), 400));
    table
}

/// `Content-Length` and `Transfer-Encoding`.
fn framing(post: &dyn Fn(&str, &str) -> String, smuggled: &str) -> Vec<(&'static str, String, u16)> {
    let length = |value: &str| post(&format!("Content-Length: {value}\r\n"), "{}");
    let coding = |value: &str| post(&format!("Transfer-Encoding: {value}\r\n"), "2\r\n{}\r\n0\r\n\r\n");
    vec![
        (
            "CL.TE",
            post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", &format!("0\r\n\r\n{smuggled}")),
            400,
        ),
        (
            "TE.CL",
            post(
                "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
                &format!("27\r\n{smuggled}\r\n0\r\n\r\n"),
            ),
            400,
        ),
        ("CL 0 and TE", post("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400),
        ("two lengths", post("Content-Length: 2\r\nContent-Length: 40\r\n", &format!("{{}}{smuggled}")), 400),
        ("two equal lengths", post("Content-Length: 2\r\nContent-Length: 2\r\n", "{}"), 400),
        ("a list of lengths", length("2, 2"), 400),
        ("length with a plus", length("+2"), 400),
        ("length with a minus", length("-2"), 400),
        ("length in hexadecimal", length("0x2"), 400),
        ("length with a decimal point", length("2.0"), 400),
        ("length with a letter", length("2a"), 400),
        ("length with a space inside", length("2 0"), 400),
        ("empty length", length(""), 400),
        ("length of 2^64", length("18446744073709551616"), 400),
        ("length of 2^64 + 2", length("18446744073709551618"), 400),
        ("length of 30 digits", length(&"9".repeat(30)), 400),
        ("length in other digits", length("２"), 400),
        (
            "two codings",
            post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
            400,
        ),
        ("coding identity", coding("identity"), 400),
        ("coding gzip, chunked", coding("gzip, chunked"), 400),
        ("coding chunked, identity", coding("chunked, identity"), 400),
        ("coding chunked twice", coding("chunked, chunked"), 400),
        ("coding xchunked", coding("xchunked"), 400),
        ("coding with a vertical tab", coding("\u{b}chunked"), 400),
        ("coding in quotes", coding("\"chunked\""), 400),
        ("empty coding", coding(""), 400),
        ("coding in HTTP/1.0", coding("chunked").replace("HTTP/1.1", "HTTP/1.0"), 400),
    ]
}

/// Chunked bodies.
fn chunk_shapes(post: &dyn Fn(&str, &str) -> String) -> Vec<(&'static str, String, u16)> {
    let chunks = |body: &str| post("Transfer-Encoding: chunked\r\n", body);
    vec![
        ("chunk size of 2^64", chunks("10000000000000002\r\n{}\r\n0\r\n\r\n"), 400),
        ("chunk size of 20 digits", chunks("00000000000000000002\r\n{}\r\n0\r\n\r\n"), 400),
        ("chunk size with a minus", chunks("-2\r\n{}\r\n0\r\n\r\n"), 400),
        ("chunk size with 0x", chunks("0x2\r\n{}\r\n0\r\n\r\n"), 400),
        ("chunk size with a space", chunks("2 \r\n{}\r\n0\r\n\r\n"), 400),
        ("no chunk size", chunks("\r\n{}\r\n0\r\n\r\n"), 400),
        ("chunk extension without a size", chunks(";a=b\r\n{}\r\n0\r\n\r\n"), 400),
        ("chunk size and bare line feed", chunks("2\n{}\r\n0\r\n\r\n"), 400),
        ("chunk data and bare line feed", chunks("2\r\n{}\n0\r\n\r\n"), 400),
        ("chunk extension with a line feed", chunks("2;a\n\r\n{}\r\n0\r\n\r\n"), 400),
        ("chunk longer than its size", chunks("2\r\n{}   \r\n0\r\n\r\n"), 400),
        ("chunk extensions of 5 KiB", chunks(&format!("2;{}\r\n{{}}\r\n0\r\n\r\n", "a".repeat(5120))), 400),
        ("trailers of 9 KiB", chunks(&format!("2\r\n{{}}\r\n0\r\nX: {}\r\n\r\n", "a".repeat(9216))), 400),
        ("trailer and bare line feed", chunks("2\r\n{}\r\n0\r\nX: a\n\r\n"), 400),
    ]
}

#[test]
fn each_is_refused_once_and_the_connection_closed() {
    let world = World::start();
    let table = table();
    assert!(table.len() >= 70, "{}", table.len());
    let mut wrong = Vec::new();
    for (name, text, status) in &table {
        let bytes = text.replace(T, &world.target());
        let mut client = Client::connect(world.at);
        // A second request behind it must never be answered.
        client.send(bytes.as_bytes());
        client.send(b"GET /second HTTP/1.1\r\nHost: a\r\n\r\n");
        let answers = client.answers();
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        if statuses != [*status] || !answers[0].closes() {
            wrong.push(format!("{name}: {statuses:?} instead of {status}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(world.count(eventlog::Topic::WebhookEvents), 0);
    world.assert_at_rest();
}

#[test]
fn each_is_refused_the_same_when_it_comes_in_small_pieces() {
    let world = World::start();
    for (name, text, status) in table().iter().filter(|(_, text, _)| text.len() < 2000) {
        let bytes = text.replace(T, &world.target());
        let mut client = Client::connect(world.at);
        for piece in bytes.as_bytes().chunks(7) {
            client.send(piece);
        }
        let answer = client.answer();
        assert_eq!(answer.map(|answer| answer.status), Some(*status), "{name}");
    }
    assert_eq!(world.count(eventlog::Topic::WebhookEvents), 0);
}

#[test]
fn a_malformed_request_behind_a_good_one_spoils_only_itself() {
    let world = World::start();
    let table = table();
    for (name, text, status) in table.iter().filter(|(_, text, _)| text.len() < 2000) {
        let mut bytes = world.post("", b"{}");
        bytes.extend(text.replace(T, &world.target()).into_bytes());
        let mut client = Client::connect(world.at);
        client.send(&bytes);
        let statuses: Vec<u16> = client.answers().iter().map(|answer| answer.status).collect();
        // Empty lines between two requests are passed over up to a number, so one more case is a good one.
        assert_eq!(statuses, [200, *status], "{name}");
    }
}

#[test]
fn unusual_requests_that_are_well_formed_are_accepted() {
    let world = World::start();
    let target = world.target();
    for (name, bytes) in [
        (
            "an empty line before",
            format!("\r\nPOST {target} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{{}}"),
        ),
        ("empty Host", format!("POST {target} HTTP/1.1\r\nHost:\r\nContent-Length: 2\r\n\r\n{{}}")),
        (
            "a host with a port",
            format!("POST {target} HTTP/1.1\r\nHost: [::1]:80\r\nContent-Length: 2\r\n\r\n{{}}"),
        ),
        ("HTTP/1.0", format!("POST {target} HTTP/1.0\r\nContent-Length: 2\r\n\r\n{{}}")),
        ("leading zeros", format!("POST {target} HTTP/1.1\r\nHost: a\r\nContent-Length: 0002\r\n\r\n{{}}")),
        (
            "CHUNKED",
            format!(
                "POST {target} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n"
            ),
        ),
        (
            "chunk extension",
            format!(
                "POST {target} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;a=\"b\"\r\n{{}}\r\n00\r\n\r\n"
            ),
        ),
        (
            "trailer",
            format!(
                "POST {target} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\nX-A: b\r\n\r\n"
            ),
        ),
        (
            "199 headers",
            format!(
                "POST {target} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n{}\r\n{{}}",
                "X-A: b\r\n".repeat(198)
            ),
        ),
        (
            "headers of 60 KiB",
            format!(
                "POST {target} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nX-A: {}\r\n\r\n{{}}",
                "b".repeat(60_000)
            ),
        ),
        ("request line of 8 KiB", {
            let empty = format!("POST {target}&a= HTTP/1.1").len();
            format!(
                "POST {target}&a={} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{{}}",
                "b".repeat(8192 - empty)
            )
        }),
        (
            "no white space before a value",
            format!("POST {target} HTTP/1.1\r\nHost:a\r\nContent-Length:2\r\n\r\n{{}}"),
        ),
    ] {
        let mut client = Client::connect(world.at);
        client.send(bytes.as_bytes());
        client.end_of_sending();
        let statuses: Vec<u16> = client.answers().iter().map(|answer| answer.status).collect();
        assert_eq!(statuses, [200], "{name}");
    }
}

#[test]
fn a_head_that_breaks_off_is_answered() {
    let world = World::start();
    let bytes = world.post("", b"{}");
    let mut client = Client::connect(world.at);
    client.send(&bytes[..40]);
    client.end_of_sending();
    assert_eq!(client.answers()[0].status, 400);
}
