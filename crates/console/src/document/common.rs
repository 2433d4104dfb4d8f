//! What operations have in common in the document.

use http::Method;
use serde_json::{Value, json};

use crate::access::{Operation, Right};

/// Path parameters and what they are.
const PARAMETERS: &[(&str, &str, bool)] = &[
    ("organizationId", "The organization.", true),
    ("workspaceId", "The workspace.", true),
    ("userId", "The user.", true),
    ("sessionId", "The session.", true),
    ("tokenId", "The token.", true),
    ("projectId", "The project.", true),
    ("branch", "The name of the branch: `main`.", false),
    ("commitId", "The commit.", true),
    ("resourceDefinitionId", "The data source or process definition.", true),
    ("versionId", "The version of it.", true),
    ("triggerId", "The trigger.", true),
    ("failedTriggerId", "The failed trigger.", true),
    ("instanceId", "The process instance.", true),
    ("commandId", "The command.", true),
    ("incidentId", "The incident.", true),
    ("operationId", "The operation.", true),
    ("eventId", "The event: the `eventId` that the gateway answered.", false),
    ("role", "The role: `editor`.", false),
    ("name", "The name of the variable: `webhookData`.", false),
];

/// Operations whose success carries an `ETag`.
const TAGGED: &[&str] = &[
    "createUser",
    "readUser",
    "changeUser",
    "addOrganizationMember",
    "readOrganizationMember",
    "changeOrganizationMember",
    "addWorkspaceMember",
    "readWorkspaceMember",
    "changeWorkspaceMember",
    "addProjectMember",
    "readProjectMember",
    "changeProjectMember",
    "createProject",
    "readProject",
    "renameProject",
    "readBranch",
    "renameBranch",
    "listChanges",
    "previewBring",
    "bring",
    "discardChanges",
    "restoreResources",
    "importProject",
    "importIntoBranch",
    "previewImportIntoBranch",
    "createDataSource",
    "readDataSource",
    "changeDataSource",
    "createProcessDefinition",
    "readProcessDefinition",
    "renameProcessDefinition",
    "readBpmn",
    "saveBpmn",
    "readActivePolicy",
    "chooseActivePolicy",
    "readTrigger",
    "changeTrigger",
    "activateTrigger",
    "deactivateTrigger",
];

/// Operations that wait for every gateway before they answer.
const CONFIRMED: &[&str] = &[
    "deleteProject",
    "createCommit",
    "chooseActivePolicy",
    "changeTrigger",
    "activateTrigger",
    "deactivateTrigger",
    "resetApiKey",
];

/// The parameters of a path, in its order.
pub(super) fn path_parameters(path: &str) -> Vec<Value> {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    names
        .map(|name| {
            let known = PARAMETERS.iter().find(|(known, ..)| *known == name);
            let (description, uuid) = known.map_or(("", false), |(_, text, uuid)| (*text, *uuid));
            let schema =
                if uuid { json!({ "type": "string", "format": "uuid" }) } else { json!({ "type": "string" }) };
            json!({ "name": name, "in": "path", "required": true, "description": description, "schema": schema })
        })
        .collect()
}

/// The header that a change needs.
pub(super) fn if_match() -> Value {
    json!({
        "name": "If-Match", "in": "header", "required": true,
        "description": "The `ETag` that was read, or `*` to overwrite whatever is there.",
        "schema": { "type": "string", "pattern": r#"^(\*|"[!#-~]+")$"# }
    })
}

/// Nothing but what is named is taken: said of each kind of a body that has several, too.
pub(super) fn close_variants(schemas: &mut Value) {
    let Some(schemas) = schemas.as_object_mut() else { return };
    // looked up without indexing, which would write a null where there is nothing
    let kinds = schemas.values_mut().filter_map(|schema| schema.get_mut("oneOf")?.as_array_mut()).flatten();
    for kind in kinds.filter(|kind| kind.pointer("/properties/kind/enum").is_some()) {
        kind["additionalProperties"] = json!(false);
    }
}

/// The content of every refusal.
pub(super) fn problem() -> Value {
    json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } })
}

/// The refusals that an operation can answer beside those that its handler names.
pub(super) fn refusals(
    operation: &Operation,
    has_query: bool,
    has_body: bool,
) -> Vec<(&'static str, &'static str)> {
    let public = operation.right == Right::Public;
    if public && operation.method.is_safe() {
        return Vec::new();
    }
    let if_match = operation.needs_if_match();
    let narrow = !public && (operation.right != Right::SignedIn || !operation.method.is_safe());
    let all = [
        ("400", true, "The request cannot be read, or carries a token and a cookie (`two-credentials`)."),
        ("401", !public, "No valid credentials."),
        (
            "403",
            narrow,
            "The credentials do not have the right, or the cookie came with a request of another site (`cross-site`).",
        ),
        ("404", operation.path.contains('{'), "Unknown, or somebody else's: the same answer."),
        ("408", has_body, "The body did not come within 60 seconds."),
        ("412", if_match, "`If-Match` names another version than the stored one."),
        ("413", has_body, "The body is larger than 5 MiB (a process: 4 MiB)."),
        // the edge says these of a request's head before the API sees it
        ("414", true, "The request line is longer than 8 KiB."),
        ("415", has_body, "The body is of another type."),
        ("422", has_query || has_body, "Fields are not as they must be; `errors` names each."),
        ("428", if_match, "`If-Match` is missing."),
        ("431", true, "The headers are larger than 64 KiB, or more than 200."),
        ("500", true, "A fault of ours; the log has the reason."),
        ("503", true, "A part does not answer at the moment; see `Retry-After`."),
    ];
    let mut found: Vec<_> =
        all.into_iter().filter(|(_, applies, _)| *applies).map(|(status, _, text)| (status, text)).collect();
    if CONFIRMED.contains(&operation.id)
        && let Some(unavailable) = found.iter_mut().find(|(status, _)| *status == "503")
    {
        unavailable.1 = "A part does not answer at the moment; with `not-confirmed` the change is stored, but not every gateway has it yet.";
    }
    found
}

/// Description and `ETag` of a success.
pub(super) fn describe_success(response: &mut Value, status: &str, operation: &Operation) {
    if response["description"].as_str().unwrap_or_default().is_empty() {
        response["description"] = json!(match status {
            "201" => "Made.",
            "202" => "Queued.",
            "204" => "Done.",
            _ if operation.method == Method::GET => "Read.",
            _ => "Done.",
        });
    }
    if TAGGED.contains(&operation.id) {
        response["headers"]["ETag"] = json!({
            "description": "The version, for `If-Match`.", "required": true, "schema": { "type": "string" }
        });
    }
}
