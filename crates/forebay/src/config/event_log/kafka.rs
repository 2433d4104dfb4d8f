//! `[event_log.kafka]`: settings as they stand in the file, and as the driver takes them.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use eventlog::kafka::{Compression, Credentials, Options, Sasl, Secret, Tls, TokenSource, Topics};
use serde::Deserialize;

/// Brokers, names, and how records go out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KafkaSettings {
    bootstrap: String,
    topic_prefix: String,
    group: String,
    instance: String,
    message_timeout_ms: u64,
    compression: Compress,
    topics: TopicSettings,
    tls: TlsSettings,
    sasl: SaslSettings,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Compress {
    None,
    Lz4,
    Zstd,
    Gzip,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicSettings {
    create: bool,
    partitions: u32,
    replication: u16,
    min_insync_replicas: u16,
    least_retention_ms: u64,
    accept_unsafe: bool,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct TlsSettings {
    enabled: bool,
    ca_file: PathBuf,
    certificate_file: PathBuf,
    key_file: PathBuf,
    key_password: String,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SaslSettings {
    mechanism: Mechanism,
    username: String,
    password: String,
    token_file: PathBuf,
    token_url: String,
    token_client_id: String,
    token_client_secret: String,
    token_scope: String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
enum Mechanism {
    #[serde(rename = "")]
    None,
    #[serde(rename = "plain")]
    Plain,
    #[serde(rename = "scram-sha-256")]
    ScramSha256,
    #[serde(rename = "scram-sha-512")]
    ScramSha512,
    #[serde(rename = "oauthbearer")]
    OAuthBearer,
}

impl KafkaSettings {
    pub(super) fn options(&self) -> Options {
        let TopicSettings {
            create,
            partitions,
            replication,
            min_insync_replicas,
            least_retention_ms,
            accept_unsafe,
        } = self.topics;
        Options {
            bootstrap: self.bootstrap.clone(),
            topic_prefix: self.topic_prefix.clone(),
            group: self.group.clone(),
            instance: named(&self.instance),
            message_timeout: Duration::from_millis(self.message_timeout_ms),
            compression: match self.compression {
                Compress::None => Compression::None,
                Compress::Lz4 => Compression::Lz4,
                Compress::Zstd => Compression::Zstd,
                Compress::Gzip => Compression::Gzip,
            },
            topics: Topics {
                create,
                partitions,
                replication,
                min_insync_replicas,
                least_retention: Duration::from_millis(least_retention_ms),
                accept_unsafe,
            },
            tls: self.tls.options(),
            sasl: self.sasl.options(),
            ..Options::default()
        }
    }

    /// What the driver cannot see, since it gets only what is in use.
    pub(super) fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        let SaslSettings { mechanism, username, password, token_file, token_url, .. } = &self.sasl;
        let needs_password = !matches!(mechanism, Mechanism::None | Mechanism::OAuthBearer);
        if needs_password && (username.is_empty() || password.is_empty()) {
            faults.push(("sasl", "username and password are needed for this mechanism".to_owned()));
        }
        let one = token_file.as_os_str().is_empty() == token_url.is_empty();
        if *mechanism == Mechanism::OAuthBearer && one {
            faults.push(("sasl", "oauthbearer needs either token_file or token_url".to_owned()));
        }
        if *mechanism == Mechanism::None && self.sasl.is_filled() {
            faults.push(("sasl.mechanism", "is empty, so what stands below it would not be used".to_owned()));
        }
        let is_web = ["http://", "https://"].iter().any(|scheme| token_url.starts_with(scheme));
        if !token_url.is_empty() && !is_web {
            faults.push(("sasl.token_url", "must begin with http:// or https://".to_owned()));
        }
        if !self.tls.enabled && self.tls.is_filled() {
            faults.push(("tls.enabled", "is false, so the files below it would not be used".to_owned()));
        }
        faults
    }
}

impl TlsSettings {
    fn options(&self) -> Option<Tls> {
        let tls = || Tls {
            ca_file: file(&self.ca_file),
            certificate_file: file(&self.certificate_file),
            key_file: file(&self.key_file),
            key_password: named(&self.key_password).map(Secret::new),
        };
        self.enabled.then(tls)
    }

    fn is_filled(&self) -> bool {
        [&self.ca_file, &self.certificate_file, &self.key_file]
            .iter()
            .any(|path| !path.as_os_str().is_empty())
            || !self.key_password.is_empty()
    }
}

impl SaslSettings {
    fn options(&self) -> Option<Sasl> {
        let credentials =
            || Credentials { username: self.username.clone(), password: Secret::new(self.password.clone()) };
        match self.mechanism {
            Mechanism::None => None,
            Mechanism::Plain => Some(Sasl::Plain(credentials())),
            Mechanism::ScramSha256 => Some(Sasl::ScramSha256(credentials())),
            Mechanism::ScramSha512 => Some(Sasl::ScramSha512(credentials())),
            Mechanism::OAuthBearer => Some(Sasl::OAuthBearer(self.tokens())),
        }
    }

    fn is_filled(&self) -> bool {
        let texts = [
            &self.username,
            &self.password,
            &self.token_url,
            &self.token_client_id,
            &self.token_client_secret,
            &self.token_scope,
        ];
        texts.iter().any(|text| !text.is_empty()) || !self.token_file.as_os_str().is_empty()
    }

    fn tokens(&self) -> TokenSource {
        match file(&self.token_file) {
            Some(path) => TokenSource::File(path),
            None => TokenSource::Endpoint {
                url: self.token_url.clone(),
                client_id: self.token_client_id.clone(),
                client_secret: Secret::new(self.token_client_secret.clone()),
                scope: named(&self.token_scope),
            },
        }
    }
}

// passwords are no text for a log
impl fmt::Debug for TlsSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsSettings").field("enabled", &self.enabled).finish_non_exhaustive()
    }
}

impl fmt::Debug for SaslSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SaslSettings").field("mechanism", &self.mechanism).finish_non_exhaustive()
    }
}

fn named(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn file(path: &std::path::Path) -> Option<PathBuf> {
    (!path.as_os_str().is_empty()).then(|| path.to_owned())
}
