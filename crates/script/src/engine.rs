//! The scripts of one worker thread: a context for each process version, the least used thrown out.

use ::engine::{Program, ScriptError, Scripts, StepEnv, Variables};

use crate::limits::Limits;
use crate::sandbox::{Answer, Sandbox};
use crate::source::Form;
use crate::watch::Watch;

/// Runs scripts on the thread that made it; it cannot be sent to another.
pub struct Engine {
    limits: Limits,
    watch: Watch,
    /// Most recently used last.
    kept: Vec<(u128, Sandbox)>,
    made: u64,
}

impl Engine {
    /// An engine without contexts; they are made when they are needed.
    pub fn new(limits: Limits) -> Self {
        Self { limits, watch: Watch::new(), kept: Vec::new(), made: 0 }
    }

    /// The scripts of one process version, for [`engine::Context::scripts`]. `version` is anything
    /// that is another for another text of the process, such as the id of its resource version as a number;
    /// two workspaces must never share one.
    pub fn process(&mut self, version: u128) -> ProcessScripts<'_> {
        ProcessScripts { engine: self, version, env: StepEnv { now: 0, seed: 0 }, step_ticks: 0, random: 0 }
    }

    /// For a thread that watches over this one.
    pub fn watch(&self) -> Watch {
        self.watch.clone()
    }

    /// How many contexts have been made; one that ran into a limit is thrown away and made anew.
    pub fn contexts_made(&self) -> u64 {
        self.made
    }

    /// After a step: a context that holds much of its variables lets go of them. Next to a small one the time for
    /// reading them again is nothing; what a large one has become would stay for as long as its context.
    fn lighten(&mut self, version: u128) {
        if let Some(at) = self.kept.iter().rposition(|(key, _)| *key == version)
            && self.kept[at].1.is_heavy()
            && self.kept[at].1.let_go().is_err()
        {
            self.kept.remove(at);
        }
    }

    /// The context of a version, most recently used now.
    fn sandbox(&mut self, version: u128) -> Result<&mut Sandbox, ScriptError> {
        match self.kept.iter().rposition(|(key, _)| *key == version) {
            Some(at) if at + 1 < self.kept.len() => {
                let found = self.kept.remove(at);
                self.kept.push(found);
            }
            Some(_) => {}
            None => {
                if self.kept.len() >= self.limits.contexts.max(1) {
                    self.kept.remove(0);
                }
                self.made += 1;
                self.kept.push((version, Sandbox::new(&self.limits)?));
            }
        }
        let last = self.kept.last_mut().map(|(_, sandbox)| sandbox);
        last.ok_or_else(|| crate::sandbox::broken("no context"))
    }
}

/// The scripts of one process version during one step.
pub struct ProcessScripts<'a> {
    engine: &'a mut Engine,
    version: u128,
    env: StepEnv,
    step_ticks: u32,
    random: u64,
}

impl ProcessScripts<'_> {
    fn ask<T>(
        &mut self,
        form: Form,
        program: Program<'_>,
        variables: &Variables,
        read: impl FnOnce(Answer) -> Result<T, ScriptError>,
    ) -> Result<T, ScriptError> {
        let watch = self.engine.watch.clone();
        let limits = self.engine.limits.clone();
        watch.begin();
        let sandbox = self.engine.sandbox(self.version).inspect_err(|_| watch.end())?;
        sandbox.begin(&limits, self.step_ticks, (self.env.now, self.random));
        let answer = sandbox.evaluate(form, program, variables);
        (self.step_ticks, self.random) = sandbox.left();
        if sandbox.is_spoilt(&answer) {
            self.engine.kept.pop();
        }
        watch.end();
        answer.and_then(read)
    }
}

impl Drop for ProcessScripts<'_> {
    fn drop(&mut self) {
        self.engine.lighten(self.version);
    }
}

impl Scripts for ProcessScripts<'_> {
    fn begin(&mut self, env: StepEnv) {
        self.env = env;
        self.random = env.seed;
        self.step_ticks = self.engine.limits.step_ticks;
    }

    fn condition(&mut self, program: Program<'_>, variables: &Variables) -> Result<bool, ScriptError> {
        self.ask(Form::Expression, program, variables, Answer::into_bool)
    }

    fn run(&mut self, program: Program<'_>, variables: &Variables) -> Result<Option<String>, ScriptError> {
        self.ask(Form::Script, program, variables, Answer::into_output)
    }
}
