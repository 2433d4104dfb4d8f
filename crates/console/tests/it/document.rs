//! The API document: complete, true, and its rights.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use console::OPERATIONS;
use serde_json::Value;

use crate::app::App;

/// Method, path and description of every documented operation.
pub(crate) fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            all.push((method.to_uppercase(), path.clone(), operation.clone()));
        }
    }
    all
}

#[tokio::test]
async fn it_is_served_without_credentials_and_is_openapi_3_1() {
    let app = App::new().await;
    let request = Request::builder().uri("/api/v1/openapi.json").body(Body::empty()).unwrap();
    let document = app.send(request).await.good();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(document, console::document());
}

#[tokio::test]
async fn the_table_and_the_document_have_the_same_operations() {
    let document = console::document();
    let documented: BTreeSet<_> = operations(&document)
        .into_iter()
        .map(|(method, path, o)| {
            let right = o["x-forebay-right"].as_str().unwrap_or_else(|| panic!("no right: {method} {path}"));
            (o["operationId"].as_str().unwrap().to_owned(), method, path, right.to_owned())
        })
        .collect();
    let table: BTreeSet<_> = OPERATIONS
        .iter()
        .map(|o| (o.id.to_owned(), o.method.to_string(), o.path.to_owned(), o.right.as_str().to_owned()))
        .collect();
    assert_eq!(documented, table);
    assert_eq!(documented.len(), OPERATIONS.len());
}

/// The committed document is what clients are generated from.
#[test]
fn the_committed_document_is_the_served_one() {
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json");
    let text = std::fs::read_to_string(committed).unwrap_or_default();
    let served = format!("{}\n", serde_json::to_string_pretty(&console::document()).unwrap());
    let differs = text.lines().zip(served.lines()).position(|(a, b)| a != b);
    assert!(text == served, "openapi.json is out of date (line {differs:?}): run `make openapi`");
}

/// A null is no schema, no list and no text of a document; only a default may be null.
#[test]
fn nothing_in_it_is_null() {
    fn look(at: &Value, place: &str) {
        match at {
            Value::Null => panic!("{place} is null"),
            Value::Object(map) => {
                let items = map.iter().filter(|(key, value)| !(*key == "default" && value.is_null()));
                items.for_each(|(key, value)| look(value, &format!("{place}/{key}")));
            }
            Value::Array(items) => items.iter().for_each(|value| look(value, place)),
            _ => {}
        }
    }
    look(&console::document(), "");
}

#[test]
fn every_reference_leads_somewhere_and_every_answer_is_described() {
    let document = console::document();
    check_references(&document, &document);
    for (method, path, operation) in operations(&document) {
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        for name in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
            let found = parameters.iter().find(|p| p["in"] == "path" && p["name"] == name);
            let described = found.is_some_and(|p| !p["description"].as_str().unwrap().is_empty());
            assert!(described, "{method} {path}: {name}");
        }
        assert!(!operation["summary"].as_str().unwrap_or_default().is_empty(), "{method} {path}");
        for (status, response) in operation["responses"].as_object().unwrap() {
            let described = !response["description"].as_str().unwrap_or_default().is_empty();
            assert!(described, "{method} {path} {status}: {response}");
        }
    }
}

fn check_references(document: &Value, at: &Value) {
    match at {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get("$ref") {
                let pointer = reference.strip_prefix('#').unwrap();
                assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
            }
            map.values().for_each(|value| check_references(document, value));
        }
        Value::Array(items) => items.iter().for_each(|value| check_references(document, value)),
        _ => {}
    }
}
