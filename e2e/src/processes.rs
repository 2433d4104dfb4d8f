//! The processes that the tests draw: BPMN files in `fixtures/`, filled in.

/// Start, end.
pub fn straight(data_source: &str) -> String {
    fill(include_str!("../fixtures/straight.bpmn"), data_source)
}

/// A condition on `payload.amount`, a script on one way, two ends.
pub fn branching(data_source: &str) -> String {
    fill(include_str!("../fixtures/branching.bpmn"), data_source)
}

/// One script task with this JavaScript.
pub fn script(data_source: &str, javascript: &str) -> String {
    fill(include_str!("../fixtures/script.bpmn"), data_source).replace("{script}", &escaped(javascript))
}

/// One exclusive gateway with this condition on one flow and a default on the other.
pub fn condition(data_source: &str, javascript: &str) -> String {
    fill(include_str!("../fixtures/condition.bpmn"), data_source).replace("{condition}", &escaped(javascript))
}

/// A process that fails in the way that `payload.fault` asks for, and ends well where it asks for none.
pub fn poison(data_source: &str) -> String {
    fill(include_str!("../fixtures/poison.bpmn"), data_source)
}

/// All that `payload.fault` can be in [`poison`].
pub const FAULTS: [&str; 10] = [
    "throws",
    "loops",
    "recursion",
    "memory",
    "not finite",
    "too large",
    "not a boolean",
    "condition throws",
    "spins",
    "no way fits",
];

fn fill(template: &str, data_source: &str) -> String {
    template.replace("{data_source}", data_source)
}

/// The text as XML character data.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
