//! A script language of a few words: enough to steer the engine, deterministic and fast.

use engine::{Program, ScriptError, ScriptFault, Scripts, StepEnv, Variables};

/// Conditions: `true`, `false`, `name=text` (the variable has this JSON text), `name<number` (a missing
/// variable is 0), `maybe` (no boolean), `throw`.
/// Scripts: the text is the output, `throw` throws, `seed` writes the seed, nothing writes nothing,
/// `count name` adds one to a number, `need name` throws as long as there is no such variable.
#[derive(Default)]
pub(crate) struct Tiny {
    env: Option<StepEnv>,
}

fn fault(fault: ScriptFault, message: &str) -> ScriptError {
    ScriptError { fault, message: message.into(), line: Some(1), column: Some(2) }
}

fn number(variables: &Variables, name: &str) -> u64 {
    variables.get(name).map_or(0, |text| text.parse().unwrap())
}

impl Scripts for Tiny {
    fn begin(&mut self, env: StepEnv) {
        self.env = Some(env);
    }

    fn condition(&mut self, program: Program<'_>, variables: &Variables) -> Result<bool, ScriptError> {
        match program.source {
            "true" => Ok(true),
            "false" => Ok(false),
            "maybe" => Err(fault(ScriptFault::NotBoolean, "it is 42")),
            "throw" => Err(fault(ScriptFault::Thrown, "Error: no")),
            source => match source.split_once('<') {
                Some((name, most)) => Ok(number(variables, name) < most.parse().unwrap()),
                None => {
                    let (name, text) = source.split_once('=').expect("name=text");
                    Ok(variables.get(name) == Some(text))
                }
            },
        }
    }

    fn run(&mut self, program: Program<'_>, variables: &Variables) -> Result<Option<String>, ScriptError> {
        let env = self.env.expect("begin comes first");
        match program.source {
            "" => Ok(None),
            "throw" => Err(fault(ScriptFault::Thrown, "Error: no")),
            "seed" => Ok(Some(format!(r#"{{"seed":{},"now":{}}}"#, env.seed, env.now))),
            source => match source.split_once(' ') {
                Some(("count", name)) => Ok(Some(format!(r#"{{"{name}":{}}}"#, number(variables, name) + 1))),
                Some(("need", name)) if variables.get(name).is_none() => {
                    Err(fault(ScriptFault::Thrown, "Error: missing"))
                }
                Some(("need", _)) => Ok(None),
                _ => Ok(Some(source.to_owned())),
            },
        }
    }
}
