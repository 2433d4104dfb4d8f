//! What an engine thread works with.

use std::sync::Arc;

use bpmn::Process;
use engine::{Command, Context, Instance, Step, StepError};
use fail::fail_point;
use uuid::Uuid;

/// Limits of steps and scripts.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    pub engine: engine::Limits,
    pub script: script::Limits,
    /// A script that runs longer than this, in milliseconds, cannot be ended but with the process; 0: never.
    pub script_stuck_ms: u64,
}

/// The script engine of one thread and the limits of its steps.
pub(crate) struct Bench {
    limits: Arc<Limits>,
    scripts: script::Engine,
}

/// Which step of which instance, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    /// The instance.
    pub instance: Uuid,
    /// The step, from 1.
    pub step: i64,
    /// Milliseconds since the epoch.
    pub now: i64,
}

impl Turn {
    /// What scripts see as chance: the same when the step is repeated, another for each step.
    fn seed(self) -> u64 {
        let (high, low) = self.instance.as_u64_pair();
        high.rotate_left(32) ^ low ^ self.step.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

impl Bench {
    pub(crate) fn new(limits: Arc<Limits>) -> Self {
        let scripts = script::Engine::new(limits.script.clone());
        Self { limits, scripts }
    }

    /// Throws away every script context.
    pub(crate) fn renew(&mut self) {
        self.scripts = script::Engine::new(self.limits.script.clone());
    }

    /// For the watchdog. Another one after [`Bench::renew`].
    pub(crate) fn watch(&self) -> script::Watch {
        self.scripts.watch()
    }

    /// One step of an instance. `serial` names the process version on this thread.
    pub(crate) fn step(
        &mut self,
        (serial, process): (u128, &Process),
        instance: &Instance,
        command: Command,
        turn: Turn,
    ) -> Result<Step, StepError> {
        fail_point!("runner::in_step");
        fail_point!("runner::in_poison", is_poison(&command), |_| Err(StepError::NotStarted));
        let mut scripts = self.scripts.process(serial);
        let mut context =
            Context { scripts: &mut scripts, now: turn.now, seed: turn.seed(), limits: &self.limits.engine };
        engine::step(process, instance, command, &mut context)
    }
}

/// Whether a test marked the event as one on which the engine crashes.
#[cfg(feature = "failpoints")]
fn is_poison(command: &Command) -> bool {
    let Command::Start { variables, .. } = command else { return false };
    variables.get("webhookData").is_some_and(|data| data.contains("\"poison\":\"engine\""))
}
