//! The topics at the start: made where they are missing, judged where they are there.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::admin::{
    AdminClient, AdminOptions, ConfigResource, NewTopic, ResourceSpecifier, TopicReplication,
};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::RDKafkaErrorCode as Code;
use rdkafka::metadata::{Metadata, MetadataTopic};

use super::client::{Plain, Settings, broker_error};
use super::options::Topics;
use crate::{LogError, RECORD_LIMIT};

/// How long the brokers may take for one step.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// And for one answer before it is asked again.
const ONCE: Duration = Duration::from_secs(2);
/// Room for what Kafka adds to a record.
const OVERHEAD: usize = 64 * 1024;
/// The largest message that a topic must take.
const LEAST_MESSAGE: usize = RECORD_LIMIT + OVERHEAD;

/// What the driver must know of a topic.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judged {
    /// So many replicas must be in sync for a record to be stored.
    pub(super) min_insync: usize,
}

/// Makes the topic where it is missing and judges it.
pub(super) async fn prepare(clients: &Clients, name: &str, wanted: &Topics) -> Result<Judged, LogError> {
    let Some(admin) = &clients.admin else { return unjudged(clients, name, wanted).await };
    if !exists(clients, name).await? {
        if !wanted.create {
            return Err(fault(
                name,
                "it does not exist, and the settings say not to make it (topics.create)".into(),
            ));
        }
        make(admin, name, wanted).await?;
    }
    judge(clients, admin, name, wanted).await
}

/// What is left where the client library cannot send requests that make, describe or cut topics.
async fn unjudged(clients: &Clients, name: &str, wanted: &Topics) -> Result<Judged, LogError> {
    if !exists(clients, name).await? {
        return Err(fault(
            name,
            "it does not exist, and with OAUTHBEARER it cannot be made from here: make it".into(),
        ));
    }
    let replicas = replicas(clients, name).await?;
    if !wanted.accept_unsafe {
        let why = "with OAUTHBEARER its settings cannot be read from here. See docs/gateway.md for what they must be, \
                   then say so with topics.accept_unsafe = true";
        return Err(fault(name, why.into()));
    }
    tracing::warn!(topic = name, replicas, "accepted with settings that were not read: OAUTHBEARER");
    Ok(Judged { min_insync: usize::from(wanted.min_insync_replicas) })
}

fn fault(topic: &str, detail: String) -> LogError {
    LogError::Topic { topic: topic.to_owned(), detail }
}

fn options() -> AdminOptions {
    AdminOptions::new().request_timeout(Some(PATIENCE)).operation_timeout(Some(PATIENCE))
}

/// The clients that the start needs.
#[derive(Clone)]
pub(super) struct Clients {
    /// Not where tokens are needed: rust-rdkafka's admin client serves no event that asks for one, so it never has any.
    pub(super) admin: Option<Arc<AdminClient<Plain>>>,
    looker: Arc<Looker>,
}

/// Asks for metadata: a producer's or an admin client's question would make the topic by the broker's defaults.
struct Looker {
    settings: Settings,
    client: Mutex<Arc<BaseConsumer<Plain>>>,
}

impl Clients {
    pub(super) fn new(settings: &Settings) -> Result<Self, LogError> {
        let common = || Plain { common: settings.common() };
        let looking = settings.clone().with(&[("allow.auto.create.topics", "false")]);
        let admin = if settings.needs_token() { None } else { Some(Arc::new(settings.create(common())?)) };
        let client = Mutex::new(Arc::new(looking.create(common())?));
        Ok(Self { admin, looker: Arc::new(Looker { settings: looking, client }) })
    }

    /// Asks with a new client from now on. One that saw all brokers go may not come back by itself: librdkafka 2.12 then
    /// connects to none of them any more, however long they are back.
    pub(super) fn look_anew(&self) -> Result<(), LogError> {
        let client = Arc::new(self.looker.settings.create(Plain { common: self.looker.settings.common() })?);
        let old = std::mem::replace(&mut *self.looker.client(), client);
        drop(old);
        Ok(())
    }

    /// What the brokers say of the topic.
    pub(super) fn metadata(&self, name: &str, patience: Duration) -> Result<Metadata, LogError> {
        let looker = Arc::clone(&self.looker.client());
        // serves what the client wants to tell, a token that it needs first of all
        looker.poll(Duration::ZERO);
        let asked = looker.fetch_metadata(Some(name), patience);
        asked.map_err(|error| broker_error("asking for the topics", &error))
    }
}

impl Looker {
    fn client(&self) -> MutexGuard<'_, Arc<BaseConsumer<Plain>>> {
        self.client.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same without holding up the runtime.
async fn metadata(clients: &Clients, name: &str) -> Result<Metadata, LogError> {
    let (clients, name) = (clients.clone(), name.to_owned());
    let asked = tokio::task::spawn_blocking(move || {
        let begun = Instant::now();
        loop {
            match clients.metadata(&name, ONCE) {
                Err(_) if begun.elapsed() < PATIENCE => {}
                done => return done,
            }
        }
    });
    asked.await.unwrap_or_else(|error| Err(LogError::Broker(error.to_string())))
}

async fn exists(clients: &Clients, name: &str) -> Result<bool, LogError> {
    let metadata = metadata(clients, name).await?;
    let Some(topic) = metadata.topics().first() else { return Ok(false) };
    match topic.error().map(Code::from) {
        None | Some(Code::LeaderNotAvailable) => Ok(true),
        Some(Code::UnknownTopicOrPartition | Code::UnknownTopic) => Ok(false),
        Some(Code::TopicAuthorizationFailed) => {
            Err(fault(name, "we may not describe it (ACL Describe)".into()))
        }
        Some(other) => Err(LogError::Broker(format!("asking for the topic {name}: {other}"))),
    }
}

async fn make(admin: &AdminClient<Plain>, name: &str, wanted: &Topics) -> Result<(), LogError> {
    let (insync, message) = (wanted.min_insync_replicas.to_string(), LEAST_MESSAGE.to_string());
    let partitions = i32::try_from(wanted.partitions).unwrap_or(i32::MAX);
    let topic = NewTopic::new(name, partitions, TopicReplication::Fixed(i32::from(wanted.replication)))
        .set("min.insync.replicas", &insync)
        .set("max.message.bytes", &message)
        // we remove records ourselves, and none that was not applied
        .set("retention.ms", "-1")
        .set("retention.bytes", "-1")
        .set("cleanup.policy", "delete")
        .set("message.timestamp.type", "CreateTime")
        .set("unclean.leader.election.enable", "false");
    let made = admin.create_topics([&topic], &options()).await;
    let refused = match made.map_err(|error| broker_error("making a topic", &error))?.pop() {
        None | Some(Ok(_) | Err((_, Code::TopicAlreadyExists))) => None,
        Some(Err((_, code))) => Some(code),
    };
    match refused {
        None => {
            tracing::info!(topic = name, partitions, replication = wanted.replication, "the topic was made");
            Ok(())
        }
        Some(Code::InvalidReplicationFactor) => Err(fault(
            name,
            format!(
                "it cannot be made with {} replicas, as there are fewer brokers. Start more, or for development set \
                 topics.replication = 1, topics.min_insync_replicas = 1 and topics.accept_unsafe = true",
                wanted.replication
            ),
        )),
        Some(Code::TopicAuthorizationFailed | Code::ClusterAuthorizationFailed) => Err(fault(
            name,
            "it does not exist and we may not make it (ACL Create): make it, or allow us to".into(),
        )),
        Some(other) => Err(fault(name, format!("it cannot be made: {other}"))),
    }
}

/// Waits until the topic has leaders everywhere, then looks at its settings.
async fn judge(
    clients: &Clients,
    admin: &AdminClient<Plain>,
    name: &str,
    wanted: &Topics,
) -> Result<Judged, LogError> {
    let replicas = replicas(clients, name).await?;
    let config = described(admin, name).await?;
    let read = Read { config, replicas };
    let mut faults = read.unusable();
    let losing = read.losing(wanted);
    if wanted.accept_unsafe {
        for risk in losing {
            tracing::warn!(topic = name, "accepted for development: {risk}");
        }
    } else if !losing.is_empty() {
        faults.extend(losing);
        faults.push("put it right, or for development set topics.accept_unsafe = true".to_owned());
    }
    if faults.is_empty() {
        Ok(Judged { min_insync: usize::try_from(read.number("min.insync.replicas")).unwrap_or(1) })
    } else {
        Err(fault(name, faults.join("; ")))
    }
}

/// The topic's settings. A broker that has not heard of a topic that was just made knows none, or says that there is no
/// such topic: it is asked again.
async fn described(admin: &AdminClient<Plain>, name: &str) -> Result<ConfigResource, LogError> {
    let begun = Instant::now();
    loop {
        let topic = ResourceSpecifier::Topic(name);
        let described = admin.describe_configs([&topic], &options()).await;
        let why = match described.map(|mut described| described.pop()) {
            Ok(Some(Ok(config))) if config.get("min.insync.replicas").is_some() => return Ok(config),
            Ok(None | Some(Ok(_) | Err(Code::UnknownTopicOrPartition))) => {
                LogError::Broker(format!("no settings of {name} came"))
            }
            Ok(Some(Err(Code::TopicAuthorizationFailed | Code::ClusterAuthorizationFailed))) => {
                return Err(fault(name, "we may not read its settings (ACL DescribeConfigs)".into()));
            }
            Ok(Some(Err(code))) => {
                return Err(LogError::Broker(format!("reading the settings of {name}: {code}")));
            }
            // a broker that is just being replaced by one of another name, or slow: the next answer may be good
            Err(error) => broker_error("reading a topic's settings", &error),
        };
        if begun.elapsed() > PATIENCE {
            return Err(why);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The fewest replicas of a partition, once all of them have a leader.
async fn replicas(clients: &Clients, name: &str) -> Result<usize, LogError> {
    let begun = Instant::now();
    loop {
        let metadata = metadata(clients, name).await?;
        let topic = metadata.topics().first().filter(|topic| topic.error().is_none() && is_led(topic));
        if let Some(topic) = topic {
            let replicas = topic.partitions().iter().map(|partition| partition.replicas().len());
            return Ok(replicas.min().unwrap_or(0));
        }
        if begun.elapsed() > PATIENCE {
            return Err(LogError::Broker(format!("not every partition of {name} has a leader")));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn is_led(topic: &MetadataTopic) -> bool {
    !topic.partitions().is_empty() && topic.partitions().iter().all(|partition| partition.leader() >= 0)
}

/// What was read of a topic.
struct Read {
    config: ConfigResource,
    replicas: usize,
}

impl Read {
    fn text(&self, name: &str) -> &str {
        self.config.get(name).and_then(|entry| entry.value.as_deref()).unwrap_or_default()
    }

    fn number(&self, name: &str) -> i64 {
        self.text(name).parse().unwrap_or(-1)
    }

    /// What nothing can work with.
    fn unusable(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let message = self.number("max.message.bytes");
        if usize::try_from(message).is_ok_and(|bytes| bytes < LEAST_MESSAGE) {
            faults.push(format!("max.message.bytes is {message}, it must be at least {LEAST_MESSAGE}"));
        }
        let policy = self.text("cleanup.policy");
        if policy.contains("compact") {
            faults.push(format!("cleanup.policy is {policy}, it must be delete: records have no key"));
        }
        if self.text("message.timestamp.type") == "LogAppendTime" {
            faults.push(
                "message.timestamp.type is LogAppendTime, it must be CreateTime: a record's time is the event's"
                    .to_owned(),
            );
        }
        faults
    }

    /// On what an acknowledged record can be lost.
    fn losing(&self, wanted: &Topics) -> Vec<String> {
        let mut risks = Vec::new();
        if self.replicas < 2 {
            let held = if self.replicas == 1 { "one replica" } else { "no replica" };
            risks.push(format!("a partition has {held}, it must have 2 at least and better 3"));
        }
        let insync = self.number("min.insync.replicas");
        if insync < 2 {
            risks.push(format!("min.insync.replicas is {insync}, it must be 2 at least: with acks=all that many hold an acknowledged record"));
        }
        if self.text("unclean.leader.election.enable") == "true" {
            risks.push("unclean.leader.election.enable is true, it must be false: a replica that lacks records could become leader".to_owned());
        }
        let least = i64::try_from(wanted.least_retention.as_millis()).unwrap_or(i64::MAX);
        let kept = self.number("retention.ms");
        if kept >= 0 && kept < least {
            risks.push(format!("retention.ms is {kept}, it must be -1 or at least {least}: what is not started yet would go too"));
        }
        let bytes = self.number("retention.bytes");
        if bytes >= 0 {
            risks.push(format!(
                "retention.bytes is {bytes}, it must be -1: what is not started yet would go too"
            ));
        }
        risks
    }
}
