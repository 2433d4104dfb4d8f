//! Topics of one's own, and the brokers that they are on.

mod admin;
mod brokers;

pub use brokers::Brokers;

/// Topics and groups that nobody else uses.
#[derive(Debug)]
pub struct Topics {
    bootstrap: String,
    own: String,
    replicas: usize,
}

impl Topics {
    /// New ones on the broker that `FOREBAY_TEST_KAFKA` names (`host:port`); `None` where nothing is named.
    pub fn new(name: &str) -> Option<Self> {
        let bootstrap = std::env::var("FOREBAY_TEST_KAFKA").ok().filter(|address| !address.is_empty())?;
        Some(Self::on(&bootstrap, name, 1))
    }

    /// New ones on these brokers, with so many replicas of each record.
    pub fn on(bootstrap: &str, name: &str, replicas: usize) -> Self {
        let own = format!("{name}-{}", std::process::id());
        Self { bootstrap: bootstrap.to_owned(), own, replicas }
    }

    /// The broker, `host:port`.
    pub fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    /// A topic's name on the broker: `webhook-events` or `webhook-failures`.
    pub fn topic(&self, name: &str) -> String {
        format!("{}.{name}", self.own)
    }

    /// The variables that make them a server's event log. One broker has one replica, which only development accepts.
    pub fn log(&self) -> Vec<(String, String)> {
        let settings = [
            ("KIND", "kafka"),
            ("KAFKA__BOOTSTRAP", &self.bootstrap),
            ("KAFKA__TOPIC_PREFIX", &format!("{}.", self.own)),
            ("KAFKA__GROUP", &self.own),
            ("KAFKA__TOPICS__REPLICATION", &self.replicas.to_string()),
            ("KAFKA__TOPICS__MIN_INSYNC_REPLICAS", if self.replicas > 2 { "2" } else { "1" }),
            ("KAFKA__TOPICS__ACCEPT_UNSAFE", if self.replicas > 2 { "false" } else { "true" }),
        ];
        let named = settings.iter();
        named.map(|(name, value)| (format!("FOREBAY_EVENT_LOG__{name}"), (*value).to_owned())).collect()
    }
}
