//! The key that the stored API keys are sealed with is lost, or another one.

use e2e::api::{Api, Sent};
use e2e::processes;
use e2e::server::Server;

use crate::support::{accepted, home, project};

#[test]
fn a_lost_master_key_is_missed_and_another_one_is_told() {
    let (_home, options) = home();
    let server = Server::start(&options).unwrap();
    let project = project(&Api::of(&server), "Sealed");
    let webhook = project.webhook("hook", &[&processes::straight]).unwrap();
    let trigger = project.trigger_of(&webhook.data_source).unwrap();
    let reveal = project.path(&format!("triggers/{trigger}/reveal-url"));
    server.stop().unwrap();

    let file = options.data.join("master.key");
    let key = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let refusal = Server::start(&options).expect_err("it made another master key").to_string();
    assert!(refusal.contains("master.key") && refusal.contains("is missing"), "{refusal}");
    assert!(!file.exists());

    // whoever goes on without it can: webhooks are judged by hashes
    std::fs::write(&file, [7; 32]).unwrap();
    let server = Server::start(&options).unwrap();
    accepted(server.authority(), &webhook.target, b"{}");
    let asked = Api::of(&server).call("POST", &reveal, &Sent::Nothing).unwrap();
    assert_eq!(asked.status, 409, "{}", asked.text());
    assert!(asked.text().contains("another master key"), "{}", asked.text());
    assert!(server.log().contains("sealed with another master key"), "{}", server.log_tail());
    server.stop().unwrap();

    std::fs::write(&file, key).unwrap();
    let server = Server::start(&options).unwrap();
    assert_eq!(Api::of(&server).call("POST", &reveal, &Sent::Nothing).unwrap().status, 200);
}
