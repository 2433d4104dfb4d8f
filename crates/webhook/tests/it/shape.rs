//! Shapes: what was there is found, and nothing that is posted makes them grow without end.

use proptest::prelude::*;
use serde_json::{Value, json};
use webhook::shape::{Limits, Node, Shape, Type, pointer_token, script_member};

fn of(payloads: &[&str]) -> Shape {
    let mut shape = Shape::new(Limits::default());
    for payload in payloads {
        assert!(shape.learn(payload), "{payload}");
    }
    shape
}

fn at<'a>(node: &'a Node, names: &[&str]) -> (&'a Node, bool) {
    let mut found = (node, false);
    for name in names {
        found = if *name == "[]" {
            (found.0.items().unwrap(), false)
        } else {
            let mut fields = found.0.fields();
            fields.find(|(known, ..)| known == name).map(|(_, node, optional)| (node, optional)).unwrap()
        };
    }
    found
}

#[test]
fn names_and_types_of_several_payloads_are_merged() {
    let shape = of(&[
        r#"{"id":1,"customer":{"name":"Ann","age":null},"items":[{"sku":"a","n":2},{"sku":"b"}]}"#,
        r#" {"id":90071992547409931,"customer":{"name":"Bo","age":3.5},"items":[],"note":true} "#,
    ]);
    assert_eq!(shape.payloads(), 2);
    let (id, optional) = at(shape.root(), &["id"]);
    assert_eq!((id.types(), id.is_big(), optional), (&[Type::Integer][..], true, false));
    assert_eq!(at(shape.root(), &["customer", "age"]).0.types(), [Type::Number, Type::Null]);
    assert_eq!(at(shape.root(), &["customer", "name"]).0.example(), Some("\"Ann\""));
    let (n, optional) = at(shape.root(), &["items", "[]", "n"]);
    assert_eq!((n.types(), optional), (&[Type::Integer][..], true));
    assert!(at(shape.root(), &["note"]).1);
    let names: Vec<&str> = shape.root().fields().map(|(name, ..)| name).collect();
    assert_eq!(names, ["id", "customer", "items", "note"]);
}

#[test]
fn numbers_are_told_apart() {
    for (text, kind, big) in [
        ("9007199254740991", Type::Integer, false),
        ("-9007199254740991", Type::Integer, false),
        ("9007199254740992", Type::Integer, true),
        ("-0", Type::Integer, false),
        ("12345678901234567890123", Type::Integer, true),
        ("1.10", Type::Number, false),
        ("1e3", Type::Number, false),
        ("1e999", Type::Number, true),
    ] {
        let shape = of(&[text]);
        assert_eq!((shape.root().types(), shape.root().is_big()), (&[kind][..], big), "{text}");
    }
}

#[test]
fn a_repeated_name_counts_once() {
    let shape = of(&[r#"{"a":1,"a":"x"}"#, r#"{}"#]);
    let (a, optional) = at(shape.root(), &["a"]);
    assert_eq!((a.types(), optional), (&[Type::String, Type::Integer][..], true));
}

#[test]
fn hostile_payloads_stay_small() {
    let wide = format!(
        "{{{}}}",
        (0..10_000).map(|n| format!("\"k{n}@example.com\":{{\"v\":{n}}}")).collect::<Vec<_>>().join(",")
    );
    let shape = of(&[&wide]);
    assert_eq!(shape.root().fields().count(), 0);
    // its names were data: they are forgotten, what the values have in common is kept
    assert_eq!(at(shape.root().values().unwrap(), &["v"]).0.types(), [Type::Integer]);
    assert!(shape.nodes() < 10 && !format!("{shape:?}").contains("example.com"));

    let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let shape = of(&[&deep]);
    assert_eq!(shape.nodes(), 16);
    let names = r#"{"__proto__":{"constructor":1},"toString":2,"":3,"\ud800":4,"a\u0000b":5}"#;
    let shape = of(&[names]);
    let seen: Vec<&str> = shape.root().fields().map(|(name, ..)| name).collect();
    assert_eq!(seen, ["__proto__", "toString", "", "a\0b"]);
    assert!(shape.root().is_cut());
    // too deep, no JSON, nothing
    for text in [format!("{}1{}", "[".repeat(101), "]".repeat(101)).as_str(), "{\"a\":}", "", "{}{}"] {
        assert!(!Shape::new(Limits::default()).learn(text));
    }
    // a tree as wide as it may be at every level
    let level = |inner: &str| {
        format!("{{{}}}", (0..99).map(|n| format!("\"n{n}\":{inner}")).collect::<Vec<_>>().join(","))
    };
    let shape = of(&[&level(&level("1"))]);
    assert_eq!(shape.nodes(), 2_000);
}

#[test]
fn paths_are_what_scripts_and_pointers_say() {
    for (name, member, token) in [
        ("name", ".name", "name"),
        ("_a$1", "._a$1", "_a$1"),
        ("1st", "[\"1st\"]", "1st"),
        ("a b", "[\"a b\"]", "a b"),
        ("a\"b\\", "[\"a\\\"b\\\\\"]", "a\"b\\"),
        ("a/b~c", "[\"a/b~c\"]", "a~1b~0c"),
        ("", "[\"\"]", ""),
        ("__proto__", "[\"__proto__\"]", "__proto__"),
        ("größe", "[\"größe\"]", "größe"),
    ] {
        assert_eq!((script_member(name).as_str(), pointer_token(name).as_str()), (member, token));
    }
}

fn payload() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9_f64).prop_map(|n| json!(n)),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(".{0,5}", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Every place of the value is in the shape, with its type.
fn covers(node: &Node, value: &Value) {
    let kind = match value {
        Value::Null => Type::Null,
        Value::Bool(_) => Type::Boolean,
        Value::Number(n) if n.is_f64() => Type::Number,
        Value::Number(_) => Type::Integer,
        Value::String(_) => Type::String,
        Value::Array(_) => Type::Array,
        Value::Object(_) => Type::Object,
    };
    assert!(node.types().contains(&kind), "{kind:?} at {node:?}");
    match value {
        Value::Array(items) => items.iter().for_each(|item| covers(node.items().unwrap(), item)),
        Value::Object(members) => {
            for (name, value) in members {
                covers(at(node, &[name.as_str()]).0, value);
            }
            // what is not optional is here
            let missing = node.fields().find(|(name, _, optional)| !optional && !members.contains_key(*name));
            assert!(missing.is_none(), "{missing:?}");
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_payload_is_covered(payloads in prop::collection::vec(payload(), 1..5)) {
        let mut shape = Shape::new(Limits::default());
        for payload in &payloads {
            prop_assert!(shape.learn(&payload.to_string()));
        }
        for payload in &payloads {
            covers(shape.root(), payload);
        }
    }

    #[test]
    fn no_text_makes_it_panic_or_grow(texts in prop::collection::vec("[\\[\\]{}:,\"\\\\a1e. \u{e9}-]{0,60}", 1..20)) {
        let mut shape = Shape::new(Limits { nodes: 7, depth: 3, names: 2, ..Limits::default() });
        for text in &texts {
            let is_json = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
            let learned = shape.learn(text);
            prop_assert!(learned || !is_json || text.contains("\\u"), "{text}");
        }
        prop_assert!(shape.nodes() <= 7);
    }
}
