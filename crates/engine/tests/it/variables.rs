//! Variables are text: what nobody assigns keeps every byte.

use engine::{Patch, Variables, VariablesError};
use proptest::prelude::*;

use crate::build::variables;
use crate::json::{Json, parse, written};

fn merged(base: &str, patch: &str) -> String {
    let mut all = variables(base);
    all.merge(&Patch::parse(patch, 100).unwrap());
    all.to_json()
}

#[test]
fn objects_merge_level_by_level_and_everything_else_is_replaced() {
    assert_eq!(
        merged(r#"{"a":{"b":1,"c":[1,2]}}"#, r#"{"a":{"c":[3],"d":4},"e":5}"#),
        r#"{"a":{"b":1,"c":[3],"d":4},"e":5}"#
    );
    assert_eq!(merged(r#"{"a":{"b":1}}"#, r#"{"a":7}"#), r#"{"a":7}"#);
    assert_eq!(merged(r#"{"a":7}"#, r#"{"a":{"b":1}}"#), r#"{"a":{"b":1}}"#);
    assert_eq!(merged(r#"{"a":{}}"#, r#"{"a":{"b":1,"c":2}}"#), r#"{"a":{"b":1,"c":2}}"#);
    assert_eq!(merged(r#"{"a":{ }}"#, r#"{"a":{"b":null}}"#), r#"{"a":{ "b":null}}"#);
    assert_eq!(merged("{}", "{}"), "{}");
    assert_eq!(merged(r#"{"a":1}"#, " {} "), r#"{"a":1}"#);
}

#[test]
fn what_the_patch_does_not_name_keeps_its_bytes() {
    let odd = r#"{ "n" : 1.10 , "big":12345678901234567890123,"e":1e999,"d":1,"d":2,"s":"\ud800\u0041","x":{"y" :[ 1 ]} }"#;
    let base = format!(r#"{{"v":{odd}}}"#);
    assert_eq!(merged(&base, r#"{"w":1}"#), format!(r#"{{"v":{odd},"w":1}}"#));
    assert_eq!(
        merged(&base, r#"{"v":{"x":{"z":0}}}"#),
        format!(r#"{{"v":{}}}"#, odd.replace("[ 1 ]", r#"[ 1 ],"z":0"#))
    );
    assert_eq!(merged(&base, r#"{"v":{"n":1.1}}"#), format!(r#"{{"v":{}}}"#, odd.replace("1.10", "1.1")));
}

#[test]
fn of_duplicate_keys_the_last_counts() {
    assert_eq!(merged(r#"{"v":{"d":1,"d":2}}"#, r#"{"v":{"d":3}}"#), r#"{"v":{"d":1,"d":3}}"#);
    assert_eq!(merged(r#"{"v":{}}"#, r#"{"v":{"d":1,"d":2}}"#), r#"{"v":{"d":2}}"#);
    assert_eq!(merged("{}", r#"{"v":{"a":1},"v":{"b":2}}"#), r#"{"v":{"b":2}}"#);
    assert_eq!(variables(r#"{"v":{"d":1,"d":2}}"#).pointer("v", "/d"), Some("2"));
}

#[test]
fn keys_are_the_same_however_they_are_escaped() {
    assert_eq!(merged(r#"{"v":{"\u0061\/":1}}"#, r#"{"v":{"a/":2}}"#), r#"{"v":{"\u0061\/":2}}"#);
    assert_eq!(merged(r#"{"v":{"\ud83d\ude00":1}}"#, r#"{"v":{"😀":2}}"#), r#"{"v":{"\ud83d\ude00":2}}"#);
    let apart = merged(r#"{"v":{"\ud800":1}}"#, r#"{"v":{"\ud801":2,"\ufffd":3}}"#);
    assert_eq!(apart, r#"{"v":{"\ud800":1,"\ud801":2,"\ufffd":3}}"#);
    assert_eq!(variables(r#"{"\u0061\"":1}"#).get("a\""), Some("1"));
    assert_eq!(merged(r#"{"a\tb":1}"#, "{}"), r#"{"a\tb":1}"#);
}

#[test]
fn texts_that_are_no_variables_are_refused() {
    let mut all = Variables::new();
    for text in ["", "{", "[1,]", "01", "1 2", "nul", "\"\u{1}\"", "'a'", "NaN", "\u{feff}1"] {
        assert!(matches!(all.set("v", text), Err(VariablesError::Value { .. })), "{text}");
    }
    assert!(all.set("v", format!("{}{}", "[".repeat(1_001), "]".repeat(1_001))).is_err());
    assert!(all.set("v", "[".repeat(500_000)).is_err());
    assert!(all.is_empty());
    for text in ["[]", "1", "null", "", "{"] {
        assert!(Patch::parse(text, 10).is_err(), "{text}");
    }
    assert_eq!(Patch::parse(r#"{"\udc00":1}"#, 10).unwrap_err(), VariablesError::Name);
    assert!(Patch::parse(r#"{"a":{"b":{"c":1}}}"#, 3).is_ok());
    assert!(Patch::parse(r#"{"a":{"b":{"c":1}}}"#, 2).is_err());
}

#[test]
fn pointers_give_the_text_that_stands_there() {
    let all = variables(r#"{"hook":{"payload": {"a": [ 10 , {"b/c~d" : "x"} ] }	,"n":1}}"#);
    let at = |pointer: &str| all.pointer("hook", pointer);
    assert_eq!(at(""), all.get("hook"));
    assert_eq!(at("/payload"), Some(" {\"a\": [ 10 , {\"b/c~d\" : \"x\"} ] }\t"));
    assert_eq!(at("/payload/a"), Some(r#"[ 10 , {"b/c~d" : "x"} ]"#));
    assert_eq!(at("/payload/a/0"), Some("10"));
    assert_eq!(at("/payload/a/1/b~1c~0d"), Some(r#""x""#));
    for nothing in [
        "/",
        "/a",
        "payload",
        "/payload/a/2",
        "/payload/a/-",
        "/payload/a/00",
        "/payload/a/+1",
        "/payload/a/1/b~2",
        "/payload/a/0/x",
        "/payload/a/1/b~",
        "/payload/a/99999999999999999999",
    ] {
        assert_eq!(at(nothing), None, "{nothing}");
    }
    assert_eq!(all.pointer("other", ""), None);
}

#[test]
fn a_posted_body_comes_back_byte_for_byte() {
    for body in ["\r\n {\"a\":1} \n", "null", " [ ] ", "\"x\\u0000\"", " -0.0e+10\t"] {
        let mut all = Variables::new();
        all.set("webhookData", format!("{{\"dateTime\":\"t\",\"payload\":{body},\"headers\":{{}}}}"))
            .unwrap();
        assert_eq!(all.pointer("webhookData", "/payload"), Some(body));
    }
}

#[test]
fn sizes_add_up() {
    let mut all = variables(r#"{"ab":"1234","c":[1,2]}"#);
    assert_eq!(all.bytes(), 2 + 6 + 1 + 5);
    all.set("ab", "1").unwrap();
    assert_eq!(all.bytes(), 2 + 1 + 1 + 5);
    all.merge(&Patch::parse(r#"{"c":{"d":1},"e":2}"#, 9).unwrap());
    assert_eq!(all.bytes(), 3 + 1 + 7 + 2);
    assert_eq!((all.len(), all.get("e")), (3, Some("2")));
}

#[test]
fn a_debug_text_shows_no_value() {
    let all = variables(r#"{"secret":"hunter2"}"#);
    assert_eq!(format!("{all:?}"), r#"{"secret": 9}"#);
    assert!(!format!("{:?}", Patch::parse(r#"{"a":"hunter2"}"#, 9).unwrap()).contains("hunter2"));
}

#[test]
fn a_hundred_thousand_variables_merge_in_reasonable_time() {
    let many: Vec<String> = (0..100_000).map(|at| format!("\"k{at}\":{{\"a\":{at}}}")).collect();
    let text = format!("{{{}}}", many.join(","));
    let mut all = variables(&text);
    all.merge(&Patch::parse(&text, 9).unwrap());
    assert_eq!(all.to_json(), text);
    let mut nested = variables(&format!("{{\"v\":{text}}}"));
    nested.merge(&Patch::parse(&format!("{{\"v\":{text}}}"), 9).unwrap());
    assert_eq!(nested.pointer("v", "/k99999/a"), Some("99999"));
}

fn json() -> impl Strategy<Value = Json> {
    let atom = prop_oneof![
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,3})?",
        Just("null".to_owned()),
        Just(r#""\ud800 x""#.to_owned())
    ];
    let key = prop_oneof!["[a-c]", Just("\\u0061".to_owned()), Just("é\\n".to_owned())];
    atom.prop_map(Json::Atom).prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Json::Array),
            prop::collection::vec((key.clone(), inner), 0..4).prop_map(Json::object),
        ]
    })
}

proptest! {
    #[test]
    fn a_merge_of_texts_is_a_merge_of_values(base in json(), patch in json(), blank in "[ \n\t]{0,2}") {
        let (base_text, patch_text) = (written(&base, &blank), written(&patch, ""));
        let result = merged(&format!("{{\"v\":{base_text}}}"), &format!("{{\"v\":{patch_text}}}"));
        let expected = Json::object(vec![("v".into(), base.merged(patch))]);
        prop_assert_eq!(parse(&result).sorted(), expected.sorted());
    }

    #[test]
    fn any_text_is_answered_without_a_panic(text in "[\\[\\]{}\",:0-9a-f\\\\u \n]{0,40}", pointer in "[/~0-2a-c]{0,8}") {
        let mut all = Variables::new();
        if all.set("v", text.as_str()).is_ok() {
            prop_assert_eq!(all.get("v"), Some(text.trim_matches([' ', '\n'])));
            let _ = all.pointer("v", &pointer);
            prop_assert_eq!(Variables::from_json(&all.to_json()).unwrap(), all);
        }
        let _ = Patch::parse(&text, 5);
    }

    #[test]
    fn every_pointer_into_a_value_finds_it(value in json(), blank in "[ \n]{0,2}") {
        let mut all = Variables::new();
        all.set("v", written(&value, &blank)).unwrap();
        for (pointer, inner) in value.pointers() {
            let found = all.pointer("v", &pointer);
            prop_assert_eq!(found.map(parse), Some(inner), "{}", pointer);
        }
    }
}
