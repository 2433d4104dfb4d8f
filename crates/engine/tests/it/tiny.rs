//! A script language of a few words: enough to steer the engine, deterministic and fast.

use engine::{Program, ScriptError, ScriptFault, Scripts, StepEnv, Variables};

/// Conditions: `true`, `false`, `name=text` (the variable has this JSON text), `maybe` (no boolean), `throw`.
/// Scripts: the text is the output, `throw` throws, `seed` writes the seed, nothing writes nothing,
/// `count name` adds one to a number.
#[derive(Default)]
pub(crate) struct Tiny {
    env: Option<StepEnv>,
}

fn fault(fault: ScriptFault, message: &str) -> ScriptError {
    ScriptError { fault, message: message.into(), line: Some(1), column: Some(2) }
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
            source => {
                let (name, text) = source.split_once('=').expect("name=text");
                Ok(variables.get(name) == Some(text))
            }
        }
    }

    fn run(&mut self, program: Program<'_>, variables: &Variables) -> Result<Option<String>, ScriptError> {
        let env = self.env.expect("begin comes first");
        match program.source {
            "" => Ok(None),
            "throw" => Err(fault(ScriptFault::Thrown, "Error: no")),
            "seed" => Ok(Some(format!(r#"{{"seed":{},"now":{}}}"#, env.seed, env.now))),
            source => match source.strip_prefix("count ") {
                Some(name) => {
                    let count: u64 = variables.get(name).map_or(0, |text| text.parse().unwrap());
                    Ok(Some(format!(r#"{{"{name}":{}}}"#, count + 1)))
                }
                None => Ok(Some(source.to_owned())),
            },
        }
    }
}
