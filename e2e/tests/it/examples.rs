//! What the documents tell people to run, run as it stands there.

use std::path::Path;
use std::process::{Command, Output};

use e2e::server::TOKEN;

use crate::support::{accepted, instances_of, own_file, shared, skip};

/// A command in a folder of the repository, with the token in its environment; its standard output.
#[track_caller]
fn run(folder: &Path, command: &[&str]) -> String {
    let Output { status, stdout, stderr } = Command::new(command[0])
        .args(&command[1..])
        .current_dir(folder)
        .env("FOREBAY_TOKEN", TOKEN)
        .output()
        .unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let (stdout, stderr) = (String::from_utf8(stdout).unwrap(), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{command:?}: {status}\n{stdout}\n{stderr}");
    stdout
}

/// The printed URL is live: what is posted to it starts an instance.
fn is_live(printed: &str) {
    let url = printed.trim();
    let target = &url[url.find("/webhooks/").unwrap_or_else(|| panic!("no URL: {printed}"))..];
    let project = target.split('/').nth(5).unwrap();
    let shared = shared();
    let event = accepted(shared.server.authority(), target, br#"{"orderId":"ORD-1"}"#);
    let instance = instances_of(&shared.api, project, &event, 1).remove(0);
    assert_eq!(instance.status, "completed");
}

#[test]
fn the_five_steps_are_a_script_of_curl_calls() {
    let shared = shared();
    let printed = run(&own_file(".."), &["docs/five-steps.sh", &shared.server.base()]);
    assert!(
        printed.contains(r#""payload":{"orderId":"ORD-12345","status":"completed","amount":299.99}"#),
        "{printed}"
    );
    assert!(printed.contains("flowxApiKey=…"), "{printed}");
}

#[test]
fn the_five_steps_end_with_the_servers_words_where_it_refuses() {
    let shared = shared();
    let output = Command::new("docs/five-steps.sh")
        .arg(shared.server.base())
        .current_dir(own_file(".."))
        .env("FOREBAY_TOKEN", "a-wrong-token")
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("unauthenticated"), "{said}");
}

#[test]
fn the_example_in_python_deploys_a_webhook() {
    let shared = shared();
    is_live(&run(&own_file(".."), &["python3", "docs/examples/deploy.py", &shared.server.base()]));
    let text = std::fs::read_to_string(own_file("../docs/examples/deploy.py")).unwrap();
    let code = text.split("\n\n\n").last().unwrap();
    assert!(code.lines().count() <= 20, "the example has grown beyond 20 lines");
}

#[test]
fn the_client_in_typescript_is_generated_and_deploys_a_webhook() {
    let client = own_file("../clients/typescript");
    if !client.join("node_modules").is_dir() {
        let why = "node_modules is missing: npm ci --prefix clients/typescript";
        return skip("the_client_in_typescript_is_generated_and_deploys_a_webhook", why);
    }
    run(&client, &["npm", "run", "--silent", "generate:check"]);
    run(&client, &["npm", "run", "--silent", "build"]);
    let shared = shared();
    let deploy = "dist/examples/deploy.js";
    is_live(&run(&client, &["node", deploy, "../../docs/examples/order.bpmn", &shared.server.base()]));
}
