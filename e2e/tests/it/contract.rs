//! Bar 23: whatever the document allows is sent, and much that it does not: no 5xx, and every answer is one that the
//! document names, in its shape. As each role, on a project of its own, with the same seed each time.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use e2e::api::{Api, Project};
use e2e::processes;
use e2e::server::Server;
use serde_json::Value;

use crate::support::{JSON, LONG, accepted, heavy, home, instances_of, own_file, post, project, skip};

const ROLES: &[&str] = &["viewer", "editor", "operator", "admin"];

/// Operations that would take the ground from under the others, that do not end, or whose body is an archive, which
/// the fuzzer cannot make: tests of their own call them.
const LEFT_OUT: &[&str] = &[
    "deleteProject",
    "openStream",
    "importProject",
    "previewImportProject",
    "importIntoBranch",
    "previewImportIntoBranch",
];

/// No 5xx, and every answer as documented: status, type, headers, shape.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
                      response_schema_conformance";

/// A project with something of everything; its ids, so that requests get past the look-up.
fn parameters(api: &Api, project: &Project) -> String {
    let webhook = project.webhook("orders", &[&processes::poison]).unwrap();
    let authority = api.authority();
    let body = br#"{"n":12345678901234567890123,"customer":{"name":"A"}}"#;
    let event = accepted(authority, &webhook.target, body);
    let instance = instances_of(api, &project.id, &event, 1).remove(0);
    accepted(authority, &webhook.target, br#"{"fault":"throw"}"#);
    assert_eq!(post(authority, &webhook.target, JSON, b"{").status, 400);
    let both = || Ok(api.failed_triggers(&project.id)?.len() >= 2);
    e2e::api::wait(LONG, "two failed triggers", both).unwrap();
    let failed = api.failed_triggers(&project.id).unwrap().remove(0);
    let commits = api.get(&project.path("branches/main/commits")).unwrap();
    let mut text = format!(
        "seed = 23\ncontinue-on-failure = true\n[generation]\nmax-examples = 8\n[parameters]\n\
         projectId = \"{}\"\nbranch = \"main\"\ncommitId = {}\ntriggerId = \"{}\"\ninstanceId = \"{}\"\n\
         eventId = \"{event}\"\nfailedTriggerId = \"{}\"\nname = \"webhookData\"\n",
        project.id, commits["items"][0]["id"], webhook.trigger, instance.id, failed.id
    );
    for (noun, id) in
        [("data-sources", &webhook.data_source), ("process-definitions", &webhook.definitions[0])]
    {
        let given = format!("parameters = {{ resourceDefinitionId = \"{id}\" }}");
        let _ = write!(text, "[[operations]]\ninclude-path-regex = \"/{noun}/\"\n{given}\n");
    }
    for operation in LEFT_OUT {
        let _ = write!(text, "[[operations]]\ninclude-operation-id = \"{operation}\"\nenabled = false\n");
    }
    text
}

/// The document without the cookie: which of two credentials is meant is never guessed, and here it is the token.
fn by_token(api: &Api, home: &Path) -> PathBuf {
    let mut document: Value = api.get("openapi.json").unwrap();
    let schemes = document["components"]["securitySchemes"].as_object_mut().unwrap();
    let cookies: Vec<String> = schemes.keys().filter(|name| *name != "bearer").cloned().collect();
    for operation in document["paths"]
        .as_object_mut()
        .unwrap()
        .values_mut()
        .flat_map(|path| path.as_object_mut().unwrap().values_mut())
    {
        if let Some(security) = operation.get_mut("security").and_then(Value::as_array_mut) {
            security.retain(|one| cookies.iter().all(|name| one.get(name).is_none()));
        }
    }
    let file = home.join("by-token.json");
    std::fs::write(&file, document.to_string()).unwrap();
    file
}

/// Sends to every operation of the document; what was found.
fn fuzz(api: &Api, home: &Path, config: &str, more: &[&str]) -> Result<String, String> {
    let file = home.join(format!("{}.toml", uuid::Uuid::new_v4()));
    std::fs::write(&file, config).unwrap();
    let output = Command::new(own_file(".venv/bin/schemathesis"))
        .arg("--config-file")
        .arg(&file)
        .args([
            "run",
            "--checks",
            CHECKS,
            "--phases",
            "examples,coverage,fuzzing",
            "--no-color",
            "--request-timeout",
            "60",
        ])
        .args(["--header", &format!("Authorization: Bearer {}", api.token())])
        .args(more)
        .env("HYPOTHESIS_STORAGE_DIRECTORY", home.join("hypothesis"))
        .current_dir(home)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        Ok(said)
    } else {
        Err(format!("{said}\n{}", String::from_utf8_lossy(&output.stderr)))
    }
}

fn is_there(test: &str) -> bool {
    let there = own_file(".venv/bin/schemathesis").is_file();
    if !there {
        skip(test, "schemathesis is missing: bash .ci/python");
    }
    there
}

#[test]
fn every_answer_is_one_that_the_document_names() {
    if !is_there("every_answer_is_one_that_the_document_names") {
        return;
    }
    let _alone = heavy();
    let (folder, options) = home();
    let server = Server::start(&options).unwrap();
    let api = Api::of(&server);
    let document = by_token(&api, folder.path());
    let found: Vec<_> = thread::scope(|scope| {
        let runs: Vec<_> = ROLES
            .iter()
            .map(|role| {
                let (api, document, folder) = (&api, document.to_str().unwrap(), folder.path());
                scope.spawn(move || {
                    let project = project(api, role);
                    let config = parameters(api, &project);
                    let person = api.person(&format!("{role}@example.com"), role, &project.id).unwrap();
                    fuzz(&person, folder, &config, &["--url", api.base(), document])
                        .map_err(|said| format!("as {role}:\n{said}"))
                })
            })
            .collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    let faults: Vec<&String> = found.iter().filter_map(|run| run.as_ref().err()).collect();
    assert!(faults.is_empty(), "{}", faults.iter().map(|said| said.as_str()).collect::<Vec<_>>().join("\n"));
    for said in found.into_iter().flatten() {
        let line = said.lines().find(|line| line.contains("generated,")).unwrap_or_default();
        eprintln!("contract: {}", line.trim());
    }
}

/// The control: where the document lacks an answer that is given, it is found.
#[test]
fn an_answer_that_the_document_lacks_is_found() {
    if !is_there("an_answer_that_the_document_lacks_is_found") {
        return;
    }
    let _alone = heavy();
    let (folder, options) = home();
    let server = Server::start(&options).unwrap();
    let api = Api::of(&server);
    let mut document: Value = api.get("openapi.json").unwrap();
    let responses = document["paths"]["/api/v1/projects"]["get"]["responses"].as_object_mut().unwrap();
    let listed = responses.remove("200").unwrap();
    responses.insert("203".to_owned(), listed);
    let file = folder.path().join("openapi.json");
    std::fs::write(&file, document.to_string()).unwrap();
    let only = ["--include-operation-id", "listProjects", "--url", &server.base()];
    let more: Vec<&str> = only.into_iter().chain([file.to_str().unwrap()]).collect();
    let said = fuzz(&api, folder.path(), "seed = 23\n", &more).unwrap_err();
    assert!(
        said.contains("Undocumented HTTP status code") || said.contains("Undocumented status code"),
        "{said}"
    );
}
