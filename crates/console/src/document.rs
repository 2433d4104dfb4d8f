//! The API document: OpenAPI 3.1, made of the handlers and of the table of operations.
//!
//! What all operations have in common (credentials, rights, path parameters, `If-Match`, refusals) is added here
//! from one place, so that no handler can forget it.

mod common;

use serde_json::{Value, json};
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;

use crate::access::{OPERATIONS, Operation, Right};
use crate::problem::ProblemBody;
use crate::router::routes;

/// What is not an operation: the title, and schemas that only refusals name.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Forebay",
        description = "Incoming webhooks that start BPMN processes, exactly once. Errors are `application/problem+json` (RFC 9457) with a `code`; \
                       times are RFC 3339 in UTC; lists have `limit` and `cursor` and answer `items` and `nextCursor`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(ProblemBody)),
    tags(
        (name = "Access", description = "Who the credentials belong to, and where they lead."),
        (name = "Users", description = "People, and how they get in."),
        (name = "Members", description = "Who has which role where."),
        (name = "Audit", description = "Who did what to which thing, when, from where."),
        (name = "Projects", description = "Projects."),
        (name = "Versions", description = "Branches, work in progress, commits, and which commit runs."),
        (name = "Data sources", description = "Incoming webhooks."),
        (name = "Process definitions", description = "BPMN processes."),
        (name = "Triggers", description = "Webhooks at run time: state, URL, key."),
        (name = "Runtime", description = "Events, instances, failed triggers, commands."),
    )
)]
struct Base;

/// The document. The same for every installation of one version.
pub fn document() -> Value {
    let api = OpenApiRouter::with_openapi(Base::openapi()).nest("/api/v1", routes()).into_openapi();
    // Only texts, numbers and maps with text keys: always serialisable.
    let mut document = serde_json::to_value(&api).unwrap_or_default();
    document["components"]["securitySchemes"] = json!({
        "bearer": {
            "type": "http", "scheme": "bearer",
            "description": "A token: `createToken` or `forebay token` makes one."
        },
        "cookie": {
            "type": "apiKey", "in": "cookie", "name": "forebay",
            "description": "The session's cookie, set by `signIn`; its name begins with `__Host-` where the console is reached by https. Changes need `Sec-Fetch-Site: same-origin`, or an `Origin` that is the host's. Never together with a token."
        }
    });
    document["paths"]["/api/v1/openapi.json"]["get"] = json!({
        "tags": ["Access"], "summary": "This document.", "operationId": "readDocument",
        "responses": { "200": { "description": "OpenAPI 3.1", "content": { "application/json": { "schema": { "type": "object" } } } } }
    });
    common::close_variants(&mut document["components"]["schemas"]);
    for operation in OPERATIONS {
        let method = operation.method.as_str().to_ascii_lowercase();
        if let Some(described) = document["paths"][operation.path].get_mut(&method) {
            complete(described, operation);
        }
    }
    document
}

/// The document as it is served and committed: JSON with two spaces, a line break at the end.
pub(crate) fn text() -> String {
    let mut text = serde_json::to_string_pretty(&document()).unwrap_or_default();
    text.push('\n');
    text
}

fn complete(described: &mut Value, operation: &Operation) {
    described["x-forebay-right"] = json!(operation.right.as_str());
    if operation.right != Right::Public {
        described["security"] = json!([{ "bearer": [] }, { "cookie": [] }]);
    }
    let mut parameters = common::path_parameters(operation.path);
    if operation.needs_if_match() {
        parameters.push(common::if_match());
    }
    let own = described["parameters"].as_array().cloned().unwrap_or_default();
    let has_query = !own.is_empty();
    parameters.extend(own);
    if !parameters.is_empty() {
        described["parameters"] = Value::Array(parameters);
    }
    let has_body = described.get("requestBody").is_some();
    for (status, text) in common::refusals(operation, has_query, has_body) {
        if described["responses"].get(status).is_none() {
            described["responses"][status] = json!({ "description": text });
        }
    }
    let Some(responses) = described["responses"].as_object_mut() else { return };
    for (status, response) in responses {
        if status.starts_with(['4', '5']) {
            response["content"] = common::problem();
        } else {
            common::describe_success(response, status, operation);
        }
    }
}
