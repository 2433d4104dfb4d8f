//! One question to a fresh or a shared engine.

use bpmn::model::{ElementIx, FlowIx};
use engine::{Place, Program, ScriptError, Scripts, StepEnv, Variables};
use script::{Engine, Limits};

pub(crate) const ENV: StepEnv = StepEnv { now: 1_700_000_000_123, seed: 42 };

pub(crate) fn variables(json: &str) -> Variables {
    Variables::from_json(json).unwrap()
}

/// A shared engine: every program gets a place of its own by its text.
pub(crate) struct Ask {
    pub(crate) engine: Engine,
    seen: Vec<String>,
}

impl Ask {
    pub(crate) fn new() -> Self {
        Self::within(Limits::default())
    }

    pub(crate) fn within(limits: Limits) -> Self {
        Self { engine: Engine::new(limits), seen: vec![] }
    }

    fn at(&mut self, source: &str) -> u32 {
        let found = self.seen.iter().position(|seen| seen == source);
        found.unwrap_or_else(|| {
            self.seen.push(source.to_owned());
            self.seen.len() - 1
        }) as u32
    }

    pub(crate) fn condition(&mut self, source: &str, json: &str) -> Result<bool, ScriptError> {
        let place = Place::Condition(FlowIx(self.at(source)));
        let mut scripts = self.engine.process(1);
        scripts.begin(ENV);
        scripts.condition(Program { place, source }, &variables(json))
    }

    pub(crate) fn run(&mut self, source: &str, json: &str) -> Result<Option<String>, ScriptError> {
        let place = Place::Script(ElementIx(self.at(source)));
        let mut scripts = self.engine.process(1);
        scripts.begin(ENV);
        scripts.run(Program { place, source }, &variables(json))
    }
}

#[track_caller]
pub(crate) fn holds(source: &str, json: &str) -> bool {
    Ask::new().condition(source, json).unwrap_or_else(|error| panic!("{source}: {error:?}"))
}

/// What the script wrote; `""` for nothing.
#[track_caller]
pub(crate) fn wrote(source: &str, json: &str) -> String {
    let written = Ask::new().run(source, json).unwrap_or_else(|error| panic!("{source}: {error:?}"));
    written.unwrap_or_default()
}
