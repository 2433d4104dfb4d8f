//! Programs that mean harm: each ends within its budget with a cause, and the next instance is clean.

use std::time::{Duration, Instant};

use engine::ScriptFault;
use script::Limits;

use crate::ask::Ask;

/// Ten times the wall clock backstop: a deadline on a loaded machine; the figures are printed.
const LONGEST: Duration = Duration::from_secs(10);

/// Runs `body` as a script and as a condition; gives the faults. A clean program runs after each.
#[track_caller]
fn attack(body: &str) -> Vec<Option<ScriptFault>> {
    let mut ask = Ask::new();
    let condition = format!("(() => {{ let output = {{}}; {body} }})()");
    let mut faults = Vec::new();
    for round in 0..2 {
        let begun = Instant::now();
        let error =
            if round == 0 { ask.run(body, "{}").err() } else { ask.condition(&condition, "{}").err() };
        let took = begun.elapsed();
        println!("{took:?} {} {body:.60}", error.as_ref().map_or(String::new(), ToString::to_string));
        assert!(took < LONGEST, "{body}: {took:?}");
        faults.push(error.map(|error| error.fault));
        assert!(ask.condition("({}).polluted === undefined && [].length === 0", "{}").unwrap(), "{body}");
        assert_eq!(ask.run("output.ok = 1 + 1", "{}").unwrap().as_deref(), Some(r#"{"ok":2}"#), "{body}");
    }
    faults
}

#[track_caller]
fn ends_with(fault: ScriptFault, body: &str) {
    assert_eq!(attack(body), [Some(fault), Some(fault)], "{body}");
}

/// Ended with some cause of a limit or a throw.
#[track_caller]
fn ends(body: &str) {
    let refused = [ScriptFault::TimeBudget, ScriptFault::Memory, ScriptFault::Thrown];
    for fault in attack(body) {
        assert!(fault.is_some_and(|fault| refused.contains(&fault)), "{body}: {fault:?}");
    }
}

#[test]
fn endless_loops() {
    ends_with(ScriptFault::TimeBudget, "while (true) {}");
    ends_with(ScriptFault::TimeBudget, "for (;;) { try { for (;;) {} } catch (e) {} finally { continue } }");
    ends_with(ScriptFault::TimeBudget, "const f = async () => { for (;;) {} }; for (;;) f();");
    ends_with(
        ScriptFault::TimeBudget,
        "output = { toJSON() { for (;;) {} } }; return JSON.stringify(output)",
    );
    ends_with(ScriptFault::TimeBudget, "function* g() { for (;;) yield 1 } for (const x of g()) {}");
    ends_with(ScriptFault::TimeBudget, "throw { get message() { for (;;) {} } }");
    ends_with(ScriptFault::TimeBudget, "[1, 2].sort(() => { for (;;) {} })");
}

#[test]
fn loops_inside_built_in_functions() {
    ends("[].indexOf.call({ length: 2 ** 53 - 1 }, 1)");
    ends("[].includes.call({ length: 2 ** 53 - 1 }, 1)");
    ends("[].lastIndexOf.call({ length: 2 ** 53 - 1 }, 1)");
    ends("[].forEach.call({ length: 2 ** 53 - 1 }, () => {})");
    ends("[].reduce.call({ length: 2 ** 53 - 1 }, () => {})");
    ends("[].some.call({ length: 2 ** 53 - 1 }, () => {})");
    ends("[].find.call({ length: 2 ** 53 - 1 }, () => false)");
    ends("[].join.call({ length: 2 ** 53 - 1 })");
    ends("[].reverse.call({ length: 2 ** 53 - 1 })");
    ends("[].fill.call({ length: 2 ** 53 - 1 }, 0)");
    ends(
        "[].concat(Object.assign([], { length: 2 ** 32 - 1 }), Object.assign([], { length: 2 ** 32 - 1 })).x.y",
    );
}

#[test]
fn regular_expressions() {
    ends_with(ScriptFault::TimeBudget, "/^(a+)+$/.test('a'.repeat(40) + 'b')");
    ends_with(ScriptFault::TimeBudget, "/(x+x+)+y/.exec('x'.repeat(60))");
    ends_with(ScriptFault::TimeBudget, "'a'.repeat(50).replace(/(a*)*$b/g, '')");
}

/// CVE-2025-62495: bytecode of a regular expression larger than a signed 32-bit number can say.
#[test]
fn regular_expression_bytecode_overflow() {
    ends(
        "let r = 'a'; for (let i = 0; i < 12; i++) r = '(?:' + r + r + r + r + '){2,250}'; new RegExp(r).test('a')",
    );
    ends("new RegExp('(?:' + '(?:a{0,65535}){0,65535}'.repeat(2000) + '){0,65535}b').test('a'.repeat(1000))");
    ends("let r = 'x'; for (;;) { r = '(?:' + r + '|' + r + ')'; new RegExp(r) }");
}

#[test]
fn huge_numbers() {
    ends("let n = 2n; for (;;) n = n * n");
    ends("return (2n ** (2n ** 40n)) > 1n");
    ends("let n = 2n ** 1000000n; for (;;) n.toString()");
    ends("let n = 3n ** 600000n; let s = ''; for (;;) s = BigInt(n.toString()) % 7n");
    ends("output.n = 2n ** 1000000n; JSON.stringify(output).x.y");
    ends("let n = 1n; for (;;) n = n * 3n + 1n");
}

#[test]
fn huge_strings_and_arrays() {
    ends("'x'.repeat(2 ** 31)");
    ends("let s = 'x'; for (;;) s += s");
    ends("'x'.padEnd(2 ** 30 - 2, 'ab')");
    ends("const a = []; for (;;) a.push('x'.repeat(100000) + a.length)");
    ends("new Array(2 ** 27).fill(1)");
    ends("new Uint8Array(2 ** 30)");
    ends("new ArrayBuffer(2 ** 32)");
    ends("let o = {}; for (let i = 0; ; i++) o['k' + i] = i");
    ends("let a = 'x'; for (let i = 0; i < 60; i++) a = [a, a]; return String(a)");
    ends("let a = {}; for (let i = 0; i < 60; i++) a = [a, a]; output.a = a; return JSON.stringify(a)");
}

#[test]
fn searches_and_copies_that_count_nothing() {
    ends("'x'.repeat(1e7).indexOf('x'.repeat(5e6) + 'y')");
    ends("'x'.repeat(1e7).split('x'.repeat(5e6) + 'y')");
    ends("'x'.repeat(1e7).replaceAll({ toString: () => 'x'.repeat(5e6) + 'y' }, '')");
    ends("let a = []; for (let i = 0; i < 60; i++) a = [a, a]; return a.flat(Infinity).length");
    ends("const s = 'x'.repeat(3e7); for (;;) s.slice(1)");
    ends("const u = new Uint8Array(5e7); for (;;) u.fill(1)");
    ends("const a = []; for (let i = 0; i < 1e5; i++) a.push(-i); for (;;) a.sort()");
    ends(
        "const o = {}; for (let i = 0; i < 1e5; i++) o['k' + i] = i; for (;;) try { Object.keys(o) } catch (e) {}",
    );
}

#[test]
fn deep_recursion() {
    ends_with(ScriptFault::Memory, "const f = () => f(); f()");
    ends("let o = {}; for (let i = 0; i < 1e5; i++) o = { o }; output.o = o; return JSON.stringify(o)");
    ends("JSON.parse('['.repeat(1e6))");
    ends("let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a.flat(Infinity).x.y");
    ends("new RegExp('('.repeat(1e5) + ')'.repeat(1e5))");
    ends("let p = {}; for (let i = 0; i < 1e5; i++) p = Object.create(p); return p.x.y");
}

#[test]
fn code_from_text() {
    ends_with(ScriptFault::Thrown, "eval('1')");
    ends_with(ScriptFault::Thrown, "Function('return 1')()");
    ends_with(ScriptFault::Thrown, "new Function('return 1')");
    ends_with(ScriptFault::Thrown, "(() => {}).constructor('return globalThis')()");
    ends_with(ScriptFault::Thrown, "(async () => {}).constructor('return 1')()");
    ends_with(ScriptFault::Thrown, "(function* () {}).constructor('yield 1')()");
    ends_with(ScriptFault::Thrown, "(async function* () {}).constructor('yield 1')()");
    ends_with(
        ScriptFault::Thrown,
        "Reflect.construct(Object.getPrototypeOf(() => {}).constructor, ['return 1'])",
    );
    ends_with(ScriptFault::Thrown, "[].map.constructor('return 1')()");
    ends_with(ScriptFault::Thrown, "setTimeout(() => {}, 1)");
    ends_with(ScriptFault::Thrown, "require('fs')");
    ends_with(ScriptFault::Thrown, "fetch('http://127.0.0.1')");
}

#[test]
fn dynamic_import_loads_nothing() {
    for fault in attack("import('fs'); return 1") {
        assert!(fault.is_some(), "an import must not be silent");
    }
}

#[test]
fn prototype_pollution_and_globals() {
    for body in [
        "Object.prototype.polluted = 1",
        "({}).__proto__.polluted = 1",
        "Array.prototype.push = () => 0",
        "Object.defineProperty(Object.prototype, 'polluted', { value: 1 })",
        "Object.setPrototypeOf(Object.prototype, { polluted: 1 })",
        "globalThis.polluted = 1",
        "leaked = 1",
        "JSON.stringify = () => '{}'",
        "Math.max = () => 0",
        "Object.prototype.toString = () => 'x'",
        "(function () { this.polluted = 1 })()",
        "Error.prototype.name = 'x'",
        "input.x = 1",
        "delete input.x; Object.defineProperty(input, 'x', { value: 1 })",
        "Symbol.prototype.description = 1",
        "Date.prototype.getTime = null",
        "Promise.prototype.then = null",
        "Object.getPrototypeOf(function* () {}).prototype.next = null",
        "Object.getPrototypeOf([][Symbol.iterator]()).next = null",
        "Object.getPrototypeOf(Int8Array).from = null",
        "'x'.constructor.prototype.polluted = 1",
        "RegExp.prototype.exec = null",
        "Error.prepareStackTrace.x = 1",
    ] {
        ends_with(ScriptFault::Thrown, body);
    }
    // `__proto__` in data is data.
    let mut ask = Ask::new();
    let copied =
        ask.run("output.x = Object.assign({}, JSON.parse('{\"__proto__\":{\"polluted\":1}}'))", "{}");
    assert_eq!(copied.unwrap().as_deref(), Some(r#"{"x":{}}"#));
    assert!(ask.condition("({}).polluted === undefined", "{}").unwrap());
}

#[test]
fn nothing_is_kept_between_instances() {
    let mut ask = Ask::new();
    for _ in 0..2 {
        assert!(ask.condition("Symbol.for('a').polluted === undefined", r#"{"x":1}"#).unwrap());
        assert_eq!(ask.run("Error.stackTraceLimit = 0", "{}").unwrap_err().fault, ScriptFault::Thrown);
    }
    assert!(ask.condition("input.x === undefined && typeof x === 'undefined'", "{}").unwrap());
    // A variable that one instance read is not there for the next one, nor a changed copy of it.
    assert!(ask.condition("x.y[0] === 1", r#"{"x":{"y":[1]}}"#).unwrap());
    assert!(ask.condition("x.y[0] === 2", r#"{"x":{"y":[2]}}"#).unwrap());
    for change in ["x.y[0] = 3", "x.y.push(3)", "x.z = 3", "delete x.y", "x.y.sort()", "x = 3"] {
        let error = ask.run(change, r#"{"x":{"y":[2, 1]}}"#).unwrap_err();
        assert_eq!(error.fault, ScriptFault::Thrown, "{change}");
    }
    assert_eq!(ask.engine.contexts_made(), 1, "a throw costs no context");
}

#[test]
fn promises_never_run_and_are_not_silent() {
    let mut ask = Ask::new();
    let error = ask.run("Promise.resolve().then(() => { output.x = 1 })", "{}").unwrap_err();
    assert_eq!(error.fault, ScriptFault::Output);
    let error = ask.condition("!!Promise.resolve().then(() => true)", "{}").unwrap_err();
    assert_eq!(error.fault, ScriptFault::NotBoolean);
    assert_eq!(ask.run("(async () => { output.x = 1 })()", "{}").unwrap().as_deref(), Some(r#"{"x":1}"#));
    ends("const p = Promise.resolve(); for (;;) p.then(() => {})");
}

#[test]
fn a_context_that_hit_a_limit_is_thrown_away() {
    let mut ask = Ask::new();
    ask.run("for (;;) {}", "{}").unwrap_err();
    assert!(ask.condition("true", "{}").unwrap());
    assert_eq!(ask.engine.contexts_made(), 2);
}

#[test]
fn a_caught_interruption_is_still_an_error() {
    let limits = Limits { script_ticks: 5, ..Limits::default() };
    let mut ask = Ask::within(limits);
    let error = ask.run("const f = async () => { for (;;) {} }; f(); output.x = 1", "{}").unwrap_err();
    assert_eq!(error.fault, ScriptFault::TimeBudget);
}

#[test]
fn own_objects_may_have_names_of_the_prototype() {
    let mut ask = Ask::new();
    let written = ask.run("output.toString = 1; output.constructor = 'ACME'; output.valueOf = 2", "{}");
    assert_eq!(written.unwrap().as_deref(), Some(r#"{"toString":1,"constructor":"ACME","valueOf":2}"#));
    let error = ask.run(
        "class Bad extends Error { constructor(m) { super(m); this.name = 'Bad' } } throw new Bad('x')",
        "{}",
    );
    assert_eq!(error.unwrap_err().message, "Bad: x");
}

#[test]
fn limits_that_no_script_could_live_with_are_named() {
    assert_eq!(Limits::default().faults(), Vec::<String>::new());
    let least = Limits {
        script_ticks: 1,
        step_ticks: 1,
        heap_bytes: 8 << 20,
        stack_bytes: 64 << 10,
        contexts: 1,
        ..Limits::default()
    };
    assert_eq!(least.faults(), Vec::<String>::new());
    let mut ask = Ask::within(least);
    assert_eq!(ask.run("output.ok = 1 + 1", "{}").unwrap().as_deref(), Some(r#"{"ok":2}"#));
    let deep = Limits { stack_bytes: Limits::MOST_STACK, ..Limits::default() };
    assert_eq!(deep.faults(), Vec::<String>::new());
    let wrong = Limits { script_ticks: 0, heap_bytes: 1, stack_bytes: 1_000_000_000, ..Limits::default() };
    let said = wrong.faults().join("\n");
    assert!(["script_ticks", "heap_bytes", "stack_bytes"].iter().all(|name| said.contains(name)), "{said}");
}
