use proptest::prelude::*;
use uuid::Uuid;
use webhook::event::{Invalid, traceparent};
use webhook::{Address, EventRecord, RefusedRequest, timestamp};

fn record() -> EventRecord {
    let id = Uuid::from_u128;
    EventRecord {
        id: "0190b3a0-0000-7000-8000-000000000001".to_owned(),
        address: Address { organization: id(1), workspace: id(2), project: id(3), data_source: id(4) },
        time: 1_700_000_000_123,
        content_type: Some("application/json".to_owned()),
        traceparent: None,
        headers_json: "{\"Host\":\"a\"}".to_owned(),
        idempotency_key: None,
        commit: None,
        body: b" {\"a\": 1.10}\n".to_vec(),
    }
}

fn bytes(headers: Vec<(&'static str, String)>) -> Vec<(String, Vec<u8>)> {
    headers.into_iter().map(|(name, value)| (name.to_owned(), value.into_bytes())).collect()
}

#[test]
fn the_headers_are_those_of_cloudevents() {
    let headers = record().headers();
    let expected = [
        ("ce_specversion", "1.0"),
        ("ce_id", "0190b3a0-0000-7000-8000-000000000001"),
        (
            "ce_source",
            "/webhooks/incoming/00000000-0000-0000-0000-000000000001/00000000-0000-0000-0000-000000000002/\
             00000000-0000-0000-0000-000000000003/00000000-0000-0000-0000-000000000004",
        ),
        ("ce_type", "dev.forebay.webhook.received"),
        ("ce_time", "2023-11-14T22:13:20.123Z"),
        ("content-type", "application/json"),
        ("forebay_headers", "{\"Host\":\"a\"}"),
        ("forebay_organization", "00000000-0000-0000-0000-000000000001"),
        ("forebay_workspace", "00000000-0000-0000-0000-000000000002"),
        ("forebay_project", "00000000-0000-0000-0000-000000000003"),
        ("forebay_data_source", "00000000-0000-0000-0000-000000000004"),
    ];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(headers, expected);
}

#[test]
fn the_process_variable_has_the_body_byte_for_byte() {
    let mut event = record();
    assert_eq!(
        event.webhook_data().unwrap(),
        "{\"dateTime\":\"2023-11-14T22:13:20.123Z\",\"payload\": {\"a\": 1.10}\n,\"headers\":{\"Host\":\"a\"}}"
    );
    event.content_type = Some("text/plain".to_owned());
    event.body = b"say \"hi\"\n".to_vec();
    assert!(event.webhook_data().unwrap().contains("\"payload\":\"say \\\"hi\\\"\\n\","));
    event.body = Vec::new();
    assert!(event.webhook_data().unwrap().contains("\"payload\":null,"));
    event.body = b"\xff\xfe\xfd\xfc".to_vec();
    let text = event.webhook_data().unwrap();
    assert!(
        text.contains("\"payload\":\"//79/A==\",") && text.ends_with(",\"payloadEncoding\":\"base64\"}"),
        "{text}"
    );
    event.content_type = None;
    assert!(event.webhook_data().is_err());
}

#[test]
fn times() {
    assert_eq!(timestamp::rfc3339(0), "1970-01-01T00:00:00.000Z");
    assert_eq!(timestamp::rfc3339(1), "1970-01-01T00:00:00.001Z");
    assert_eq!(timestamp::rfc3339(-1), "1969-12-31T23:59:59.999Z");
    assert_eq!(timestamp::parse("2023-11-14T23:13:20.1239+01:00"), Some(1_700_000_000_123));
    for wrong in ["", "now", "2023-11-14", "2023-11-14T22:13:20", "2023-02-30T00:00:00Z"] {
        assert_eq!(timestamp::parse(wrong), None, "{wrong}");
    }
    for extreme in [i64::MIN, i64::MAX] {
        assert!(!timestamp::rfc3339(extreme).is_empty());
    }
}

#[test]
fn foreign_records_are_checked() {
    let good = bytes(record().headers());
    let with = |name: &str, value: &[u8]| {
        let mut headers = good.clone();
        headers.retain(|(other, _)| other != name);
        headers.push((name.to_owned(), value.to_vec()));
        EventRecord::decode(&headers, b"{}")
    };
    for name in [
        "ce_specversion",
        "ce_id",
        "ce_source",
        "ce_type",
        "ce_time",
        "forebay_organization",
        "forebay_workspace",
        "forebay_project",
        "forebay_data_source",
    ] {
        let mut headers = good.clone();
        headers.retain(|(other, _)| other != name);
        assert_eq!(EventRecord::decode(&headers, b"{}"), Err(Invalid::Missing(name)));
        let mut headers = good.clone();
        headers.push((name.to_owned(), b"1.0".to_vec()));
        assert_eq!(EventRecord::decode(&headers, b"{}"), Err(Invalid::Repeated(name)));
        assert!(matches!(with(name, b"\xff"), Err(Invalid::Malformed { .. })), "{name}");
        assert!(matches!(with(name, b""), Err(Invalid::Malformed { .. })), "{name}");
    }
    for (name, value) in [
        ("ce_specversion", "0.3"),
        ("ce_type", "dev.forebay.webhook.refused"),
        ("ce_id", "a\u{0}"),
        ("ce_time", "yesterday"),
        ("ce_source", "/elsewhere"),
        ("forebay_data_source", "00000000-0000-0000-0000-000000000005"),
        ("forebay_data_source", "00000000000000000000000000000004"),
        ("forebay_headers", "[]"),
        ("forebay_headers", "{\"A\":1}"),
        ("forebay_headers", "{\"A\":\"b\"} x"),
        ("forebay_headers", "{\"A\":{\"B\":\"c\"}}"),
        ("forebay_headers", ""),
        ("forebay_idempotency_key", ""),
        ("forebay_idempotency_key", "a\nb"),
        ("forebay_commit", "main"),
    ] {
        assert!(matches!(with(name, value.as_bytes()), Err(Invalid::Malformed { .. })), "{name} {value}");
    }
    assert!(with("ce_id", "x".repeat(201).as_bytes()).is_err());
    assert_eq!(with("ce_id", "any text é".as_bytes()).unwrap().id, "any text é");
    assert_eq!(with("ce_traceparent", b"nonsense").unwrap().traceparent, None);
    assert_eq!(with("ce_subject", b"\xff").unwrap().body, b"{}");
    let mut headers = good.clone();
    headers.retain(|(name, _)| name != "forebay_headers" && name != "content-type");
    let event = EventRecord::decode(&headers, b"{}").unwrap();
    assert_eq!((event.headers_json.as_str(), event.content_type), ("{}", None));
    assert_eq!(EventRecord::decode(&good, &vec![0; 1_048_577]), Err(Invalid::TooLarge(1_048_577)));
}

#[test]
fn refused_requests_read_back() {
    let refused =
        RefusedRequest { event: record(), status: 413, cause: "too-large".to_owned(), truncated: true };
    let headers = bytes(refused.headers());
    assert_eq!(RefusedRequest::decode(&headers, &refused.event.body).unwrap(), refused);
    assert_eq!(refused.told(), "the sender was answered 413 (too-large)");
    assert_eq!(RefusedRequest::status_told(&refused.told()), Some(413));
    for other in ["", "threw: Error", "the sender was answered ", "the sender was answered soon"] {
        assert_eq!(RefusedRequest::status_told(other), None, "{other}");
    }
    assert!(EventRecord::decode(&headers, b"").is_err());
    assert!(RefusedRequest::decode(&bytes(record().headers()), b"").is_err());
    for (name, value) in
        [("forebay_status", "200"), ("forebay_status", "x"), ("forebay_cause", ""), ("forebay_cause", "a b")]
    {
        let mut headers = headers.clone();
        headers.retain(|(other, _)| other != name);
        headers.push((name.to_owned(), value.as_bytes().to_vec()));
        assert!(RefusedRequest::decode(&headers, b"").is_err(), "{name} {value}");
    }
}

#[test]
fn trace_parents() {
    let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    assert_eq!(traceparent(good), Some(good));
    for wrong in [
        String::new(),
        good.to_uppercase(),
        format!("{good}-00"),
        good.replacen("00", "ff", 1),
        good.replace("0af7651916cd43dd8448eb211c80319c", &"0".repeat(32)),
        good.replace("b7ad6b7169203331", &"0".repeat(16)),
        good.replace('-', "_"),
        good[..54].to_owned(),
    ] {
        assert_eq!(traceparent(&wrong), None, "{wrong}");
    }
}

prop_compose! {
    fn any_record()(
        id in "[^\\p{Cc}]{1,200}",
        ids: [u128; 4],
        time in 0_i64..4_000_000_000_000,
        content_type in prop::option::of("[ -~]{0,40}"),
        trace in prop::option::of((1_u128.., 1_u64.., any::<u8>())),
        headers: std::collections::BTreeMap<String, String>,
        idempotency_key in prop::option::of("[^\\p{Cc}]{1,512}"),
        commit: Option<u128>,
        body: Vec<u8>,
    ) -> EventRecord {
        let [organization, workspace, project, data_source] = ids.map(Uuid::from_u128);
        EventRecord {
            id, time, content_type, idempotency_key, body,
            address: Address { organization, workspace, project, data_source },
            traceparent: trace.map(|(trace, parent, flags)| format!("00-{trace:032x}-{parent:016x}-{flags:02x}")),
            headers_json: serde_json::to_string(&headers).unwrap(),
            commit: commit.map(Uuid::from_u128),
        }
    }
}

proptest! {
    #[test]
    fn any_record_reads_back(record in any_record()) {
        let decoded = EventRecord::decode(&bytes(record.headers()), &record.body);
        prop_assert_eq!(decoded.as_ref(), Ok(&record));
        prop_assert_eq!(record.event_key(), record.idempotency_key.as_deref().unwrap_or(&record.id));
        match record.webhook_data() {
            Ok(text) => prop_assert!(serde_json::from_str::<&serde_json::value::RawValue>(&text).is_ok(), "{}", text),
            Err(_) => prop_assert!(webhook::payload::judge(record.content_type.as_deref(), &record.body).is_err()),
        }
    }

    #[test]
    fn any_headers_are_decoded_without_a_panic(
        headers in prop::collection::vec(("(ce_[a-z]{2,6}|forebay_[a-z]{4,9}|content-type)", any::<Vec<u8>>()), 0..12),
        body: Vec<u8>,
    ) {
        let _ = EventRecord::decode(&headers, &body);
        let _ = RefusedRequest::decode(&headers, &body);
    }
}
