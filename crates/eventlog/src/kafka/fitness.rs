//! Whether the topics still are what they were judged to be at the start: somebody may change their settings while we
//! run, or delete one, and then a client's question makes it anew by the brokers' defaults.

use std::time::{Duration, Instant};

use rdkafka::error::RDKafkaErrorCode as Code;
use rdkafka::metadata::Metadata;
use tokio::runtime::Handle;

use super::meters;
use super::options::Topics;
use super::topics::{self, Clients};
use crate::{LogError, Topic};

/// How often topics are judged.
const EVERY: Duration = Duration::from_secs(60);
/// How long a topic is missing before it is made anew: whoever deleted it may be about to make it.
const MISSING: Duration = Duration::from_secs(10);

/// What is known of the topics.
pub(super) struct Fitness {
    clients: Clients,
    wanted: Topics,
    runtime: Handle,
    topics: [Judged; Topic::ALL.len()],
}

/// The same of one topic.
#[derive(Default)]
struct Judged {
    at: Option<Instant>,
    /// What was wrong with it.
    faults: Option<String>,
    missing_since: Option<Instant>,
}

impl Fitness {
    /// The topics were judged just now. `runtime` waits for the brokers' answers.
    pub(super) fn new(clients: &Clients, wanted: &Topics, runtime: Handle) -> Self {
        let judged = |_| Judged { at: Some(Instant::now()), ..Judged::default() };
        Self { clients: clients.clone(), wanted: wanted.clone(), runtime, topics: Topic::ALL.map(judged) }
    }

    /// The brokers told this of a topic.
    pub(super) fn look(&mut self, topic: Topic, name: &str, told: &Metadata) {
        if self.clients.admin.is_none() {
            return;
        }
        let judged = &mut self.topics[topic as usize];
        if is_missing(told) {
            let since = *judged.missing_since.get_or_insert_with(Instant::now);
            if since.elapsed() > MISSING && self.wanted.create {
                judged.missing_since = None;
                tracing::warn!(topic = name, "the topic is gone: making it anew");
                self.judge(topic, name);
            }
            return;
        }
        judged.missing_since = None;
        // for development it was accepted as it is
        if !self.wanted.accept_unsafe && judged.at.is_none_or(|at| at.elapsed() > EVERY) {
            self.judge(topic, name);
        }
    }

    fn judge(&mut self, topic: Topic, name: &str) {
        let found = self.runtime.block_on(topics::prepare(&self.clients, name, &self.wanted));
        let judged = &mut self.topics[topic as usize];
        judged.at = Some(Instant::now());
        let faults = match found {
            Ok(_) => None,
            Err(LogError::Topic { detail, .. }) => Some(detail),
            // not a word of the topic
            Err(error) => return tracing::debug!(%error, topic = name, "the topic cannot be judged now"),
        };
        meters::topic_unfit(topic).set(if faults.is_some() { 1.0 } else { 0.0 });
        if let Some(faults) = faults.as_ref().filter(|faults| judged.faults.as_ref() != Some(faults)) {
            tracing::error!(
                topic = name,
                faults,
                "the topic is not fit to carry the event log any more: webhooks are accepted on it all the same, and \
                 the next start will refuse it"
            );
        }
        judged.faults = faults;
    }
}

fn is_missing(told: &Metadata) -> bool {
    let error = told.topics().first().map(|topic| topic.error().map(Code::from));
    matches!(error, None | Some(Some(Code::UnknownTopicOrPartition | Code::UnknownTopic)))
}
