//! The events of a step as a few words each, to be compared whole: order, numbers and ids.

use engine::{Event, Outcome, Step};

/// One line for each event:
///
/// ```text
/// start S {}                 the instance began at S with these variables
/// 3 T via S>T in 2           visit 3 is at T, came by flow S>T, inside the subprocess of visit 2
/// 3 waits Join               for the other flows of a join (Scope: the tokens inside, Budget: a retry)
/// 3 wrote {"a":1}            its work is done; `3 worked`: and wrote nothing
/// 3 left by T>U, T>V         `3 left`: by none; `3 joined`, `3 terminated`, `3 cancelled`
/// 3 at T incident 1 no-flow  with ` (leaving)` if the work was done
/// retry 1, change {"x":1}    what an operator did
/// completed, terminated, cancelled
/// ```
pub(crate) fn story(step: &Step) -> Vec<String> {
    step.events.iter().map(line).collect()
}

/// The events are these, one a line; white space around lines does not count.
#[track_caller]
pub(crate) fn assert_story(step: &Step, expected: &str) {
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(story(step), expected, "the story is\n{}", story(step).join("\n"));
}

fn line(event: &Event) -> String {
    match event {
        Event::Started { start, variables } => format!("start {start} {}", variables.to_json()),
        Event::Entered { visit, element, scope, flow } => {
            let via = flow.as_ref().map(|flow| format!(" via {flow}")).unwrap_or_default();
            let inside = if *scope == 0 { String::new() } else { format!(" in {scope}") };
            format!("{visit} {element}{via}{inside}")
        }
        Event::Waiting { visit, wait } => format!("{visit} waits {wait:?}"),
        Event::Executed { visit, wrote: None } => format!("{visit} worked"),
        Event::Executed { visit, wrote: Some(patch) } => format!("{visit} wrote {}", patch.as_str()),
        Event::Left { visit, outcome: Outcome::Completed, flows } if flows.is_empty() => {
            format!("{visit} left")
        }
        Event::Left { visit, outcome: Outcome::Completed, flows } => {
            format!("{visit} left by {}", flows.join(", "))
        }
        Event::Left { visit, outcome, flows } => {
            assert!(flows.is_empty(), "who did not complete takes no flow");
            format!("{visit} {}", format!("{outcome:?}").to_lowercase())
        }
        Event::IncidentRaised(incident) => {
            let leaving = if incident.leaving { " (leaving)" } else { "" };
            let (number, code) = (incident.number, incident.code.as_str());
            format!("{} at {} incident {number} {code}{leaving}", incident.visit, incident.element)
        }
        Event::IncidentResolved { incident } => format!("retry {incident}"),
        Event::VariablesChanged { patch } => format!("change {}", patch.as_str()),
        Event::Completed => "completed".into(),
        Event::Terminated => "terminated".into(),
        Event::Cancelled => "cancelled".into(),
    }
}
