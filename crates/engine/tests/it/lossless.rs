//! Variables by every way in and out: start, script, operator, store, replay. What nobody assigns
//! keeps every byte; what is assigned is kept as it was written.

use std::sync::Arc;

use engine::{Command, Event, Instance, Patch, StartAt, Status, Step, Variables, VariablesError, trail};
use proptest::prelude::*;

use crate::build::{Build, incident, run_with, step, variables};
use crate::json::parse;

/// JSON that a parser into values would change.
const ODD: [&str; 14] = [
    "1.10",
    "12345678901234567890123",
    "-0.0",
    "1e999",
    "1E+2",
    "0.1000000000000000055511151231257827",
    r#""\ud800""#,
    r#""\ud83d\ude00 \u0041\/\b\u0000""#,
    r#"{"d":1,"d":2,"\u0064":3}"#,
    r#"{"":{"":[]}}"#,
    "[1,2.0,\t3e0\n]",
    "{ \"b\" : 1 , \"a\" : 2 }",
    "\"\u{2028}\u{fffd}é\u{1f600}\"",
    "[[[[[[[[null]]]]]]]]",
];

fn task(source: &str) -> bpmn::model::Process {
    Build::new().start("S").script("T", source).script("U", "need x").flow("S>T").flow("T>U").done()
}

fn held(step: &Step) -> String {
    assert_eq!(step.instance.status(), Status::Incident);
    step.instance.variables().to_json()
}

#[test]
fn by_every_way_the_text_stays() {
    for odd in ODD {
        let object = format!("{{\"v\":{odd}}}");
        // `step` also replays every step through JSON and compares
        assert_eq!(held(&run_with(&task(r#"{"w":1}"#), &object)), format!("{{\"v\":{odd},\"w\":1}}"));
        assert_eq!(held(&run_with(&task(&object), "{}")), object, "written by a script");
        let stuck = run_with(&task(""), "{}");
        let change = Command::ChangeVariables { patch: Patch::parse(&object, 20).unwrap() };
        let changed = step(&task(""), &stuck.instance, change).unwrap();
        assert_eq!(held(&changed), object, "changed by an operator");
        let again = Instance::from_json(&changed.instance.to_json().unwrap()).unwrap();
        assert_eq!(again.variables().get("v"), Some(odd));
    }
}

#[test]
fn beside_a_member_that_is_merged_in_the_others_stay() {
    for odd in ODD {
        let before = format!("{{\"v\":{{\"keep\":{odd},\"n\":1}}}}");
        let after = format!("{{\"v\":{{\"keep\":{odd},\"n\":2,\"new\":{odd}}}}}");
        let source = format!("{{\"v\":{{\"n\":2,\"new\":{odd}}}}}");
        assert_eq!(held(&run_with(&task(&source), &before)), after);
    }
}

#[test]
fn names_may_be_any_unicode() {
    let names =
        ["", " ", "a.b/c~d", "\"", "\\", "\n\u{0}", "é", "__proto__", "constructor", "\u{1f600}", "0"];
    let mut all = Variables::new();
    for (at, name) in names.iter().enumerate() {
        all.set(name, at.to_string()).unwrap();
    }
    assert_eq!(Variables::from_json(&all.to_json()).unwrap(), all);
    let started = run_with(&task(r#"{"":"empty","__proto__":{"x":1}}"#), &all.to_json());
    let kept = started.instance.variables();
    assert_eq!((kept.get(""), kept.get("__proto__")), (Some(r#""empty""#), Some(r#"{"x":1}"#)));
    assert_eq!(kept.len(), names.len());
    let order: Vec<&str> = kept.iter().map(|(name, _)| &**name).collect();
    assert_eq!(order, names, "variables stay in the order in which they were first set");
}

#[test]
fn a_text_that_nobody_touches_is_shared_not_copied() {
    let before = variables(r#"{"big":[1,2,3],"small":1}"#);
    let text = Arc::clone(before.shared("big").unwrap());
    let mut after = before.clone();
    after.merge(&Patch::parse(r#"{"small":2}"#, 9).unwrap());
    assert!(Arc::ptr_eq(&text, after.shared("big").unwrap()));
    assert!(!Arc::ptr_eq(before.shared("small").unwrap(), after.shared("small").unwrap()));
    let start = Command::Start { at: StartAt::None, variables: before };
    let step = step(&task(r#"{"small":3}"#), &Instance::new(), start).unwrap();
    assert!(Arc::ptr_eq(&text, step.instance.variables().shared("big").unwrap()));
}

#[test]
fn white_space_around_a_value_goes_at_once_and_inside_it_stays() {
    let mut all = Variables::new();
    all.set("v", "\r\n\t { \"a\" : 1 } ").unwrap();
    assert_eq!(all.get("v"), Some("{ \"a\" : 1 }"));
    assert_eq!(all.bytes(), 1 + 11);
    assert_eq!(all.pointer("v", "/a"), Some(" 1 "));
    let start = Command::Start { at: StartAt::None, variables: all.clone() };
    let begun = step(&task(""), &Instance::new(), start).unwrap();
    assert_eq!(begun.instance.variables(), &all);
    assert!(matches!(all.set("v", "\u{a0}1"), Err(VariablesError::Value { .. })), "no white space of JSON");
}

#[test]
fn refusals_say_what_is_wrong() {
    let set = |name: &str, text: &str| Variables::new().set(name, text).unwrap_err().to_string();
    assert_eq!(set("a\"b", "1,"), r#"the value of "a\"b" is not valid JSON"#);
    let deep = format!("{}{}", "[".repeat(1_001), "]".repeat(1_001));
    assert_eq!(set("v", &deep), r#"the value of "v" is nested too deep"#);
    assert!(Variables::new().set("v", &deep[1..2_001]).is_ok(), "a thousand levels are kept");
    let parsed = |text: &str| Patch::parse(text, 2).unwrap_err().to_string();
    assert_eq!(parsed("{"), "the text is not valid JSON");
    assert_eq!(parsed(r#"{"a":[[]]}"#), "the text is nested too deep");
    assert_eq!(parsed("[]"), "variables must be given as a JSON object of names and values");
    assert_eq!(parsed(r#"{"a\udc00":1}"#), "a variable's name must be valid Unicode");
    let stored = [("{", "state"), (r#"{"visits":0}"#, "variables")];
    for (state, wrong) in stored {
        let error = Instance::restore(state, "[]").unwrap_err().to_string();
        assert!(error.starts_with(&format!("stored {wrong} ")), "{error}");
    }
}

#[test]
fn brackets_and_quotes_inside_texts_are_no_structure() {
    let odd = r#"{"a":"}]\"{[,:\\","b":["\\\"]",{"c\"}":1}]}"#;
    let mut all = variables(&format!("{{\"v\":{odd}}}"));
    assert_eq!(all.pointer("v", "/b/1/c\"}"), Some("1"));
    assert_eq!(all.pointer("v", "/b/0"), Some(r#""\\\"]""#));
    all.merge(&Patch::parse(r#"{"v":{"a":0,"z":"]"}}"#, 9).unwrap());
    assert_eq!(all.get("v"), Some(r#"{"a":0,"b":["\\\"]",{"c\"}":1}],"z":"]"}"#));
}

#[test]
fn the_last_of_equal_names_counts_however_they_are_written() {
    let base = variables(r#"{"v":{"a":1,"\u0061":{"x":1}}}"#);
    assert_eq!(base.pointer("v", "/a/x"), Some("1"));
    let merged = |patch: &str| {
        let mut all = base.clone();
        all.merge(&Patch::parse(patch, 9).unwrap());
        all.get("v").unwrap().to_owned()
    };
    assert_eq!(merged(r#"{"v":{"a":{"y":2}}}"#), r#"{"a":1,"\u0061":{"x":1,"y":2}}"#);
    assert_eq!(merged(r#"{"v":{"a":{"y":2},"\u0061":3}}"#), r#"{"a":1,"\u0061":3}"#);
    assert_eq!(Patch::parse(r#"{"b":1,"a":2,"\u0062":3}"#, 9).unwrap().names(), ["a", "b"]);
}

#[test]
fn escapes_of_names_are_read_as_javascript_reads_them() {
    let pairs = [
        (r"\b\f\n\r\t", "\u{8}\u{c}\n\r\t"),
        (r#"\"\\\/"#, "\"\\/"),
        (r"\u00e9\u00E9", "éé"),
        (r"\ud83d\ude00x", "\u{1f600}x"),
        (r"\uffff", "\u{ffff}"),
        (r"a\u0000b", "a\u{0}b"),
    ];
    for (written, plain) in pairs {
        let all = variables(&format!("{{\"{written}\":1}}"));
        assert_eq!(all.get(plain), Some("1"), "{written}");
        let nested = variables(&format!("{{\"v\":{{\"{written}\":1}}}}"));
        let pointer = format!("/{}", plain.replace('~', "~0").replace('/', "~1"));
        assert_eq!(nested.pointer("v", &pointer), Some("1"), "{written}");
    }
    for lone in [r"\ud83d", r"\ude00", r"\ud83dx", r"\ud83d\ud83d", r"\ude00\ud83d"] {
        let refused = Patch::parse(&format!("{{\"{lone}\":1}}"), 9).unwrap_err();
        assert_eq!(refused, VariablesError::Name, "{lone}");
        let apart = variables(&format!("{{\"v\":{{\"{lone}\":1,\"\u{fffd}\":2}}}}"));
        assert_eq!(apart.pointer("v", "/\u{fffd}"), Some("2"), "{lone}");
    }
}

#[test]
fn the_trail_holds_names_and_no_value() {
    let process = task(r#"{"out":"s3cret","x\"y":[]}"#);
    let begun = run_with(&process, r#"{"in":"s3cret","é":1}"#);
    let change = Command::ChangeVariables { patch: Patch::parse(r#"{"told":"s3cret"}"#, 9).unwrap() };
    let changed = step(&process, &begun.instance, change).unwrap();
    let text = trail(&begun.events);
    assert!(text.starts_with(r#"[{"started":{"start":"S","wrote":["in","é"]}},{"entered":"#), "{text}");
    assert!(text.contains(r#"{"executed":{"visit":2,"wrote":["out","x\"y"]}}"#), "{text}");
    assert!(
        text.contains(r#"{"incidentRaised":{"number":1,"visit":3,"element":"U","code":"script-failed","#)
    );
    let told = trail(&changed.events);
    assert_eq!(told, r#"[{"variablesChanged":{"wrote":["told"]}}]"#);
    assert!(!text.contains("s3cret") && !told.contains("s3cret"));
    assert_eq!(trail(&[]), "[]");
    serde_json::from_str::<serde_json::Value>(&text).unwrap();
}

#[test]
fn the_trail_is_the_events_but_for_the_values() {
    let process = Build::new()
        .start("S")
        .open("Sub")
        .start("I\"")
        .script("T", "throw")
        .flow("I\">T")
        .close()
        .flow("S>Sub")
        .done();
    let stuck = run_with(&process, "{}");
    let retried = step(&process, &stuck.instance, Command::RetryIncident { incident: 1 }).unwrap();
    let cancelled = step(&process, &retried.instance, Command::Cancel).unwrap();
    for events in [&stuck.events[1..], &retried.events, &cancelled.events] {
        assert_eq!(trail(events), serde_json::to_string(events).unwrap());
    }
}

#[test]
fn an_output_of_a_script_that_is_no_object_is_named() {
    for (source, why) in [
        ("[1]", "variables must be given as a JSON object of names and values"),
        ("undefined", "the text is not valid JSON"),
        (r#"{"a":NaN}"#, "the text is not valid JSON"),
        (r#"{"\ud800":1}"#, "a variable's name must be valid Unicode"),
    ] {
        let found = incident(&run_with(&task(source), r#"{"kept":1.10}"#));
        assert_eq!(found.message, format!("The output cannot be kept: {why}."));
    }
}

fn text() -> impl Strategy<Value = String> {
    let atom = prop::sample::select(ODD.to_vec()).prop_map(str::to_owned);
    let key = prop::sample::select(vec!["a", "b", "\\u0061", "é", "\\ud800", "a b", "\\n"]);
    atom.prop_recursive(3, 20, 4, move |inner| {
        let member = (key.clone(), inner.clone()).prop_map(|(key, value)| format!("\"{key}\" :{value}"));
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(|all| format!("[{}]", all.join(", "))),
            prop::collection::vec(member, 0..5).prop_map(|all| format!("{{{}}}", all.join(","))),
        ]
    })
}

proptest! {
    #[test]
    fn a_merge_is_what_replay_and_store_make_of_it(base in text(), patch in text()) {
        let mut all = Variables::new();
        all.set("v", base.as_str()).unwrap();
        let patch = Patch::parse(&format!("{{\"v\":{patch}}}"), 100).unwrap();
        let event = Event::VariablesChanged { patch: patch.clone() };
        let read: Event = serde_json::from_str(&serde_json::to_string(&event).unwrap()).unwrap();
        prop_assert_eq!(&read, &event);
        all.merge(&patch);
        let mut bytes = 0;
        for (name, text) in all.iter() {
            bytes += name.len() + text.len();
        }
        prop_assert_eq!(all.bytes(), bytes);
        prop_assert_eq!(&Variables::from_json(&all.to_json()).unwrap(), &all);
        let again: Variables = serde_json::from_str(&serde_json::to_string(&all).unwrap()).unwrap();
        prop_assert_eq!(&again, &all);
    }

    /// Twice is once: the second merge of a patch finds its values there.
    #[test]
    fn a_merge_is_idempotent_and_an_empty_one_changes_no_byte(base in text(), patch in text()) {
        let mut once = Variables::new();
        once.set("v", base.as_str()).unwrap();
        let before = once.clone();
        once.merge(&Patch::parse(r#"{ }"#, 9).unwrap());
        prop_assert_eq!(&once, &before);
        let patch = Patch::parse(&format!("{{\"v\":{patch}}}"), 100).unwrap();
        once.merge(&patch);
        let mut twice = once.clone();
        twice.merge(&patch);
        prop_assert_eq!(parse(twice.get("v").unwrap()), parse(once.get("v").unwrap()));
    }
}
