//! JavaScript for conditions and script tasks, by QuickJS-ng: the only user of `rquickjs`.
//!
//! An [`Engine`] belongs to one worker thread. It keeps a context for each process version:
//! frozen, without network, files, timers, modules or code from text; time and chance come from
//! the step. What a script sees:
//!
//! - `input`: the variables, read-only; each variable also by its own name, unless the language has
//!   that name already. A variable is parsed when it is first read, and then kept for the step.
//! - `output`: an empty object. What it holds in the end is merged into the variables.
//! - Integers beyond ±(2^53 − 1) are `BigInt`. `webhookData.headers` does not mind case.
//! - Nothing waits for promises: a program that leaves work pending is an error.
//!
//! [`Syntax`] tells whether a program parses, for `bpmn::check`.

mod budget;
mod engine;
mod limits;
mod sandbox;
mod source;
mod syntax;
mod watch;

pub use self::engine::{Engine, ProcessScripts};
pub use limits::Limits;
pub use syntax::Syntax;
pub use watch::Watch;
