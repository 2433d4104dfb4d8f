//! What to do about a failed trigger.

/// What a person can do, in a sentence or two.
pub(super) fn advice(stage: &str, cause_code: &str, status: &str) -> &'static str {
    match (status, stage, cause_code) {
        ("retried", ..) => "A retry started it. Nothing to do; dismiss it when you have seen it.",
        ("retrying", ..) => "A retry is on its way.",
        (_, "gateway", _) => {
            "The sender was told and got an error status. Correct what it sends, and have it send again; there is nothing to retry here."
        }
        (_, "match", _) => {
            "No process of the running commit could take the event. Connect the webhook to a message start event, commit, then retry."
        }
        (_, "start", _) => {
            "The process could not begin. Correct the process (or the data it reads), commit, then retry: the event runs in the running commit."
        }
        _ => "Read the cause, correct it, then retry.",
    }
}
