//! From a program's text to the text that is compiled, and places in errors back again.
//!
//! The author's text stands on lines of its own inside a wrapper, from line 2 on. A text that closes
//! the wrapper's brackets and opens others must not pass, so it is also parsed inside wrappers
//! that close with other brackets: no text can close them all.

/// Line of the wrapper before the author's first.
const LINES_BEFORE: u32 = 1;

/// What kind of program it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Expression,
    Script,
}

/// Texts that must all parse.
pub(crate) fn checks(form: Form, source: &str) -> Vec<String> {
    match form {
        Form::Expression => {
            vec![format!("\"use strict\";(\n{source}\n)"), format!("\"use strict\";[\n{source}\n]")]
        }
        Form::Script => vec![
            // `let output` would hide what is kept; here it is a second declaration of a parameter.
            format!("(function(input,output){{\"use strict\";\n{source}\n}})"),
            format!("({{program(input,output){{\"use strict\";\n{source}\n}}}})"),
            format!("(class{{program(input,output){{\n{source}\n}}}})"),
            // And `var output` clashes with a `let` around it.
            format!("(function(input){{\"use strict\";let output;{{\n{source}\n}}}})"),
            // As does `function output`, which a block may have of its own, beside a `let` of the same block.
            format!("(function(input){{\"use strict\";{{let output;\n{source}\n}}}})"),
        ],
    }
}

/// The text to compile: called with the variables as `this`, it gives the program.
pub(crate) fn wrapped(form: Form, source: &str) -> String {
    match form {
        Form::Expression => {
            format!(
                "(function(){{with(this){{return function(input){{\"use strict\";return(\n{source}\n)}}}}}})"
            )
        }
        Form::Script => format!(
            "(function(){{with(this){{return function(input){{\"use strict\";let output={{}};(function(){{\n\
             {source}\n}})();return output}}}}}})"
        ),
    }
}

/// Whether a stack's first place in `file` is behind the author's text: at a bracket of ours, where the text ended too early.
pub(crate) fn is_behind(stack: &str, file: &str, source: &str) -> bool {
    named(stack, file).0.is_some_and(|line| line > LINES_BEFORE + lines(source))
}

/// Line and column in the author's text from the first place in a stack that names `file`. What is behind the text is at
/// its end.
pub(crate) fn place(stack: &str, file: &str, source: &str) -> (Option<u32>, Option<u32>) {
    let (line, column) = named(stack, file);
    match line.and_then(|line| line.checked_sub(LINES_BEFORE)) {
        Some(line) if line > lines(source) => end(source),
        Some(line) if line > 0 => (Some(line), column),
        _ => (None, None),
    }
}

/// Behind the last character that is not white space.
fn end(source: &str) -> (Option<u32>, Option<u32>) {
    let text = source.trim_end();
    let last = text.rsplit('\n').next().unwrap_or_default().chars().count();
    (Some(lines(text)), u32::try_from(last + 1).ok())
}

fn lines(source: &str) -> u32 {
    u32::try_from(source.split('\n').count()).unwrap_or(u32::MAX)
}

fn named(stack: &str, file: &str) -> (Option<u32>, Option<u32>) {
    let Some(at) = stack.find(file) else { return (None, None) };
    // what stands before the first number is the colon
    let mut numbers = stack[at + file.len()..].split(|c: char| !c.is_ascii_digit()).skip(1);
    let mut number = || numbers.next().and_then(|digits| digits.parse::<u32>().ok());
    (number(), number())
}
