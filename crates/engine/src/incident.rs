//! An element that could not go on.

use serde::{Deserialize, Serialize};

use crate::scripts::ScriptError;

/// Longest expression or message kept with an incident, in characters.
const TEXT_LIMIT: usize = 500;

/// An open incident: the token stays at the element until an operator has it retried or cancels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Incident {
    /// Number in the instance, from 1.
    pub number: u64,
    /// The visit that stands still.
    pub visit: u64,
    /// Id of the element.
    pub element: String,
    /// What kind.
    pub code: Code,
    /// What went wrong and what to do, for an operator. At most 500 characters, one line.
    pub message: String,
    /// Id of the flow whose condition or target is at fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<String>,
    /// The expression that was evaluated, at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// Line in the script or expression, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column in the script or expression, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// True if the element's work was done and only the way on is at fault.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leaving: bool,
}

/// What kind of incident. The texts are stable: lists filter by them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// A condition threw, ran over a limit or is neither true nor false.
    ConditionFailed,
    /// A script threw, ran over a limit or wrote what cannot be kept.
    ScriptFailed,
    /// No condition holds and there is no default flow.
    NoFlow,
    /// A flow leads to no element of its scope.
    DanglingFlow,
    /// The engine does not run this element.
    NotRunnable,
    /// A script or condition in a language other than JavaScript.
    Language,
    /// A subprocess in which nothing can begin.
    NoStart,
    /// More element visits in one step than the limit: a loop without a wait.
    VisitBudget,
    /// The variables would outgrow their limit.
    VariablesTooLarge,
    /// A join waits for tokens that cannot come any more.
    JoinStuck,
}

impl Code {
    /// The stable text, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::ConditionFailed => "condition-failed",
            Code::ScriptFailed => "script-failed",
            Code::NoFlow => "no-flow",
            Code::DanglingFlow => "dangling-flow",
            Code::NotRunnable => "not-runnable",
            Code::Language => "language",
            Code::NoStart => "no-start",
            Code::VisitBudget => "visit-budget",
            Code::VariablesTooLarge => "variables-too-large",
            Code::JoinStuck => "join-stuck",
        }
    }
}

/// Why an element cannot go on; becomes an [`Incident`] once it has a number and a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cause {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) flow: Option<String>,
    pub(crate) expression: Option<String>,
    pub(crate) line: Option<u32>,
    pub(crate) column: Option<u32>,
}

impl Cause {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: clip(&message.into()), flow: None, expression: None, line: None, column: None }
    }

    pub(crate) fn script(code: Code, error: ScriptError) -> Self {
        let ScriptError { fault, message, line, column } = error;
        let message = clip(&format!("{}: {message}", fault.as_str()));
        Self { code, message, flow: None, expression: None, line, column }
    }

    pub(crate) fn on_flow(mut self, flow: &str) -> Self {
        self.flow = Some(flow.to_owned());
        self
    }

    pub(crate) fn evaluating(mut self, expression: &str) -> Self {
        self.expression = Some(clip(expression));
        self
    }
}

/// At most [`TEXT_LIMIT`] characters; control characters become spaces, so that a log line stays one.
fn clip(text: &str) -> String {
    let mut clipped: String =
        text.chars().take(TEXT_LIMIT).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(TEXT_LIMIT).is_some() {
        clipped.pop();
        clipped.push('…');
    }
    clipped
}
