//! What a program sees of the variables and what it writes.

use engine::ScriptFault;

use crate::ask::{Ask, holds, wrote};

const HOOK: &str = r#"{"webhookData":{"dateTime":"2023-11-14T22:13:20.123Z","payload":{"amount":120,"id":12345678901234567890123,"list":[1,2]},"headers":{"X-Github-Event":"push","Content-Type":"application/json"}},"other":1.10}"#;

#[test]
fn variables_are_seen_as_input_and_by_name() {
    assert!(holds("webhookData.payload.amount > 100", HOOK));
    assert!(holds("input.webhookData.payload.amount > 100", HOOK));
    assert!(!holds("other === 2", HOOK));
    assert!(holds("Object.keys(input).join() === 'webhookData,other'", HOOK));
    assert!(holds("JSON.stringify(input) === '{\"a\":[1,{\"b\":null}]}'", r#"{"a":[1,{"b":null}]}"#));
    assert!(holds("input['not a name'] === 1 && input.__proto__ === 2", r#"{"not a name":1,"__proto__":2}"#));
}

#[test]
fn headers_are_read_without_regard_to_case() {
    assert!(holds("webhookData.headers['X-GitHub-Event'] === 'push'", HOOK));
    assert!(holds("webhookData.headers['x-github-event'] === 'push'", HOOK));
    assert!(holds("'content-type' in webhookData.headers && !('x' in webhookData.headers)", HOOK));
    assert!(holds("webhookData.headers.absent === undefined", HOOK));
    assert_eq!(
        wrote("output.h = webhookData.headers", HOOK),
        r#"{"h":{"X-Github-Event":"push","Content-Type":"application/json"}}"#
    );
}

#[test]
fn big_integers_come_as_bigint_and_go_back_whole() {
    assert!(holds("typeof webhookData.payload.id === 'bigint'", HOOK));
    assert!(holds("typeof webhookData.payload.amount === 'number'", HOOK));
    assert_eq!(wrote("output.id = webhookData.payload.id", HOOK), r#"{"id":12345678901234567890123}"#);
    assert_eq!(wrote("output.n = -input.n - 1n", r#"{"n":9007199254740993}"#), r#"{"n":-9007199254740994}"#);
    assert!(holds(
        "input.a === 9007199254740991 && input.b === 1234567890123456.5",
        r#"{"a":9007199254740991,"b":1234567890123456.5}"#
    ));
}

#[test]
fn output_may_be_filled_or_assigned() {
    assert_eq!(
        wrote("output.a = 1; output.b = {c: [true, null, 'x']}", "{}"),
        r#"{"a":1,"b":{"c":[true,null,"x"]}}"#
    );
    assert_eq!(wrote("output = {a: input.x + 1}", r#"{"x":1}"#), r#"{"a":2}"#);
    assert_eq!(wrote("if (input.x) return; output.a = 1", r#"{"x":1}"#), "");
    assert_eq!(wrote("", "{}"), "");
    assert_eq!(wrote("output.a = undefined", "{}"), "");
    assert_eq!(wrote("output.d = new Date(0)", "{}"), r#"{"d":"1970-01-01T00:00:00.000Z"}"#);
    assert_eq!(wrote("// only a remark", "{}"), "");
}

#[test]
fn numbers_that_are_copied_stay_valid_and_those_that_are_not_finite_are_refused() {
    assert_eq!(wrote("output.n = other", HOOK), r#"{"n":1.1}"#);
    for script in ["output.n = input.n", "output.n = [1, {x: 0/0}]", "output.n = -1/0"] {
        let error = Ask::new().run(script, r#"{"n":1e999}"#).unwrap_err();
        assert_eq!(error.fault, ScriptFault::Output, "{script}");
        assert!(error.message.contains("cannot hold"), "{}", error.message);
    }
    assert_eq!(wrote("output.n = null; output.s = 'null'", "{}"), r#"{"n":null,"s":"null"}"#);
}

#[test]
fn an_output_that_is_no_object_is_refused() {
    for script in [
        "output = 5",
        "output = [1]",
        "output = 'x'",
        "output = null",
        "output = new Date()",
        "output = Promise.resolve()",
    ] {
        assert_eq!(Ask::new().run(script, "{}").unwrap_err().fault, ScriptFault::Output, "{script}");
    }
}

#[test]
fn a_condition_that_is_no_boolean_is_named() {
    for (condition, kind) in [
        ("1", "a number"),
        ("'true'", "a string"),
        ("undefined", "undefined"),
        ("null", "null"),
        ("[true]", "an array"),
        ("Promise.resolve(true)", "a promise, which nothing waits for"),
        ("webhookData.payload.absent", "undefined"),
    ] {
        let error = Ask::new().condition(condition, HOOK).unwrap_err();
        assert_eq!(error.fault, ScriptFault::NotBoolean, "{condition}");
        assert_eq!(error.message, format!("the value is {kind}"));
    }
}

#[test]
fn what_is_thrown_is_told_with_its_place() {
    let error = Ask::new().condition("webhookData.nothing.here", HOOK).unwrap_err();
    assert_eq!(error.fault, ScriptFault::Thrown);
    assert_eq!(error.message, "TypeError: cannot read property 'here' of undefined");
    assert_eq!(error.line, Some(1));
    let error = Ask::new().run("const a = 1;\n  throw new RangeError('no ' + a)", "{}").unwrap_err();
    assert_eq!(error.message, "RangeError: no 1");
    assert_eq!(error.line, Some(2));
    let error = Ask::new().run("throw 'text'", "{}").unwrap_err();
    assert_eq!(error.message, "a string was thrown: text");
    let error = Ask::new().run("unknown_name", "{}").unwrap_err();
    assert_eq!(error.message, "ReferenceError: unknown_name is not defined");
}

#[test]
fn lone_surrogates_survive_a_copy() {
    assert_eq!(wrote("output.s = input.s", r#"{"s":"\ud800 \udc00x"}"#), r#"{"s":"\ud800 \udc00x"}"#);
}

#[test]
fn a_variable_never_hides_the_language() {
    assert!(holds("Math.max(1, 2) === 2 && input.Math === 7", r#"{"Math":7}"#));
    assert!(holds("undefined === void 0", r#"{"undefined":7}"#));
}

#[test]
fn every_body_that_fits_can_be_read() {
    let mebibyte = 1 << 20;
    let bodies = [
        format!(r#"{{"amount":250,"big":{}}}"#, "1".repeat(mebibyte - 40)),
        format!(r#"{{"amount":250,"big":-{}}}"#, "9".repeat(400_000)),
        format!(r#"{{"amount":250,"big":{}}}"#, "1".repeat(300_000)),
        format!(r#"{{"amount":250,"b":12345678901234567890,"l":[{}0]}}"#, "[],".repeat(340_000)),
        format!(r#"{{"amount":250,"b":12345678901234567890,"l":[{}0]}}"#, "{},".repeat(340_000)),
        format!(r#"{{"amount":250,"l":[{}0]}}"#, "[],".repeat(340_000)),
        format!(r#"{{"amount":250,"l":[{}0]}}"#, "1,".repeat(510_000)),
        format!(
            r#"{{"amount":250,"l":[{}0]}}"#,
            format!("{}{},", "[".repeat(90), "]".repeat(90)).repeat(5_700)
        ),
        format!(r#"{{"amount":250,"l":[{}0]}}"#, r#"{"a":1},"#.repeat(130_000)),
        format!(
            r#"{{"amount":250,"l":{{{}"z":0}}}}"#,
            (0..80_000).map(|n| format!("\"{n:06}\":{{}},")).collect::<String>()
        ),
    ];
    for body in bodies {
        let data = format!(r#"{{"webhookData":{{"payload":{body},"headers":{{}}}}}}"#);
        let found = Ask::new().condition("webhookData.payload.amount > 100", &data);
        assert_eq!(found.map_err(|error| error.to_string()), Ok(true), "{body:.60}");
    }
}

#[test]
fn an_integer_with_more_digits_than_any_bigint_is_infinite() {
    let huge = format!(r#"{{"n":{}}}"#, "7".repeat(400_000));
    assert!(holds("input.n === Infinity", &huge));
    assert!(holds("input.n === -Infinity", &huge.replace(':', ":-")));
}

#[test]
fn what_holds_itself_is_named() {
    for script in [
        "output.o = output",
        "const a = {b: [{}]}; a.b[0].c = a; output.a = a",
        "const a = []; a.push(a); output.a = a",
    ] {
        let error = Ask::new().run(script, "{}").unwrap_err();
        assert_eq!(error.fault, ScriptFault::Thrown, "{script}");
        assert!(
            error.message.contains("circular") || error.message.contains("holds itself"),
            "{script}: {error}"
        );
    }
    // the same thing in several places is none of that
    assert_eq!(
        wrote("const a = {b: 1}; output.x = Array(9).fill(a).length; output.y = [a, a]", "{}"),
        r#"{"x":9,"y":[{"b":1},{"b":1}]}"#
    );
    assert_eq!(
        wrote("const a = {b: 1}; output.n = JSON.stringify(Array(20000).fill(a)).length", "{}"),
        r#"{"n":160001}"#
    );
}
