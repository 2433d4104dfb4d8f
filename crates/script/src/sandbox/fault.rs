//! From what QuickJS throws to a [`ScriptError`].

use engine::{ScriptError, ScriptFault};
use rquickjs::{Ctx, Error, Value};

use super::Host;
use crate::budget::Spent;
use crate::source::{self, Form};

/// The script engine itself failed; nothing that a process did.
pub(crate) fn broken(message: &str) -> ScriptError {
    plain(ScriptFault::Engine, message)
}

/// A failure of the prelude.
pub(super) fn internal(ctx: &Ctx<'_>, error: &Error) -> ScriptError {
    let thrown = ctx.catch();
    let said = thrown.as_exception().map(|exception| {
        let (message, stack) = (exception.message(), exception.stack());
        format!("{} {}", message.unwrap_or_default(), stack.unwrap_or_default())
    });
    broken(&format!("{error} {}", said.unwrap_or_default()))
}

pub(super) fn output(why: &str) -> ScriptError {
    plain(ScriptFault::Output, why)
}

/// A program left promise jobs that will never run.
pub(super) fn pending(form: Form) -> ScriptError {
    let fault = if form == Form::Expression { ScriptFault::NotBoolean } else { ScriptFault::Output };
    plain(fault, "it left a promise pending, and nothing waits for promises: write it without async")
}

pub(super) fn too_long(spent: Spent) -> ScriptError {
    let message = match spent {
        Spent::Script => "the script's own budget is used up",
        Spent::Step => "the budget of all scripts of the step is used up",
        Spent::WallClock => "the wall clock limit is reached",
    };
    plain(ScriptFault::TimeBudget, message)
}

/// What a call into the context failed with; takes the exception out of it.
pub(super) fn of<'js>(ctx: &Ctx<'js>, error: &Error, host: &Host, program: &str) -> ScriptError {
    match error {
        Error::Exception => thrown(ctx, &ctx.catch(), host, program),
        Error::Allocation => plain(ScriptFault::Memory, "out of memory"),
        Error::Utf8(_) => output("it holds a lone surrogate that is not escaped"),
        other => broken(&other.to_string()),
    }
}

fn thrown<'js>(ctx: &Ctx<'js>, thrown: &Value<'js>, host: &Host, program: &str) -> ScriptError {
    let explained = host
        .explain
        .clone()
        .restore(ctx)
        .and_then(|explain| explain.call::<_, Vec<String>>((thrown.clone(),)));
    let Ok([message, stack]) = explained.as_deref() else {
        // A thrower of something that throws again when it is looked at.
        let _ = ctx.catch();
        return plain(ScriptFault::Thrown, "something was thrown that cannot be shown");
    };
    if thrown.is_null() {
        // What QuickJS throws when there is no memory left for an error.
        return plain(ScriptFault::Memory, "null was thrown, or there was no memory left for an error");
    }
    let (line, column) = source::place(stack, super::FILE, program);
    let fault = if message.starts_with("InternalError: out of memory")
        || message.starts_with("RangeError: Maximum call stack size exceeded")
        || message.starts_with("InternalError: stack overflow")
    {
        ScriptFault::Memory
    } else if message.starts_with("SyntaxError") && !stack.contains("<anonymous>") {
        ScriptFault::Syntax
    } else {
        ScriptFault::Thrown
    };
    ScriptError { fault, message: message.clone(), line, column }
}

fn plain(fault: ScriptFault, message: &str) -> ScriptError {
    ScriptError { fault, message: message.to_owned(), line: None, column: None }
}
