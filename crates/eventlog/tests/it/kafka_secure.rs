//! The Kafka driver over TLS, with each way to say who we are, on a real broker; and what a wrong setting is told.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use eventlog::kafka::{Credentials, Options, Sasl, Secret, Tls};
use eventlog::{EventLog, LogError};
use futures::future::join_all;
use tempfile::TempDir;

use crate::harness::{append, earliest, receive, record, within};
use crate::kafka::{Kafka, bootstrap};

pub(crate) const PASSWORD: &str = "forebay-secret";
const WRONG: &str = "not-the-password-5e1f";

/// A broker with listeners for TLS, of this test alone.
pub(crate) struct Broker {
    home: TempDir,
    port: u16,
}

impl Broker {
    pub(crate) fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        let output = script(&["start-secure"], home.path());
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let port = said.trim().rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        let port = port.unwrap_or_else(|| panic!("{said}{}", String::from_utf8_lossy(&output.stderr)));
        Self { home, port }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.home.path().join("tls").join(name)
    }

    fn tls(&self, authority: &str) -> Tls {
        Tls { ca_file: Some(self.file(authority)), ..Tls::default() }
    }

    /// The broker's certificate is for this name.
    fn options(&self, listener: u16, tls: Tls, sasl: Option<Sasl>) -> Options {
        let bootstrap = format!("localhost:{}", self.port + listener);
        Options { tls: Some(tls), sasl, ..Kafka::new(&bootstrap).options }
    }

    pub(crate) fn named(&self, sasl: Sasl) -> Options {
        self.options(2, self.tls("ca.pem"), Some(sasl))
    }

    fn by_certificate(&self, tls: Tls) -> Options {
        self.options(3, tls, None)
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        script(&["stop"], self.home.path());
    }
}

fn script(verb: &[&str], folder: &Path) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.ci/kafka");
    Command::new("bash").arg(script).args(verb).arg(folder).env("KAFKA_HEAP", "256m").output().unwrap()
}

pub(crate) fn credentials(password: &str) -> Credentials {
    Credentials { username: "forebay".to_owned(), password: Secret::new(password) }
}

pub(crate) async fn appends_and_receives(options: Options) {
    let log: Arc<dyn EventLog> = Arc::new(eventlog::kafka::open(options).await.unwrap());
    let sent = record("over TLS");
    append(&log, &sent).await;
    let mut subscription = log.subscribe(crate::harness::TOPIC, earliest()).await.unwrap();
    assert_eq!(receive(&mut *subscription, 1).await, [sent]);
    drop(subscription);
    within(log.close()).await;
}

pub(crate) async fn refused(options: Options) -> LogError {
    match within(eventlog::kafka::open(options)).await {
        Ok(_) => panic!("a wrong setting was accepted"),
        Err(error) => error,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_way_to_say_who_we_are_works_and_a_wrong_one_is_named() {
    if bootstrap("kafka_secure").is_none() {
        return;
    }
    let broker = tokio::task::spawn_blocking(Broker::start).await.unwrap();
    let certificate = |authority: &str| Tls {
        certificate_file: Some(broker.file("client.pem")),
        key_file: Some(broker.file("client.key")),
        ..broker.tls(authority)
    };
    let good = [
        broker.named(Sasl::Plain(credentials(PASSWORD))),
        broker.named(Sasl::ScramSha256(credentials(PASSWORD))),
        broker.named(Sasl::ScramSha512(credentials(PASSWORD))),
        broker.by_certificate(certificate("ca.pem")),
    ];
    for options in good {
        appends_and_receives(options).await;
    }
    let bad = [
        (broker.named(Sasl::Plain(credentials(WRONG))), "sasl.mechanism, username, password"),
        (broker.named(Sasl::ScramSha512(credentials(WRONG))), "sasl.mechanism, username, password"),
        (broker.by_certificate(certificate("stranger-ca.pem")), "tls.ca_file"),
        (broker.by_certificate(broker.tls("ca.pem")), "tls.certificate_file"),
        (broker.by_certificate(broker.tls("no-such-file")), "tls.ca_file"),
    ];
    let tried = bad.map(|(options, setting)| async move { (refused(options).await.to_string(), setting) });
    for (said, setting) in join_all(tried).await {
        println!("refused: {said}");
        assert!(said.contains(setting), "{setting} is not named: {said}");
        assert!(!said.contains(WRONG), "the password is in: {said}");
    }
}
