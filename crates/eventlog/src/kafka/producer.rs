//! The producer: one for all topics, replaced after a fatal error, and the thread that serves it.

use std::sync::{Arc, OnceLock, PoisonError, RwLock, Weak};
use std::time::Duration;

use rdkafka::message::DeliveryResult;
use rdkafka::producer::{BaseProducer, Producer as _, ProducerContext};

use super::client::{Common, Settings, client_context};
use super::delivery::{Parcel, outcome};
use super::lane::Lane;
use super::meters;
use super::options::Options;
use super::pulse::Pulse;
use crate::{LogError, Topic};

/// How long the thread serves deliveries before it looks at what else is to be done.
const TURN: Duration = Duration::from_millis(20);

/// The lanes of all topics, and the producer that they share.
pub(super) struct Producers {
    current: RwLock<Arc<BaseProducer<Deliveries>>>,
    lanes: [Lane; Topic::ALL.len()],
    settings: Settings,
    /// Ourselves, for the contexts of later producers.
    own: Weak<Producers>,
}

/// Gets the delivery reports.
pub(super) struct Deliveries {
    common: Common,
    producers: OnceLock<Weak<Producers>>,
}
client_context!(Deliveries);

impl ProducerContext for Deliveries {
    type DeliveryOpaque = Box<Parcel>;

    fn delivery(&self, result: &DeliveryResult<'_>, parcel: Box<Parcel>) {
        let Parcel { waiter, lot } = *parcel;
        let outcome = outcome(result, waiter.bytes);
        match self.producers.get().and_then(Weak::upgrade) {
            Some(producers) => {
                let lane = producers.lane(lot.topic);
                lane.answer(waiter, outcome);
                if lot.count_down() {
                    lane.done(&lot, &producers);
                }
            }
            None => waiter.answer(outcome),
        }
    }
}

impl Producers {
    /// Makes the producer and the lanes; `name` gives a topic's name on the brokers.
    pub(super) fn new(
        settings: &Settings,
        options: &Options,
        name: impl Fn(Topic) -> String,
    ) -> Result<Arc<Self>, LogError> {
        let settings = settings.clone().with(&[
            ("acks", "all"),
            // the brokers are asked for an identity at once, which a process without appends may not have
            ("enable.idempotence", if options.appends { "true" } else { "false" }),
            ("linger.ms", "0"),
            ("message.timeout.ms", &options.message_timeout.as_millis().to_string()),
            ("socket.timeout.ms", &options.message_timeout.as_millis().max(1_000).to_string()),
            ("request.timeout.ms", &options.message_timeout.as_millis().to_string()),
            // above our own limits, which answer better
            ("message.max.bytes", "16777216"),
            ("queue.buffering.max.messages", "10000000"),
            ("queue.buffering.max.kbytes", "2097151"),
            ("compression.type", options.compression.name()),
        ]);
        let first = producer(&settings, Weak::new())?;
        Ok(Arc::new_cyclic(|own| {
            // A context that nobody else has yet.
            let _ = first.context().producers.set(Weak::clone(own));
            Self {
                current: RwLock::new(Arc::new(first)),
                lanes: Topic::ALL.map(|topic| Lane::new(topic, name(topic), options.message_timeout)),
                settings,
                own: Weak::clone(own),
            }
        }))
    }

    /// The producer to send with now.
    pub(super) fn current(&self) -> Arc<BaseProducer<Deliveries>> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn lane(&self, topic: Topic) -> &Lane {
        &self.lanes[topic as usize]
    }

    /// Whether every record has its outcome.
    pub(super) fn are_idle(&self) -> bool {
        self.lanes.iter().all(Lane::is_idle)
    }

    /// Serves the producer until the log is closed and all that was taken has its outcome, or `patience` is over.
    pub(super) fn run(&self, pulse: &Pulse, patience: Duration) {
        let mut closing = None;
        loop {
            self.current().poll(TURN);
            self.replace_if_fatal(pulse);
            for lane in &self.lanes {
                lane.tick(self);
            }
            if pulse.is_closed() {
                let since = *closing.get_or_insert_with(std::time::Instant::now);
                if self.are_idle() || since.elapsed() > patience {
                    break;
                }
            }
        }
        for lane in &self.lanes {
            lane.give_up();
        }
    }

    /// After a fatal error a producer refuses everything for ever: another one takes its place. What it had under way
    /// is answered as unknown.
    fn replace_if_fatal(&self, pulse: &Pulse) {
        fail::fail_point!("eventlog::kafka_fatal", |_| self.replace("failpoint", pulse));
        if let Some((code, why)) = self.current().client().fatal_error() {
            self.replace(&format!("a fatal error, {code}: {why}"), pulse);
        }
    }

    /// Another producer takes the place of the one that is.
    pub(super) fn replace(&self, why: &str, pulse: &Pulse) {
        match producer(&self.settings, Weak::clone(&self.own)) {
            Ok(next) => {
                tracing::warn!(why, "a new producer takes the place of the one before");
                meters::producers_replaced().increment(1);
                let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
                let old = std::mem::replace(&mut *current, Arc::new(next));
                drop(current);
                // Its end answers what it still had, which sends out the next lots.
                drop(old);
            }
            Err(error) => pulse.lost(&format!("no new producer after a fatal error: {error}")),
        }
    }
}

fn producer(settings: &Settings, producers: Weak<Producers>) -> Result<BaseProducer<Deliveries>, LogError> {
    let known = OnceLock::new();
    if producers.strong_count() > 0 {
        let _ = known.set(producers);
    }
    settings.create(Deliveries { common: settings.common().of_producer(), producers: known })
}
