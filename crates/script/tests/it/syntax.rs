//! What parses and what does not, with its place.

use bpmn::{SyntaxCheck, SyntaxError};
use engine::ScriptFault;
use script::Syntax;

use crate::ask::Ask;

#[test]
fn programs_that_parse() {
    for expression in ["a > 1", "a /* c */", "a // c", "(a, b)", "x => x", "/[)]/.test(s)", "`${a}`", "{}.x"]
    {
        assert_eq!(Syntax.expression(expression), Ok(()), "{expression}");
    }
    for script in [
        "",
        "output.a = 1",
        "output = {}",
        "return",
        "// c",
        "if (a) { return } output.b = `}`",
        "function f() {} f()",
    ] {
        assert_eq!(Syntax.script(script), Ok(()), "{script}");
    }
}

/// Texts that would leave the wrapper around them are no programs.
#[test]
fn programs_that_do_not_parse() {
    for expression in [
        "",
        "a >",
        "a; b",
        "a) || (b",
        "a] || [b",
        "a)})}}),(function(){with({}){return function(){return(1",
        "if (a) b",
        "return a",
        "const a = 1",
        "a /*",
        "'a",
        "await a",
        "import('x'",
        "super.x",
        "//",
    ] {
        assert!(Syntax.expression(expression).is_err(), "{expression}");
    }
    for script in [
        "a b",
        "} {",
        "}+function(){",
        "}, function(){",
        "} static {",
        "} [x] = {",
        "}}, {f(){",
        "} finally {",
        "})(); (function(){",
        "} x() {",
        "/*",
        "`",
        "await x",
        "yield x",
        "import x from 'x'",
        "export default 1",
        "with (a) {}",
        "super.x()",
        "010",
        "let output = {}",
        "const output = {}",
        "var output = {}",
        "function output() {}",
        "break",
    ] {
        assert!(Syntax.script(script).is_err(), "{script}");
        assert_eq!(Ask::new().run(script, "{}").unwrap_err().fault, ScriptFault::Syntax, "{script}");
    }
}

#[test]
fn the_place_is_that_of_the_authors_text() {
    let place = |error: Result<(), SyntaxError>| {
        let error = error.unwrap_err();
        (error.line, error.column)
    };
    assert_eq!(place(Syntax.script("let a = 1;\nlet b = ;")), (Some(2), Some(9)));
    assert_eq!(place(Syntax.expression("a +\n  * b")), (Some(2), Some(3)));
    assert_eq!(place(Syntax.script("if (a) {")), (Some(1), Some(9)));
    assert_eq!(place(Syntax.expression("a >")), (Some(1), Some(4)));
    assert_eq!(place(Syntax.expression("a &&\n  b > \n\n")), (Some(2), Some(6)));
    let message = Syntax.expression("webhookData.payload.amount >").unwrap_err().message;
    assert_eq!(message, "SyntaxError: the text ends too early: something is missing at its end");
}

#[test]
fn a_program_that_no_budget_could_compile_is_refused() {
    let refused = Syntax.script(&"output.x = 1;\n".repeat(100_000)).unwrap_err();
    assert_eq!(refused.message, "it has 1400000 bytes, and at most 524288 run");
    assert_eq!(Syntax.script(&"output.x = 1;\n".repeat(37_000)), Ok(()));
    let long = "output.x = 1;\n".repeat(37_000);
    assert_eq!(Ask::new().run(&long, "{}").unwrap().as_deref(), Some(r#"{"x":1}"#));
}

#[test]
fn a_check_runs_nothing() {
    assert_eq!(Syntax.script("for (;;) {}"), Ok(()));
    assert_eq!(Syntax.expression("(() => { throw 1 })()"), Ok(()));
}

#[test]
fn huge_and_odd_programs_are_answered() {
    assert!(Syntax.expression(&"(".repeat(100_000)).is_err());
    assert!(Syntax.script(&"{".repeat(100_000)).is_err());
    assert!(Syntax.expression("a\0b").is_err());
    assert!(Syntax.script(&"output.a = 1;\n".repeat(20_000)).is_ok());
    assert_eq!(Ask::new().run("throw new SyntaxError('mine')", "{}").unwrap_err().fault, ScriptFault::Thrown);
}

/// What the check lets pass must also compile where it runs.
#[test]
fn a_program_that_passes_the_check_compiles() {
    for script in
        ["import.meta", "output.a = import.meta", "(async () => { await 1 })", "a: for (;;) break a", "#!x"]
    {
        let (checked, ran) = (Syntax.script(script), Ask::new().run(script, "{}"));
        let syntax = ran.is_err_and(|error| error.fault == ScriptFault::Syntax);
        assert_eq!(checked.is_err(), syntax, "{script}: {checked:?}");
    }
}
