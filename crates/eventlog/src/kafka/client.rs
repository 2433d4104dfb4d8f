//! What all clients of the brokers have in common: settings, log lines, tokens.

use std::sync::Arc;

use rdkafka::ClientConfig;
use rdkafka::client::{ClientContext, OAuthToken};
use rdkafka::config::{FromClientConfigAndContext, RDKafkaLogLevel};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use super::options::{Options, Sasl, TokenSource};
use super::pulse::Pulse;
use super::token;
use crate::LogError;

/// librdkafka's settings for one kind of client, and which of them are secret.
#[derive(Clone)]
pub(super) struct Settings {
    config: ClientConfig,
    tokens: Option<TokenSource>,
    pulse: Arc<Pulse>,
}

/// Settings whose values no message may show.
const SECRET: [&str; 2] = ["sasl.password", "ssl.key.password"];

impl Settings {
    /// What every client needs.
    pub(super) fn new(options: &Options, pulse: &Arc<Pulse>) -> Self {
        let mut config = ClientConfig::new();
        config.set_log_level(RDKafkaLogLevel::Info);
        config
            .set("bootstrap.servers", &options.bootstrap)
            .set("client.id", "forebay")
            // the default of 10 s keeps a client away from a broker that is long back
            .set("reconnect.backoff.ms", "100")
            .set("reconnect.backoff.max.ms", "500")
            .set("socket.keepalive.enable", "true")
            .set("log.connection.close", "false");
        let protocol = match (&options.tls, &options.sasl) {
            (None, None) => "plaintext",
            (Some(_), None) => "ssl",
            (None, Some(_)) => "sasl_plaintext",
            (Some(_), Some(_)) => "sasl_ssl",
        };
        config.set("security.protocol", protocol);
        if let Some(tls) = &options.tls {
            let files = [
                ("ssl.ca.location", &tls.ca_file),
                ("ssl.certificate.location", &tls.certificate_file),
                ("ssl.key.location", &tls.key_file),
            ];
            for (name, file) in files {
                if let Some(file) = file {
                    config.set(name, file.to_string_lossy());
                }
            }
            if let Some(password) = &tls.key_password {
                config.set("ssl.key.password", password.reveal());
            }
        }
        let mut tokens = None;
        let (mechanism, credentials) = match &options.sasl {
            None => (None, None),
            Some(Sasl::Plain(credentials)) => (Some("PLAIN"), Some(credentials)),
            Some(Sasl::ScramSha256(credentials)) => (Some("SCRAM-SHA-256"), Some(credentials)),
            Some(Sasl::ScramSha512(credentials)) => (Some("SCRAM-SHA-512"), Some(credentials)),
            Some(Sasl::OAuthBearer(source)) => {
                tokens = Some(source.clone());
                (Some("OAUTHBEARER"), None)
            }
        };
        if let Some(mechanism) = mechanism {
            config.set("sasl.mechanisms", mechanism);
        }
        if let Some(credentials) = credentials {
            config.set("sasl.username", &credentials.username);
            config.set("sasl.password", credentials.password.reveal());
        }
        Self { config, tokens, pulse: Arc::clone(pulse) }
    }

    /// The same with further settings.
    pub(super) fn with(mut self, settings: &[(&str, &str)]) -> Self {
        for (name, value) in settings {
            self.config.set(*name, *value);
        }
        self
    }

    /// What a client's context needs.
    pub(super) fn common(&self) -> Common {
        Common { tokens: self.tokens.clone(), pulse: Arc::clone(&self.pulse), is_producer: false }
    }

    /// Whether a new client must be polled before it can connect: its first token is asked for by an event.
    pub(super) fn needs_token(&self) -> bool {
        self.tokens.is_some()
    }

    /// Makes a client.
    pub(super) fn create<C, T: FromClientConfigAndContext<C>>(&self, context: C) -> Result<T, LogError>
    where
        C: ClientContext,
    {
        self.config.create_with_context(context).map_err(|error| match &error {
            KafkaError::ClientConfig(_, _, name, _) if SECRET.contains(&name.as_str()) => {
                LogError::Setting(format!("{name} has a value that is not allowed"))
            }
            KafkaError::ClientConfig(_, why, name, _) => LogError::Setting(format!("{name}: {why}")),
            other => LogError::Setting(in_our_names(&told(other))),
        })
    }
}

/// Our names of librdkafka's settings, in its words for people.
const OURS: [(&str, &str); 4] = [
    ("ssl.ca.location", "tls.ca_file"),
    ("ssl.certificate.location", "tls.certificate_file"),
    ("ssl.key.location", "tls.key_file"),
    ("ssl.key.password", "tls.key_password"),
];

fn in_our_names(text: &str) -> String {
    OURS.iter().fold(text.to_owned(), |text, (theirs, ours)| text.replace(theirs, ours))
}

/// Which setting a line about a failed connection is about, and what it says; `None` where it may be the network.
fn blamed(line: &str) -> Option<String> {
    const KNOWN: [(&str, &str); 3] = [
        ("SASL", "the brokers do not accept who we are (sasl.mechanism, username, password or token)"),
        (
            "certificate verify failed",
            "the brokers' certificate is not trusted (tls.ca_file, or its host name)",
        ),
        ("SSL alert", "the brokers do not accept our certificate (tls.certificate_file and key_file)"),
    ];
    let (_, setting) = KNOWN.iter().find(|(sign, _)| line.contains(sign))?;
    let said = line.split_once("]: ").map_or(line, |(_, said)| said);
    Some(format!("{setting}: {}", in_our_names(said)))
}

/// The part of a context that all clients share.
pub(super) struct Common {
    tokens: Option<TokenSource>,
    pulse: Arc<Pulse>,
    is_producer: bool,
}

impl Common {
    /// Of the client that appends: only where it finds no broker are there none to append to. Others may just not have
    /// found back yet.
    pub(super) fn of_producer(self) -> Self {
        Self { is_producer: true, ..self }
    }

    /// A log line of the client. Connections that fail come many a second: the pulse says it once.
    pub(super) fn log(&self, level: RDKafkaLogLevel, facility: &str, line: &str) {
        match level {
            _ if facility == "FAIL" || facility == "ERROR" => {
                if let Some(blame) = blamed(line) {
                    self.pulse.blame(blame);
                }
                tracing::debug!(target: "eventlog::kafka", facility, "{line}");
            }
            RDKafkaLogLevel::Emerg
            | RDKafkaLogLevel::Alert
            | RDKafkaLogLevel::Critical
            | RDKafkaLogLevel::Error
            | RDKafkaLogLevel::Warning => tracing::warn!(target: "eventlog::kafka", facility, "{line}"),
            _ => tracing::debug!(target: "eventlog::kafka", facility, "{line}"),
        }
    }

    /// An error of the client as a whole.
    pub(super) fn error(&self, error: &KafkaError, reason: &str) {
        tracing::debug!(target: "eventlog::kafka", error = %told(error), "{reason}");
        match error.rdkafka_error_code() {
            Some(RDKafkaErrorCode::AllBrokersDown) if self.is_producer => {
                self.pulse.lost("no broker can be reached");
            }
            Some(RDKafkaErrorCode::AllBrokersDown) => {}
            _ => {
                if let Some(blame) = blamed(reason) {
                    self.pulse.blame(blame);
                }
            }
        }
    }

    /// A token for the brokers.
    pub(super) fn token(&self) -> Result<OAuthToken, Box<dyn std::error::Error>> {
        let source = self.tokens.as_ref().ok_or("no source of tokens is configured")?;
        token::fetch(source).map_err(|why| {
            tracing::warn!(why, "no token for the brokers");
            self.pulse.lost(&format!("no token for the brokers: {why}"));
            why.into()
        })
    }
}

/// Gives a context with a field `common` its part of every client.
macro_rules! client_context {
    ($context:ty) => {
        impl rdkafka::client::ClientContext for $context {
            const ENABLE_REFRESH_OAUTH_TOKEN: bool = true;

            fn log(&self, level: rdkafka::config::RDKafkaLogLevel, facility: &str, line: &str) {
                self.common.log(level, facility, line);
            }

            fn error(&self, error: rdkafka::error::KafkaError, reason: &str) {
                self.common.error(&error, reason);
            }

            fn generate_oauth_token(
                &self,
                _: Option<&str>,
            ) -> Result<rdkafka::client::OAuthToken, Box<dyn std::error::Error>> {
                self.common.token()
            }
        }
    };
}
pub(super) use client_context;

/// A context without anything of its own.
pub(super) struct Plain {
    pub(super) common: Common,
}
client_context!(Plain);
impl rdkafka::consumer::ConsumerContext for Plain {}

/// What a client's error says, without what was configured.
pub(super) fn told(error: &KafkaError) -> String {
    match error {
        KafkaError::ClientConfig(_, _, name, _) => format!("setting {name}"),
        KafkaError::AdminOp(code) => code.to_string(),
        other => other.rdkafka_error_code().map_or_else(|| other.to_string(), |code| code.to_string()),
    }
}

/// The same as an error of the log.
pub(super) fn broker_error(doing: &str, error: &KafkaError) -> LogError {
    LogError::Broker(format!("{doing}: {}", told(error)))
}
