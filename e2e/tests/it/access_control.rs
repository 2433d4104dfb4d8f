//! Kafka with access control: the commands of docs/gateway.md give each role what it needs, and no more.

use std::path::{Path, PathBuf};
use std::process::Command;

use e2e::api::{Api, Project};
use e2e::postgres::Database;
use e2e::processes;
use e2e::server::{Options, Server};
use tempfile::TempDir;

use crate::support::{JSON, accepted, heavy, home, instances_of, own_file, post, skip};

/// A broker with access control, of this test alone.
struct Broker(TempDir);

impl Broker {
    fn start() -> (Self, u16) {
        let broker = Self(tempfile::tempdir().unwrap());
        let said = broker.script("start-secure");
        let port = said.trim().rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        (broker, port.unwrap_or_else(|| panic!("no broker: {said}")))
    }

    fn script(&self, verb: &str) -> String {
        let mut command = Command::new("bash");
        command.arg(own_file("../.ci/kafka")).arg(verb).arg(self.0.path()).env("KAFKA_HEAP", "256m");
        String::from_utf8_lossy(&command.output().unwrap().stdout).into_owned()
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.script("stop");
    }
}

/// Makes the topics and gives the rights that the page says.
fn allow(python: &Path, port: u16) {
    let page = std::fs::read_to_string(own_file("../docs/gateway.md")).unwrap();
    let lines: Vec<_> = page.lines().filter(|line| line.starts_with("acl ")).collect();
    assert!(lines.len() >= 4, "{lines:?}");
    let output = Command::new(python)
        .arg(own_file("interop/access_control.py"))
        .arg(format!("127.0.0.1:{port}"))
        .args(&lines)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Processes on the broker and a database of their own.
struct Place {
    home: PathBuf,
    parts: Vec<(String, String)>,
}

impl Place {
    fn new(home: &Path, broker: &Broker, port: u16, database: &Database) -> Self {
        let key = home.join("master.key");
        std::fs::write(&key, [7; 32]).unwrap();
        let ca = broker.0.path().join("tls/ca.pem");
        let settings = [
            ("EVENT_LOG__KIND", "kafka".to_owned()),
            ("EVENT_LOG__KAFKA__BOOTSTRAP", format!("localhost:{}", port + 2)),
            ("EVENT_LOG__KAFKA__TLS__ENABLED", "true".to_owned()),
            ("EVENT_LOG__KAFKA__TLS__CA_FILE", ca.display().to_string()),
            ("EVENT_LOG__KAFKA__SASL__MECHANISM", "scram-sha-512".to_owned()),
            ("EVENT_LOG__KAFKA__TOPICS__ACCEPT_UNSAFE", "true".to_owned()),
            ("EVENT_LOG__KAFKA__TOPICS__CREATE", "false".to_owned()),
            ("MASTER_KEY_FILE", key.display().to_string()),
        ];
        let mut parts: Vec<_> =
            settings.into_iter().map(|(name, value)| (format!("FOREBAY_{name}"), value)).collect();
        parts.push(database.store());
        Self { home: home.to_owned(), parts }
    }

    /// A process of this role that signs in with this name.
    fn start(&self, user: &str, role: &str) -> Server {
        let options = Options::new(&self.home.join(format!("{user}-{role}"))).envs(&self.parts);
        let options = options.env("FOREBAY_EVENT_LOG__KAFKA__SASL__USERNAME", user);
        let options = options.env("FOREBAY_EVENT_LOG__KAFKA__SASL__PASSWORD", &format!("{user}-secret"));
        Server::start(&Options { roles: role.to_owned(), ..options }).unwrap()
    }
}

#[test]
fn each_role_works_with_the_rights_of_the_page_and_a_gateway_needs_its_own() {
    const NAME: &str = "each_role_works_with_the_rights_of_the_page_and_a_gateway_needs_its_own";
    let _alone = heavy();
    let Some(database) = Database::new("access_control").unwrap() else {
        return skip(NAME, "FOREBAY_TEST_POSTGRES is not set");
    };
    let python = own_file(".venv/bin/python");
    if std::env::var_os("FOREBAY_TEST_KAFKA").is_none() || !python.is_file() {
        return skip(NAME, "FOREBAY_TEST_KAFKA is not set, or e2e/.venv is missing (.ci/python)");
    }
    let (broker, port) = Broker::start();
    allow(&python, port);
    let (home, _) = home();
    let place = Place::new(home.path(), &broker, port, &database);
    let console = place.start("console", "console");
    let gateway = place.start("gateway", "gateway");
    let runner = place.start("runner", "runner");
    let api = Api::of(&console);
    let project = Project::make(&api, "Access").unwrap();
    let webhook = project.webhook("hook", &[&processes::straight]).unwrap();
    let event = accepted(gateway.authority(), &webhook.target, b"{}");
    instances_of(&api, &project.id, &event, 1);
    for server in [&console, &gateway, &runner] {
        assert!(!server.log().contains("uthorization failed"), "{}", server.log_tail());
    }
    // who may not write cannot be a gateway
    let impostor = place.start("runner", "gateway");
    assert_eq!(post(impostor.authority(), &webhook.target, JSON, b"{}").status, 503);
    for server in [impostor, gateway, runner, console] {
        server.stop().unwrap();
    }
}
