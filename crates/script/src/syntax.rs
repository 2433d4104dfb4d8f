//! Whether a program parses.

use bpmn::{SyntaxCheck, SyntaxError};
use rquickjs::context::EvalOptions;
use rquickjs::{Context, Ctx, Error, Function, Module, Runtime};

use crate::limits::Limits;
use crate::sandbox::FILE;
use crate::source::{self, Form};

/// Tells whether programs parse, without running them. Each question gets a bare context of its own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Syntax;

impl SyntaxCheck for Syntax {
    fn expression(&self, source: &str) -> Result<(), SyntaxError> {
        check(Form::Expression, source)
    }

    fn script(&self, source: &str) -> Result<(), SyntaxError> {
        check(Form::Script, source)
    }
}

/// Compiles a program: a function that, called with the variables as `this`, gives it.
///
/// First it is parsed in every wrapper, as modules that are declared and never evaluated. What passes
/// cannot leave its wrapper, so that evaluating the last one only makes a function and runs nothing.
pub(crate) fn compile<'js>(ctx: &Ctx<'js>, form: Form, source: &str) -> rquickjs::Result<Function<'js>> {
    for text in source::checks(form, source) {
        Module::declare(ctx.clone(), FILE, text)?;
    }
    let mut options = EvalOptions::default();
    options.strict = false;
    options.filename = Some(FILE.to_owned());
    ctx.eval_with_options(source::wrapped(form, source), options)
}

/// The longest program, in bytes. It is compiled within the time of its first run.
const LONGEST: usize = 512 << 10;

fn check(form: Form, source: &str) -> Result<(), SyntaxError> {
    if source.len() > LONGEST {
        return Err(plain(&format!("it has {} bytes, and at most {LONGEST} run", source.len())));
    }
    let limits = Limits::default();
    let fresh = || -> rquickjs::Result<Context> {
        let runtime = Runtime::new()?;
        runtime.set_memory_limit(limits.heap_bytes);
        runtime.set_max_stack_size(limits.stack_bytes);
        Context::full(&runtime)
    };
    let context = fresh().map_err(|error| plain(&error.to_string()))?;
    context.with(|ctx| compile(&ctx, form, source).map(drop).map_err(|error| said(&ctx, &error, source)))
}

fn said(ctx: &Ctx<'_>, error: &Error, source: &str) -> SyntaxError {
    let thrown = ctx.catch();
    let Some(exception) = thrown.as_exception() else {
        return plain(&error.to_string());
    };
    let name: String = exception.as_object().get("name").unwrap_or_default();
    let stack = exception.stack().unwrap_or_default();
    let message = match source::is_behind(&stack, FILE, source) {
        // it would name a bracket that the author never wrote
        true => format!("{name}: the text ends too early: something is missing at its end"),
        false => format!("{name}: {}", exception.message().unwrap_or_default()),
    };
    let (line, column) = source::place(&stack, FILE, source);
    SyntaxError { message, line, column }
}

fn plain(message: &str) -> SyntaxError {
    SyntaxError { message: message.to_owned(), line: None, column: None }
}
