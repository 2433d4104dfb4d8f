//! Script task (clause 10.3.3): its result is what it assigns into `output`.

use bpmn::model::{Script, is_javascript};

use crate::elements::{Next, Scene};
use crate::incident::{Cause, Code};
use crate::scripts::{Place, Program};
use crate::variables::Patch;

pub(crate) fn execute(scene: &mut Scene<'_>, script: &Script) -> Result<Next, Cause> {
    if !is_javascript(script.format.as_deref()) {
        let format = script.format.as_deref().unwrap_or_default();
        let message = format!("The script is in {format:?}. Write it in JavaScript.");
        return Err(Cause::new(Code::Language, message));
    }
    let program = Program { place: Place::Script(scene.at), source: &script.source };
    let output = scene
        .scripts
        .run(program, scene.instance.variables())
        .map_err(|error| Cause::script(Code::ScriptFailed, error))?;
    let Some(text) = output else { return Ok(Next::Done) };
    let patch = Patch::parse(&text, scene.limits.depth)
        .map_err(|error| Cause::new(Code::ScriptFailed, format!("The output cannot be kept: {error}.")))?;
    fits(scene, &patch)?;
    Ok(Next::Wrote(patch))
}

fn fits(scene: &Scene<'_>, patch: &Patch) -> Result<(), Cause> {
    let (written, most) = (scene.written + patch.as_str().len(), scene.limits.written_bytes);
    if written > most {
        let message = format!("Scripts of one step would write {written} bytes, more than {most}.");
        return Err(Cause::new(Code::VariablesTooLarge, message));
    }
    let limit = scene.limits.variables_bytes;
    // The sum is an upper bound: only near the limit is the merge tried out.
    if scene.instance.variables().bytes() + patch.as_str().len() > limit {
        let mut merged = scene.instance.variables().clone();
        merged.merge(patch);
        if merged.bytes() > limit {
            let message = format!("The variables would take {} bytes, more than {limit}.", merged.bytes());
            return Err(Cause::new(Code::VariablesTooLarge, message));
        }
    }
    Ok(())
}
