//! What became of a record that was handed to the client.

use std::sync::Arc;
use std::time::Instant;

use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use rdkafka::message::{DeliveryResult, Message as _};
use tokio::sync::oneshot;

use super::client::told;
use super::lane::Lot;
use crate::budget::Permit;
use crate::{AppendError, Appended, RECORD_LIMIT};

/// Where the outcome goes. Nobody may be listening any more.
pub(super) type Reply = oneshot::Sender<Result<Appended, AppendError>>;

/// Who waits for a record. Whatever happens to it, there is an answer and its room is given back, at the latest when
/// it is dropped.
pub(super) struct Waiter {
    /// Given back before the waiter is answered.
    permit: Option<Permit>,
    reply: Option<Reply>,
    pub(super) since: Instant,
    /// [`crate::Record::size`].
    pub(super) bytes: usize,
    /// Whether the record was handed to the client.
    pub(super) started: bool,
}

impl Waiter {
    pub(super) fn new(permit: Permit, reply: Reply, bytes: usize) -> Self {
        Self { permit: Some(permit), reply: Some(reply), since: Instant::now(), bytes, started: false }
    }

    /// Answers.
    pub(super) fn answer(mut self, outcome: Result<Appended, AppendError>) {
        self.permit = None;
        if let Some(reply) = self.reply.take() {
            let _ = reply.send(outcome);
        }
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.permit = None;
        if let Some(reply) = self.reply.take() {
            let _ = reply.send(Err(if self.started {
                AppendError::Unknown("the client stopped".to_owned())
            } else {
                AppendError::Closed
            }));
        }
    }
}

/// A waiter on its way through the client, with the lot that its record belongs to.
pub(super) struct Parcel {
    pub(super) waiter: Waiter,
    pub(super) lot: Arc<Lot>,
}

/// The outcome of a delivery report.
pub(super) fn outcome(result: &DeliveryResult<'_>, bytes: usize) -> Result<Appended, AppendError> {
    match result {
        Ok(message) => Ok(Appended {
            partition: u32::try_from(message.partition()).unwrap_or(0),
            offset: message.offset(),
        }),
        Err((error, _)) => Err(append_error(error, bytes)),
    }
}

/// What the brokers' error means for a record. What is not surely outside the log is unknown.
fn append_error(error: &KafkaError, bytes: usize) -> AppendError {
    match error.rdkafka_error_code() {
        Some(
            // refused before anything was written
            Code::UnknownTopic
            | Code::UnknownPartition
            | Code::UnknownTopicOrPartition
            | Code::TopicAuthorizationFailed
            | Code::ClusterAuthorizationFailed
            | Code::InvalidTopic
            | Code::InvalidTimestamp
            | Code::InvalidRecord
            | Code::PolicyViolation
            | Code::NotEnoughReplicas
            | Code::PurgeQueue
            | Code::MessageSizeTooLarge,
        ) => not_sent(error, bytes),
        _ => AppendError::Unknown(told(error)),
    }
}

/// What an error means for a record that never left.
pub(super) fn not_sent(error: &KafkaError, bytes: usize) -> AppendError {
    match error.rdkafka_error_code() {
        Some(Code::MessageSizeTooLarge) => AppendError::TooLarge { size: bytes, limit: RECORD_LIMIT },
        Some(Code::QueueFull) => AppendError::Full,
        _ => AppendError::Unavailable(told(error)),
    }
}
