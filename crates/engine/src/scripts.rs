//! What the engine asks of a script language.

use bpmn::model::{ElementIx, FlowIx};

use crate::variables::Variables;

/// Evaluates the conditions and scripts of **one** process version. Crate `script` implements it.
///
/// An implementation may keep compiled programs by [`Place`]: the process behind it never changes.
/// It must be deterministic: the same programs with the same variables and [`StepEnv`] give the
/// same results in the same order, so that a replay agrees.
pub trait Scripts {
    /// A step begins: budgets of the step start anew, time and seed are these.
    fn begin(&mut self, env: StepEnv);

    /// The value of a condition.
    ///
    /// # Errors
    /// Everything but `true` and `false`: thrown, over a limit, not a boolean.
    fn condition(&mut self, program: Program<'_>, variables: &Variables) -> Result<bool, ScriptError>;

    /// Runs a script and gives the JSON text of the object that it assigned into `output`, if it
    /// assigned anything.
    ///
    /// # Errors
    /// Thrown, over a limit, or an output that is no JSON object.
    fn run(&mut self, program: Program<'_>, variables: &Variables) -> Result<Option<String>, ScriptError>;
}

/// What a step fixes for its scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepEnv {
    /// The time of the step, milliseconds since the epoch, UTC.
    pub now: i64,
    /// Seed of `Math.random`.
    pub seed: u64,
}

/// A program and its place in the process, which is its key in a cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Program<'a> {
    /// Where it stands.
    pub place: Place,
    /// Its text.
    pub source: &'a str,
}

/// The place of a program in its process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// The condition of this flow.
    Condition(FlowIx),
    /// The script of this element.
    Script(ElementIx),
}

/// Why a program gave no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", fault.as_str())]
pub struct ScriptError {
    /// What kind of fault.
    pub fault: ScriptFault,
    /// The reason, for the author of the program.
    pub message: String,
    /// Line in the program, from 1.
    pub line: Option<u32>,
    /// Column in the program, from 1.
    pub column: Option<u32>,
}

/// Kinds of fault of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptFault {
    /// It does not parse.
    Syntax,
    /// It threw.
    Thrown,
    /// A condition that is neither `true` nor `false`.
    NotBoolean,
    /// What it wrote into `output` is no object of JSON values.
    Output,
    /// It ran over its budget of time.
    TimeBudget,
    /// It ran over its memory or stack.
    Memory,
    /// The script engine itself failed.
    Engine,
}

impl ScriptFault {
    /// A few words for an operator.
    pub fn as_str(self) -> &'static str {
        match self {
            ScriptFault::Syntax => "does not parse",
            ScriptFault::Thrown => "threw",
            ScriptFault::NotBoolean => "is not a boolean",
            ScriptFault::Output => "wrote an output that cannot be kept",
            ScriptFault::TimeBudget => "ran too long",
            ScriptFault::Memory => "needed too much memory",
            ScriptFault::Engine => "could not be run",
        }
    }
}
