use proptest::prelude::*;
use webhook::headers::{DEFAULT_REDACTED, canonical};

fn redacted() -> Vec<String> {
    DEFAULT_REDACTED.iter().map(|name| (*name).to_owned()).collect()
}

fn of(headers: &[(&str, &[u8])], redact: &[String], key: Option<&str>) -> String {
    canonical(headers.iter().map(|(name, value)| (name.as_bytes(), *value)), redact, key)
}

#[test]
fn names_are_train_case_and_repeated_ones_joined() {
    let text = of(
        &[
            ("content-TYPE", b"application/json"),
            ("x-github-event", b"push"),
            ("X-Forwarded-For", b"10.0.0.1"),
            ("accept", b""),
            ("x-forwarded-for", b"10.0.0.2"),
            ("x-1a-b", b"quote \" and \\"),
        ],
        &redacted(),
        None,
    );
    assert_eq!(
        text,
        r#"{"Content-Type":"application/json","X-Github-Event":"push","X-Forwarded-For":"10.0.0.1, 10.0.0.2","Accept":"","X-1a-B":"quote \" and \\"}"#
    );
    assert_eq!(of(&[], &redacted(), None), "{}");
}

#[test]
fn values_are_utf_8_or_else_latin_1() {
    let text = of(&[("a", "café".as_bytes()), ("b", b"caf\xe9"), ("c", b"tab\there")], &[], None);
    assert_eq!(text, r#"{"A":"café","B":"café","C":"tab\there"}"#);
}

#[test]
fn credentials_are_hidden() {
    let headers: [(&str, &[u8]); 6] = [
        ("authorization", b"Basic abc"),
        ("PROXY-AUTHORIZATION", b"x"),
        ("cookie", b"a=b"),
        ("cookie", b"c=d"),
        ("x-api-key", b"secret"),
        ("x-other", b"shown"),
    ];
    assert_eq!(
        of(&headers, &redacted(), None),
        r#"{"Authorization":"[redacted]","Proxy-Authorization":"[redacted]","Cookie":"[redacted]","X-Api-Key":"[redacted]","X-Other":"shown"}"#
    );
    let other = vec!["x-OTHER".to_owned()];
    let text = of(&headers, &other, Some("secret"));
    assert!(
        text.contains(r#""X-Other":"[redacted]""#) && text.contains(r#""X-Api-Key":"[redacted]""#),
        "{text}"
    );
    assert!(text.contains("Basic abc"));
}

#[test]
fn the_presented_key_is_hidden_wherever_it_stands() {
    let text = of(
        &[
            ("referer", b"https://a/?flowxApiKey=secret&b"),
            ("x", b"sec"),
            ("x", b"ret"),
            ("y", b"a"),
            ("y", b"-secret-"),
        ],
        &[],
        Some("secret"),
    );
    assert_eq!(text, r#"{"Referer":"[redacted]","X":"sec, ret","Y":"[redacted]"}"#);
    assert_eq!(of(&[("a", b"b")], &[], Some("")), r#"{"A":"b"}"#);
}

#[test]
fn the_presented_key_is_hidden_percent_encoded_too() {
    let shown = |value: &str| of(&[("x-original-uri", value.as_bytes())], &[], Some("s-ecr/t"));
    for value in
        ["/a?flowxApiKey=%73-%65cr%2Ft", "/a?next=%2Fb%3FflowxApiKey%3Ds-ecr%252Ft", "s-ecr/t", "%s-ecr%2ft%"]
    {
        assert_eq!(shown(value), r#"{"X-Original-Uri":"[redacted]"}"#, "{value}");
    }
    for value in ["/a?b=%73-ecr", "100 %", "%", "%zz", ""] {
        assert_eq!(shown(value), format!(r#"{{"X-Original-Uri":"{value}"}}"#), "{value}");
    }
}

proptest! {
    #[test]
    fn any_headers_make_an_object_of_strings(headers: Vec<(Vec<u8>, Vec<u8>)>) {
        let pairs = headers.iter().map(|(name, value)| (name.as_slice(), value.as_slice()));
        let text = canonical(pairs, &redacted(), Some("key"));
        let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
        let names: std::collections::HashSet<Vec<u8>> = headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        prop_assert_eq!(object.len(), names.len());
        prop_assert!(object.values().all(|value| value.is_string()));
    }
}
