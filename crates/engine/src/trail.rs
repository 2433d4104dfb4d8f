//! The path of an instance as text for a page: every visit, without the values of variables.

use serde::Serialize;

use crate::event::{Event, Outcome};
use crate::variables::quoted;

/// The events of one step as a JSON array, compact, with the names of written variables in place of
/// their values: enough to draw the path (element, entered, left, outcome, flows taken, incidents)
/// without keeping a payload twice. `[{"entered":{"visit":1,"element":"Start_1"}},{"left":…}]`
pub fn trail(events: &[Event]) -> String {
    let mut out = String::with_capacity(events.len() * 64 + 2);
    out.push('[');
    for (at, event) in events.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        match event {
            Event::Started { start, variables } => {
                let names: Vec<&str> = variables.iter().map(|(name, _)| &**name).collect();
                let named = format!("\"start\":{},\"wrote\":{}", quoted(start), json(&names));
                member(&mut out, "started", &named);
            }
            Event::Executed { visit, wrote } => {
                let names = wrote.as_ref().map(|patch| format!(",\"wrote\":{}", json(&patch.names())));
                member(&mut out, "executed", &format!("\"visit\":{visit}{}", names.unwrap_or_default()));
            }
            Event::VariablesChanged { patch } => {
                member(&mut out, "variablesChanged", &format!("\"wrote\":{}", json(&patch.names())));
            }
            Event::Entered { visit, element, scope, flow } => {
                entered(&mut out, (*visit, element, *scope), flow.as_deref());
            }
            Event::Left { visit, outcome, flows } => left(&mut out, *visit, *outcome, flows),
            other => out.push_str(&json(other)),
        }
    }
    out.push(']');
    out
}

// The two most frequent events are written by hand: this runs for every instance.
fn entered(out: &mut String, (visit, element, scope): (u64, &str, u64), flow: Option<&str>) {
    let mut fields = format!("\"visit\":{visit},\"element\":{}", quoted(element));
    if scope != 0 {
        fields.push_str(&format!(",\"scope\":{scope}"));
    }
    if let Some(flow) = flow {
        fields.push_str(&format!(",\"flow\":{}", quoted(flow)));
    }
    member(out, "entered", &fields);
}

fn left(out: &mut String, visit: u64, outcome: Outcome, flows: &[String]) {
    let mut fields = format!("\"visit\":{visit},\"outcome\":{}", json(&outcome));
    if !flows.is_empty() {
        fields.push_str(&format!(",\"flows\":{}", json(&flows)));
    }
    member(out, "left", &fields);
}

fn member(out: &mut String, name: &str, fields: &str) {
    out.push_str("{\"");
    out.push_str(name);
    out.push_str("\":{");
    out.push_str(fields);
    out.push_str("}}");
}

fn json<T: Serialize>(value: &T) -> String {
    // Texts, numbers and lists of them: always serialisable.
    serde_json::to_string(value).unwrap_or_default()
}
