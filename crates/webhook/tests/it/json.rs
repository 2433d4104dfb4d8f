use proptest::prelude::*;
use webhook::json::{is_pointer, pointer, string, write_string};

#[test]
fn pointers_of_rfc_6901() {
    // RFC 6901 §5.
    let text = r#"{
      "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8
    }"#;
    for (at, value) in [
        ("/foo", Some("[\"bar\", \"baz\"]")),
        ("/foo/0", Some("\"bar\"")),
        ("/foo/1", Some("\"baz\"")),
        ("/", Some("0")),
        ("/a~1b", Some("1")),
        ("/c%d", Some("2")),
        ("/e^f", Some("3")),
        ("/g|h", Some("4")),
        ("/i\\j", Some("5")),
        ("/k\"l", Some("6")),
        ("/ ", Some("7")),
        ("/m~0n", Some("8")),
        ("/foo/2", None),
        ("/foo/01", None),
        ("/foo/-", None),
        ("/foo/", None),
        ("/foo/0/x", None),
        ("/nothing", None),
        ("foo", None),
        ("/foo/99999999999999999999999", None),
    ] {
        assert_eq!(pointer(text, at), value, "{at}");
    }
    assert_eq!(pointer(text, ""), Some(text.trim()));
    assert_eq!(pointer(" 1.10 ", ""), Some("1.10"));
    assert_eq!(pointer("[]", "/0"), None);
    assert_eq!(pointer("[ ]", "/0"), None);
    assert_eq!(pointer("{ }", "/a"), None);
}

#[test]
fn of_duplicate_names_the_last_counts() {
    assert_eq!(pointer(r#"{"a":1,"\u0061":{"b":2},"a":{"b":3}}"#, "/a/b"), Some("3"));
    assert_eq!(pointer(r#"{"a":1,"\u0061":2}"#, "/a"), Some("2"));
}

#[test]
fn strings() {
    assert_eq!(string(r#""a\u00e9\n""#).as_deref(), Some("aé\n"));
    assert_eq!(string(r#""plain""#).as_deref(), Some("plain"));
    assert_eq!(string(r#""\ud800""#), None);
    assert_eq!(string("1"), None);
    assert_eq!(string("\""), None);
    assert!(
        is_pointer("")
            && is_pointer("/")
            && is_pointer("/a~0~1")
            && !is_pointer("a")
            && !is_pointer("/~2")
            && !is_pointer("/~")
    );
}

proptest! {
    #[test]
    fn a_written_string_reads_back(value in any::<String>()) {
        let mut out = String::new();
        write_string(&mut out, &value);
        prop_assert_eq!(serde_json::from_str::<String>(&out).unwrap(), value.clone());
        prop_assert_eq!(string(&out).unwrap(), value);
    }

    #[test]
    fn every_place_is_found(map in prop::collection::btree_map(any::<String>(), any::<Vec<i32>>(), 0..6)) {
        let text = serde_json::to_string_pretty(&map).unwrap();
        for (name, values) in &map {
            let token = name.replace('~', "~0").replace('/', "~1");
            for (index, value) in values.iter().enumerate() {
                let found = pointer(&text, &format!("/{token}/{index}"));
                prop_assert_eq!(found.map(str::to_owned), Some(value.to_string()));
            }
            let none = pointer(&text, &format!("/{token}/{}", values.len()));
            prop_assert_eq!(none, None);
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "[\\[\\]{}:,\"\\\\0-9a-c ]{0,40}", at in "(/[0-9a-c]{0,2}){0,4}") {
        let _ = pointer(&text, &at);
    }
}
