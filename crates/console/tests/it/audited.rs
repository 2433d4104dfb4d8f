//! Every change leaves an entry in the audit: asked after each success of a changing operation, in every test.

use axum::http::{HeaderValue, Method};
use console::OPERATIONS;

use crate::app::{Answer, App};

/// Operations with a changing method that change nothing, and why.
const NO_ENTRY: &[(&str, &str)] = &[
    ("checkBranch", "reads a draft"),
    ("readSignInLink", "reads whose link it is"),
    ("previewActivePolicy", "reads what would happen"),
    ("previewCommit", "reads what would happen"),
    ("previewImportProject", "reads what would happen"),
    ("previewImportIntoBranch", "reads what would happen"),
    ("tryProcess", "runs a draft in memory"),
];

/// The id of the operation that a path below the host belongs to.
fn operation(method: &Method, path: &str) -> Option<&'static str> {
    let same = |pattern: &str| {
        let (mut one, mut other) = (pattern.split('/'), path.split('/'));
        loop {
            match (one.next(), other.next()) {
                (None, None) => return true,
                (Some(part), Some(sent)) if part == sent || part.starts_with('{') => {}
                _ => return false,
            }
        }
    };
    // a path without parameters is the better match
    let mut found: Vec<_> = OPERATIONS.iter().filter(|o| o.method == *method && same(o.path)).collect();
    found.sort_by_key(|o| o.path.matches('{').count());
    found.first().map(|o| o.id)
}

/// Panics if an operation changed something and no entry carries its request's id.
pub(crate) async fn check(
    app: &App,
    (method, path): (Method, String),
    known: Option<HeaderValue>,
    answer: &Answer,
) {
    if method.is_safe() || !answer.status.is_success() {
        return;
    }
    let id = operation(&method, &path).unwrap_or_else(|| panic!("{method} {path} is no operation"));
    // what was as it was wished already has the version that the caller knew
    let same = known.is_some() && answer.headers.get("etag") == known.as_ref();
    // who is given what they have is not given anything
    let had = id.starts_with("add") && id.ends_with("Member") && answer.status == 200;
    if same || had || NO_ENTRY.iter().any(|(quiet, _)| *quiet == id) {
        return;
    }
    let request = answer.headers["x-request-id"].to_str().unwrap().to_owned();
    let entries = app.console.db.read(|tx| {
        Box::pin(async move { store::audit::list(tx, &store::audit::Filter::default(), None, 200).await })
    });
    let entries = entries.await.unwrap();
    let found = entries.iter().find(|entry| entry.request_id.as_deref() == Some(&request));
    assert!(found.is_some(), "{id} changed something and left no entry in the audit");
}

#[test]
fn what_leaves_no_entry_is_a_known_changing_operation() {
    for (id, why) in NO_ENTRY {
        let found = OPERATIONS.iter().find(|o| o.id == *id).unwrap_or_else(|| panic!("{id} is no operation"));
        assert!(!found.method.is_safe() && !why.is_empty(), "{id}");
    }
}
