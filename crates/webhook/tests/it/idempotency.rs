use webhook::IdempotencyKey;
use webhook::idempotency::IdempotencyKeyError;

fn extract(place: &str, header: Option<&[u8]>, body: &[u8], key: Option<&str>) -> Option<String> {
    IdempotencyKey::parse(place).unwrap().extract(|_| header, body, key)
}

#[test]
fn places_read_back() {
    for text in
        ["header:X-Github-Delivery", "pointer:/id", "pointer:", "pointer:/a~1b/0", "header:a!#$%&'*+-.^_`|~1"]
    {
        assert_eq!(IdempotencyKey::parse(text).unwrap().to_text(), text);
    }
    for (text, error) in [
        ("", IdempotencyKeyError::UnknownKind),
        ("Header:a", IdempotencyKeyError::UnknownKind),
        ("/id", IdempotencyKeyError::UnknownKind),
        ("header:", IdempotencyKeyError::NotAHeaderName),
        ("header:a b", IdempotencyKeyError::NotAHeaderName),
        ("header:é", IdempotencyKeyError::NotAHeaderName),
        ("header: a", IdempotencyKeyError::NotAHeaderName),
        ("pointer:id", IdempotencyKeyError::NotAPointer),
        ("pointer:/~2", IdempotencyKeyError::NotAPointer),
    ] {
        assert_eq!(IdempotencyKey::parse(text), Err(error), "{text}");
    }
    assert!(IdempotencyKey::parse(&format!("header:{}", "a".repeat(129))).is_err());
    assert!(IdempotencyKey::parse(&format!("pointer:/{}", "a".repeat(512))).is_err());
}

#[test]
fn keys_are_found() {
    let header = "header:X-Id";
    assert_eq!(extract(header, Some(b"abc"), b"", None).as_deref(), Some("abc"));
    assert_eq!(extract(header, Some(b"caf\xe9"), b"", None).as_deref(), Some("café"));
    assert_eq!(extract(header, None, b"", None), None);
    let pointer = "pointer:/id";
    for (body, expected) in [
        (&br#"{"id":"abc"}"#[..], Some("abc")),
        (br#"{"id":"\u0061\u00e9"}"#, Some("aé")),
        (br#"{"id": 12345678901234567890123 }"#, Some("12345678901234567890123")),
        (br#"{"id":1.10}"#, Some("1.10")),
        (br#"{"id":true}"#, Some("true")),
        (br#"{"id":false}"#, Some("false")),
        (br#"{"id":null}"#, None),
        (br#"{"id":{}}"#, None),
        (br#"{"id":[1]}"#, None),
        (br#"{"id":""}"#, None),
        (br#"{"id":"\ud800"}"#, None),
        (br#"{"id":"a\u0000b"}"#, None),
        (br#"{"id":"a\nb"}"#, None),
        (br#"{"other":1}"#, None),
        (b"", None),
        (b"text", None),
        (b"\xff", None),
    ] {
        assert_eq!(
            extract(pointer, None, body, None).as_deref(),
            expected,
            "{}",
            String::from_utf8_lossy(body)
        );
    }
}

#[test]
fn what_is_empty_too_long_or_secret_is_no_key() {
    let header = "header:X-Id";
    assert_eq!(extract(header, Some(b""), b"", None), None);
    assert_eq!(extract(header, Some("é".repeat(512).as_bytes()), b"", None), Some("é".repeat(512)));
    assert_eq!(extract(header, Some("é".repeat(513).as_bytes()), b"", None), None);
    assert_eq!(extract(header, Some(b"a-secret-b"), b"", Some("secret")), None);
    assert_eq!(extract("pointer:/a", None, br#"{"a":"\u0073ecret"}"#, Some("secret")), None);
}
