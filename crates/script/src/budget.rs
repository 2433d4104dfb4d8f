//! What is left of the time of a script and of its step.

use std::cell::Cell;
use std::time::{Duration, Instant};

use crate::limits::Limits;

/// Why a script was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spent {
    Script,
    Step,
    WallClock,
}

/// Counted down by the interrupt handler of the interpreter.
#[derive(Debug)]
pub(crate) struct Budget {
    script: Cell<u32>,
    step: Cell<u32>,
    until: Cell<Option<Instant>>,
    paused: Cell<bool>,
    spent: Cell<Option<Spent>>,
}

impl Budget {
    pub(crate) fn new() -> Self {
        Self {
            script: Cell::new(0),
            step: Cell::new(0),
            until: Cell::new(None),
            paused: Cell::new(false),
            spent: Cell::new(None),
        }
    }

    /// A script begins; `step` ticks are left of its step.
    pub(crate) fn begin(&self, limits: &Limits, step: u32) {
        self.script.set(limits.script_ticks);
        self.step.set(step);
        self.until.set(Instant::now().checked_add(Duration::from_millis(limits.script_wall_ms)));
        self.paused.set(false);
        self.spent.set(None);
    }

    /// Ticks left of the step.
    pub(crate) fn step_left(&self) -> u32 {
        self.step.get()
    }

    /// Reading a variable costs the script nothing: its size is limited elsewhere.
    pub(crate) fn pause(&self, paused: bool) {
        self.paused.set(paused);
    }

    pub(crate) fn spent(&self) -> Option<Spent> {
        self.spent.get()
    }

    /// Looks at the clock without counting. True if the script must end.
    pub(crate) fn is_over(&self) -> bool {
        if self.spent.get().is_none() && self.until.get().is_some_and(|until| Instant::now() >= until) {
            self.spent.set(Some(Spent::WallClock));
        }
        self.spent.get().is_some()
    }

    /// One tick. True if the script must end; once true it stays true.
    pub(crate) fn tick(&self) -> bool {
        if self.is_over() {
            return true;
        }
        if !self.paused.get() {
            count(&self.script, || self.spent.set(Some(Spent::Script)));
            count(&self.step, || self.spent.set(Some(Spent::Step)));
        }
        self.spent.get().is_some()
    }
}

fn count(left: &Cell<u32>, over: impl FnOnce()) {
    match left.get().checked_sub(1) {
        Some(less) => left.set(less),
        None => over(),
    }
}
