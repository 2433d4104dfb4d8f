use std::time::Instant;

use proptest::prelude::*;
use serde_json::value::RawValue;
use webhook::payload::{Fault, Form, is_json, judge};

const JSON: Option<&str> = Some("application/json");
const TEXT: Option<&str> = Some("text/plain");

/// What another parser, which has no limit of depth here, says of a text.
fn reference(body: &[u8]) -> bool {
    serde_json::from_slice::<&RawValue>(body).is_ok()
}

fn depth_of(body: &[u8]) -> usize {
    let (mut depth, mut deepest, mut string, mut escaped) = (0_usize, 0, false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if string => escaped = true,
            b'"' => string = !string,
            b'[' | b'{' if !string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !string => depth -= 1,
            _ => {}
        }
    }
    deepest
}

fn agrees(body: &[u8]) -> Result<(), TestCaseError> {
    let valid = reference(body);
    let expected = match (valid, valid && depth_of(body) > 100) {
        (true, true) => Err("deep"),
        (true, false) => Ok(Form::Json),
        (false, _) => Err("no"),
    };
    let verdict = judge(JSON, body).map_err(|fault| match fault {
        Fault::TooDeep => "deep",
        Fault::NotJson { offset, .. } => {
            assert!(offset <= body.len());
            "no"
        }
    });
    prop_assert_eq!(verdict, expected, "{:?}", String::from_utf8_lossy(body));
    let loose = judge(TEXT, body);
    let expected = match expected {
        _ if body.is_empty() => Ok(Form::Null),
        Ok(form) => Ok(form),
        Err("deep") => Err(Fault::TooDeep),
        Err(_) if std::str::from_utf8(body).is_ok() => Ok(Form::Text),
        Err(_) => Ok(Form::Base64),
    };
    prop_assert_eq!(loose, expected);
    Ok(())
}

/// A JSON text, valid by the way it is made.
fn json() -> impl Strategy<Value = String> {
    let white = "[ \n\r\t]{0,2}";
    let string =
        "([a-z ]{0,20}|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4}|é|漢|😀){0,5}".prop_map(|s| format!("\"{s}\""));
    let number = "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,9})?([eE][-+]?[0-9]{1,4})?";
    let scalar = prop_oneof![
        string.clone(),
        number.prop_map(|text| text),
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("false".to_owned()),
    ];
    let value = scalar.prop_recursive(8, 64, 5, move |inner| {
        let member = (string.clone(), white, inner.clone(), white)
            .prop_map(|(n, a, v, b)| format!("{n}{a}:{b}{v}{a}"));
        prop_oneof![
            prop::collection::vec((white, inner, white), 0..5).prop_map(|items| {
                let items: Vec<String> = items.into_iter().map(|(a, v, b)| a + &v + &b).collect();
                format!("[{}]", items.join(","))
            }),
            (prop::collection::vec(member, 0..5), white)
                .prop_map(|(items, a)| format!("{{{a}{}}}", items.join(","))),
        ]
    });
    (white, value, white).prop_map(|(a, value, b)| a + &value + &b)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn valid_texts_are_valid(text in json()) {
        prop_assert!(reference(text.as_bytes()));
        agrees(text.as_bytes())?;
    }

    #[test]
    fn texts_with_a_change_get_the_reference_s_verdict(text in json(), at: prop::sample::Index, byte: u8) {
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        agrees(&bytes)?;
        bytes.remove(at);
        agrees(&bytes)?;
        bytes.truncate(at);
        agrees(&bytes)?;
    }

    #[test]
    fn json_like_texts_get_the_reference_s_verdict(text in "[\\[\\]{}:,\"\\\\0-9eE+.\\-truefalsn \t]{0,40}") {
        agrees(text.as_bytes())?;
    }

    #[test]
    fn any_bytes_get_the_reference_s_verdict(bytes: Vec<u8>) {
        agrees(&bytes)?;
    }

    #[test]
    fn nesting_of_both_kinds_is_counted(kinds in prop::collection::vec(any::<bool>(), 0..300)) {
        let mut text = String::new();
        for object in &kinds {
            text.push_str(if *object { "{\"a\":" } else { "[1," });
        }
        text.push('0');
        for object in kinds.iter().rev() {
            text.push(if *object { '}' } else { ']' });
        }
        agrees(text.as_bytes())?;
        // One closed by the other's sign.
        if let Some(last) = text.pop() {
            text.push(if last == '}' { ']' } else { '}' });
            agrees(text.as_bytes())?;
        }
    }

    #[test]
    fn control_characters_are_found_wherever_they_stand(before in 0_usize..40, after in 0_usize..40, byte in 0_u8..0x30) {
        let mut bytes = vec![b'x'; before + after + 3];
        bytes[0] = b'"';
        bytes[before + 1] = byte;
        *bytes.last_mut().unwrap() = b'"';
        agrees(&bytes)?;
    }
}

#[test]
fn decisions() {
    let not_json = |result: Result<Form, Fault>| matches!(result, Err(Fault::NotJson { .. }));
    assert!(not_json(judge(JSON, b"\xef\xbb\xbf{}")));
    assert!(not_json(judge(None, b"\xef\xbb\xbf{}")));
    assert_eq!(judge(TEXT, b"\xef\xbb\xbf{}"), Ok(Form::Text));
    assert_eq!(judge(JSON, b"\"\\ud800\""), Ok(Form::Json));
    assert_eq!(judge(JSON, b"1e999"), Ok(Form::Json));
    assert!(not_json(judge(JSON, b"\"\xff\"")));
    assert_eq!(judge(TEXT, b"\"\xff\""), Ok(Form::Base64));
    assert!(not_json(judge(JSON, b"")));
    assert_eq!(judge(None, b""), Ok(Form::Null));
    assert_eq!(judge(TEXT, b""), Ok(Form::Null));
    assert!(not_json(judge(None, b" ")));
    assert_eq!(judge(TEXT, b" "), Ok(Form::Text));
    assert_eq!(judge(JSON, b"{\"a\":1,\"a\":2}"), Ok(Form::Json));
    let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    for content_type in [JSON, None, TEXT, Some("application/octet-stream")] {
        assert_eq!(judge(content_type, deep(100).as_bytes()), Ok(Form::Json));
        assert_eq!(judge(content_type, deep(101).as_bytes()), Err(Fault::TooDeep));
        assert_eq!(judge(content_type, deep(500_000).as_bytes()), Err(Fault::TooDeep));
    }
    assert_eq!(judge(TEXT, "[".repeat(1_000_000).as_bytes()), Ok(Form::Text));
    assert_eq!(judge(JSON, b"{\"a\":tru}"), Err(Fault::NotJson { offset: 5, why: "a value was expected" }));
}

#[test]
fn content_types() {
    for yes in [
        "application/json",
        "APPLICATION/JSON",
        " application/json ; charset=utf-16",
        "application/json;",
        "application/cloudevents+json",
        "application/vnd.api+JSON;a=b",
        "image/svg+json",
    ] {
        assert!(is_json(yes), "{yes}");
    }
    for no in [
        "",
        "text/json",
        "application/jsonp",
        "json",
        "+json",
        "a+json",
        "application/json-seq",
        "text/plain; a=application/json",
        "application/x;+json",
        "é+json",
    ] {
        assert!(!is_json(no), "{no}");
    }
}

#[test]
fn a_kilobyte_takes_about_a_microsecond() {
    let text = format!(
        "{{\"id\":\"evt_1\",\"amount\":1250.75,\"lines\":[{}],\"note\":\"{}\"}}",
        "{\"sku\":\"A-1\",\"count\":3},".repeat(12) + "0",
        "plain text ".repeat(60)
    );
    let rounds = 20_000;
    let started = Instant::now();
    for _ in 0..rounds {
        assert_eq!(judge(JSON, std::hint::black_box(text.as_bytes())), Ok(Form::Json));
    }
    let each = started.elapsed() / rounds;
    assert!(each.as_micros() < 20, "{} bytes in {each:?}", text.len());
}
