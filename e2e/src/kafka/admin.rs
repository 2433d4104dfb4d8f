//! What an administrator of the brokers does to topics and groups behind Forebay's back.

use std::io;
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewPartitions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;

use super::Topics;
use crate::api::wait;

/// How long the brokers may take for one thing.
const PATIENCE: Duration = Duration::from_secs(30);

impl Topics {
    /// Deletes a topic; comes back when the brokers know it no more.
    pub fn delete(&self, name: &str) -> io::Result<()> {
        let (topic, admin) = (self.topic(name), self.admin()?);
        run(async { admin.delete_topics(&[&topic], &options()).await })?;
        // they delete it after they said so; asking for all topics makes none
        wait(PATIENCE, "the topic is still there", || Ok(!self.topics()?.contains(&topic)))
    }

    /// Makes a topic that is not there; one that somebody made meanwhile is left as it is.
    pub fn make(&self, name: &str, partitions: usize) -> io::Result<()> {
        let (topic, admin) = (self.topic(name), self.admin()?);
        let partitions = i32::try_from(partitions).map_err(io::Error::other)?;
        let replicas = i32::try_from(self.replicas).map_err(io::Error::other)?;
        let wanted = NewTopic::new(&topic, partitions, TopicReplication::Fixed(replicas));
        match run(async { admin.create_topics([&wanted], &options()).await }) {
            Err(_) if self.topics()?.contains(&topic) => Ok(()),
            made => made,
        }
    }

    /// Gives a topic so many partitions, more than it has.
    pub fn grow(&self, name: &str, partitions: usize) -> io::Result<()> {
        let (topic, admin) = (self.topic(name), self.admin()?);
        let wanted = NewPartitions::new(&topic, partitions);
        run(async { admin.create_partitions([&wanted], &options()).await })
    }

    /// Forgets the group that the runners form on `webhook-events`, with its offsets; nobody may be in it.
    pub fn forget_group(&self) -> io::Result<()> {
        let admin = self.admin()?;
        run(async { admin.delete_groups(&[&self.own], &options()).await })
    }

    /// How many partitions a topic has.
    pub fn partitions(&self, name: &str) -> io::Result<usize> {
        let topic = self.topic(name);
        let metadata =
            self.admin()?.inner().fetch_metadata(Some(&topic), PATIENCE).map_err(io::Error::other)?;
        Ok(metadata.topics().first().map_or(0, |topic| topic.partitions().len()))
    }

    fn topics(&self) -> io::Result<Vec<String>> {
        let metadata = self.admin()?.inner().fetch_metadata(None, PATIENCE).map_err(io::Error::other)?;
        Ok(metadata.topics().iter().map(|topic| topic.name().to_owned()).collect())
    }

    fn admin(&self) -> io::Result<AdminClient<DefaultClientContext>> {
        ClientConfig::new().set("bootstrap.servers", &self.bootstrap).create().map_err(io::Error::other)
    }
}

fn options() -> AdminOptions {
    AdminOptions::new().operation_timeout(Some(PATIENCE)).request_timeout(Some(PATIENCE))
}

/// Waits for an answer in which every part must be good.
fn run<T, E: std::fmt::Debug>(
    work: impl Future<Output = Result<Vec<Result<T, E>>, rdkafka::error::KafkaError>>,
) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let parts = runtime.block_on(work).map_err(io::Error::other)?;
    for part in parts {
        part.map_err(|error| io::Error::other(format!("{error:?}")))?;
    }
    Ok(())
}
