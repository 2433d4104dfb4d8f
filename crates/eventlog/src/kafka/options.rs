//! Settings of the Kafka driver.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::LogError;

/// Settings of the Kafka driver. Sizes are bytes.
#[derive(Clone, Debug)]
pub struct Options {
    /// Addresses to begin with, `host:port`, separated by commas.
    pub bootstrap: String,
    /// What the topics' names begin with; `forebay.` gives `forebay.webhook-events`.
    pub topic_prefix: String,
    /// The consumer group of the runners.
    pub group: String,
    /// A name of this process that stays the same over restarts (a StatefulSet's pod). Then a restart within the
    /// session moves no partition (static membership). Leave it out where there is no such name.
    pub instance: Option<String>,
    /// Whether records are appended here. A producer makes itself known at the start, which brokers allow only to who
    /// may write: a process that only reads must not try.
    pub appends: bool,
    /// Records that may wait for an acknowledgement; more are refused with [`crate::AppendError::Full`].
    pub queue_records: usize,
    /// Bytes of them. One record always fits.
    pub queue_bytes: usize,
    /// How long the client tries to get a record acknowledged (`message.timeout.ms`; it notices up to 0.5 s later).
    /// Less than whoever waits for the answer is willing to, or a record that was given up is stored all the same.
    pub message_timeout: Duration,
    /// How the client compresses what it sends.
    pub compression: Compression,
    /// What topics must be like, and how missing ones are made.
    pub topics: Topics,
    /// Encryption; `None` is plain text.
    pub tls: Option<Tls>,
    /// Who we are; `None` is nobody (or the certificate of `tls`).
    pub sasl: Option<Sasl>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            bootstrap: String::new(),
            topic_prefix: "forebay.".to_owned(),
            group: "forebay-runner".to_owned(),
            instance: None,
            appends: true,
            queue_records: 16_384,
            queue_bytes: 128 * 1024 * 1024,
            message_timeout: Duration::from_millis(1_800),
            compression: Compression::Lz4,
            topics: Topics::default(),
            tls: None,
            sasl: None,
        }
    }
}

impl Options {
    /// Judges what no client would judge as clearly. Reaches nobody.
    ///
    /// # Errors
    /// [`LogError::Setting`] with the first that is wrong.
    pub fn check(&self) -> Result<(), LogError> {
        let wrong = |text: &str| Err(LogError::Setting(text.to_owned()));
        if self.bootstrap.trim().is_empty() {
            return wrong("bootstrap is empty: name at least one broker, host:port");
        }
        if let Some(odd) = self.bootstrap.split(',').map(str::trim).find(|broker| !is_address(broker)) {
            return wrong(&format!("bootstrap: {odd:?} is no broker: write host:port,host:port"));
        }
        if self.group.is_empty() || self.topic_prefix.is_empty() {
            return wrong("group and topic_prefix must not be empty");
        }
        let is_named = |name: &str| {
            name.len() <= 200
                && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
        };
        if !is_named(&self.topic_prefix) {
            return wrong("topic_prefix may hold letters, digits, '.', '_' and '-', at most 200");
        }
        if self.message_timeout < Duration::from_millis(100) {
            return wrong("message_timeout must be at least 100 ms");
        }
        let topics = &self.topics;
        if topics.min_insync_replicas > topics.replication
            || !(1..=MOST_PARTITIONS).contains(&topics.partitions)
            || topics.replication == 0
            || topics.min_insync_replicas == 0
        {
            return wrong(&format!(
                "topics: partitions must be 1 to {MOST_PARTITIONS}, replication at least 1, min_insync_replicas 1 to \
                 replication"
            ));
        }
        if let Some(tls) = &self.tls
            && tls.certificate_file.is_some() != tls.key_file.is_some()
        {
            return wrong("tls: certificate_file and key_file belong together");
        }
        Ok(())
    }
}

/// More than any topic of ours can use: a partition is received by one runner.
const MOST_PARTITIONS: u32 = 10_000;

/// Whether this is `host:port`; the host may be an IPv6 address in brackets.
fn is_address(broker: &str) -> bool {
    let Some((host, port)) = broker.rsplit_once(':') else { return false };
    let is_host =
        !host.is_empty() && !host.contains(['/', ' ']) && (host.starts_with('[') || !host.contains(':'));
    is_host && port.parse::<u16>().is_ok_and(|port| port > 0)
}

/// How records are compressed on their way and on the broker's disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// Little CPU.
    Lz4,
    /// Smaller, at a little more CPU.
    Zstd,
    /// What every client reads, at more CPU.
    Gzip,
}

impl Compression {
    /// librdkafka's word.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Lz4 => "lz4",
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
        }
    }
}

/// What the topics must be like.
#[derive(Clone, Debug)]
pub struct Topics {
    /// Whether missing topics are made at the start.
    pub create: bool,
    /// Partitions of a topic that is made.
    pub partitions: u32,
    /// Replicas of a topic that is made.
    pub replication: u16,
    /// `min.insync.replicas` of a topic that is made.
    pub min_insync_replicas: u16,
    /// A topic whose broker removes records sooner than this is refused.
    pub least_retention: Duration,
    /// For development only: topics on which an acknowledged record can be lost (one replica, unclean elections,
    /// a short retention) are accepted with a warning.
    pub accept_unsafe: bool,
}

impl Default for Topics {
    fn default() -> Self {
        Self {
            create: true,
            partitions: 12,
            replication: 3,
            min_insync_replicas: 2,
            least_retention: Duration::from_secs(7 * 24 * 3600),
            accept_unsafe: false,
        }
    }
}

/// Encryption of the connections. Brokers are always verified, by certificate and host name.
#[derive(Clone, Debug, Default)]
pub struct Tls {
    /// Authorities that may have signed the brokers' certificates (PEM); `None`: the system's.
    pub ca_file: Option<PathBuf>,
    /// Our certificate (PEM), where brokers ask for one.
    pub certificate_file: Option<PathBuf>,
    /// Its private key (PEM).
    pub key_file: Option<PathBuf>,
    /// What the key is encrypted with.
    pub key_password: Option<Secret>,
}

/// How we say who we are.
#[derive(Clone, Debug)]
pub enum Sasl {
    /// Name and password as they are: only over TLS.
    Plain(Credentials),
    /// A password that is not sent, SHA-256.
    ScramSha256(Credentials),
    /// The same with SHA-512.
    ScramSha512(Credentials),
    /// A token of an identity provider.
    OAuthBearer(TokenSource),
}

/// A name and a password.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The name.
    pub username: String,
    /// The password.
    pub password: Secret,
}

/// Where tokens (JWT) come from.
#[derive(Clone, Debug)]
pub enum TokenSource {
    /// A file that somebody renews, such as a projected service account token. Read again when it runs out.
    File(PathBuf),
    /// An identity provider's token endpoint, asked with client credentials (RFC 6749 §4.4).
    Endpoint {
        /// Its URL, https.
        url: String,
        /// The client's id.
        client_id: String,
        /// The client's secret.
        client_secret: Secret,
        /// What is asked for, if anything.
        scope: Option<String>,
    },
}

/// A text that no log line shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}
