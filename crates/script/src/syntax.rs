//! Whether a program parses.

use bpmn::{SyntaxCheck, SyntaxError};
use engine::ScriptFault;

use crate::limits::Limits;
use crate::sandbox::Sandbox;
use crate::source::Form;

/// Tells whether programs parse, without running them. Each question gets a context of its own.
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

fn check(form: Form, source: &str) -> Result<(), SyntaxError> {
    let parsed = Sandbox::new(&Limits::default()).and_then(|mut sandbox| sandbox.check(form, source));
    parsed.map_err(|error| {
        let message = match error.fault {
            ScriptFault::Syntax => error.message,
            fault => format!("{}: {}", fault.as_str(), error.message),
        };
        SyntaxError { message, line: error.line, column: error.column }
    })
}
