//! The BPMN engine: commands in, events and effects out.
//!
//! [`step`] is a function of a process, the state of one instance and a command. It runs the
//! instance to its next wait state and says what happened ([`Event`]) and what the world must do
//! ([`Effect`]). State changes only by applying events ([`Instance::apply`]), so that replaying
//! them gives the same state. Nothing here knows a clock, a database or a script engine: time, seed
//! and [`Scripts`] come in the [`Context`].
//!
//! A new element is a file in `elements/`, an arm in its exhaustive match and, if it waits, a
//! [`Wait`] and the commands that end the wait.

mod command;
mod effect;
mod elements;
mod event;
mod incident;
mod instance;
mod lifecycle;
mod limits;
mod scripts;
mod step;
mod trail;
mod variables;

pub use command::{Command, StartAt};
pub use effect::Effect;
pub use event::{Event, Outcome};
pub use incident::{Code, Incident};
pub use instance::{Illegal, Instance, RestoreError, Status, Token};
pub use lifecycle::{TokenState, Wait};
pub use limits::Limits;
pub use scripts::{Place, Program, ScriptError, ScriptFault, Scripts, StepEnv};
pub use step::{Context, Step, StepError, step};
pub use trail::trail;
pub use variables::{MAX_DEPTH, Patch, Variables, VariablesError};
