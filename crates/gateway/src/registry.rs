//! What the gateway knows of triggers, in memory.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use uuid::Uuid;
use webhook::{Address, IdempotencyKey, KeyDigest, Rejection, TriggerState};

mod budget;

pub(crate) use budget::Budget;

/// Stands for "never loaded".
const NEVER: i64 = i64::MIN;

/// What somebody who reads the database tells the gateway of one trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The address of the data source.
    pub address: Address,
    /// The id of the trigger.
    pub trigger: Uuid,
    /// Whether it lets webhooks in.
    pub state: TriggerState,
    /// The digests of its keys, each with the time (milliseconds since the epoch) up to which it is valid.
    pub keys: Vec<(KeyDigest, Option<i64>)>,
    /// The headers whose values are hidden in `webhookData`.
    pub redacted: Vec<String>,
    /// Where the sender's own id of a delivery stands.
    pub idempotency: Option<IdempotencyKey>,
    /// The most requests a second, in bursts of as many; `None` and 0 mean no limit.
    pub rate_limit: Option<u32>,
    /// The running commit.
    pub commit: Option<Uuid>,
    /// Whether a process of the running commit is linked to the data source. If not, there is no such trigger
    /// to the outside.
    pub linked: bool,
}

/// What was counted of one trigger since the last [`crate::Gateway::take_counts`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriggerCounts {
    /// The trigger.
    pub trigger: Uuid,
    /// Its data source.
    pub data_source: Uuid,
    /// Requests with the right key that were refused because it is deactivated.
    pub refused_while_deactivated: u64,
    /// Requests without the right key.
    pub wrong_key: u64,
    /// Refused requests with the right key that were not recorded, as there were too many of their cause.
    pub refused_unrecorded: u64,
    /// When its keys were last presented, in milliseconds since the epoch; only those that were.
    pub keys_used: Vec<(KeyDigest, i64)>,
}

/// All triggers by the data source in their address. Reading takes no lock.
#[derive(Debug)]
pub struct Registry {
    slots: ArcSwap<HashMap<Uuid, Arc<Slot>>>,
    as_of_ms: AtomicI64,
}

/// A trigger with what the gateway itself keeps of it.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) entry: Entry,
    limiter: Option<Arc<DefaultDirectRateLimiter>>,
    tallies: Arc<Tallies>,
    keys_used: Vec<Arc<AtomicI64>>,
}

#[derive(Debug, Default)]
struct Tallies {
    wrong_key: AtomicU64,
    refused_while_deactivated: AtomicU64,
    budget: Budget,
}

impl Default for Registry {
    fn default() -> Self {
        Self { slots: ArcSwap::default(), as_of_ms: AtomicI64::new(NEVER) }
    }
}

impl Registry {
    /// Puts a new set of triggers in place of the old one. `as_of_ms` is when it was read, in milliseconds since
    /// the epoch. What was counted and the state of rate limits is kept for the triggers that stay.
    pub fn replace(&self, entries: Vec<Entry>, as_of_ms: i64) {
        let old = self.slots.load();
        let slots = entries
            .into_iter()
            .map(|entry| (entry.address.data_source, Arc::new(Slot::new(entry, &old))))
            .collect();
        self.slots.store(Arc::new(slots));
        self.as_of_ms.store(as_of_ms, Ordering::Release);
    }

    /// What is known of the trigger of this data source.
    pub fn get(&self, data_source: &Uuid) -> Option<Entry> {
        self.slot(data_source).map(|slot| slot.entry.clone())
    }

    /// How many triggers there are.
    pub fn len(&self) -> usize {
        self.slots.load().len()
    }

    /// Whether there is no trigger.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How old the set is at this time (milliseconds since the epoch); `None` when none was ever loaded.
    pub fn age(&self, now_ms: i64) -> Option<Duration> {
        match self.as_of_ms.load(Ordering::Acquire) {
            NEVER => None,
            as_of => Some(Duration::from_millis(u64::try_from(now_ms.saturating_sub(as_of)).unwrap_or(0))),
        }
    }

    pub(crate) fn slot(&self, data_source: &Uuid) -> Option<Arc<Slot>> {
        self.slots.load().get(data_source).cloned()
    }

    /// Takes what was counted. Counts of triggers that left the registry in between are gone with them.
    pub(crate) fn take_counts(&self) -> Vec<TriggerCounts> {
        self.slots.load().values().filter_map(|slot| slot.take_counts()).collect()
    }
}

impl Slot {
    fn new(entry: Entry, old: &HashMap<Uuid, Arc<Self>>) -> Self {
        let before = old.get(&entry.address.data_source).filter(|old| old.entry.trigger == entry.trigger);
        let limiter = match before {
            Some(before) if before.entry.rate_limit == entry.rate_limit => before.limiter.clone(),
            _ => entry
                .rate_limit
                .and_then(NonZeroU32::new)
                .map(|rate| Arc::new(RateLimiter::direct(Quota::per_second(rate)))),
        };
        let keys_used = entry
            .keys
            .iter()
            .map(|(digest, _)| before.and_then(|before| before.key_used(digest)).unwrap_or_default())
            .collect();
        let tallies = before.map(|before| Arc::clone(&before.tallies)).unwrap_or_default();
        Self { entry, limiter, tallies, keys_used }
    }

    fn key_used(&self, digest: &KeyDigest) -> Option<Arc<AtomicI64>> {
        let index = self.entry.keys.iter().position(|(other, _)| other == digest)?;
        self.keys_used.get(index).cloned()
    }

    /// Whether the digest is one of the keys that are valid now. All keys are compared, whichever matches.
    pub(crate) fn is_key(&self, presented: &KeyDigest, now_ms: i64) -> bool {
        let mut found = false;
        for ((digest, valid_until), used) in self.entry.keys.iter().zip(&self.keys_used) {
            let valid = valid_until.is_none_or(|until| now_ms <= until);
            if presented.matches(digest) && valid {
                used.fetch_max(now_ms, Ordering::Relaxed);
                found = true;
            }
        }
        found
    }

    /// Takes one request out of the trigger's rate limit.
    pub(crate) fn within_rate(&self) -> Result<(), Rejection> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        limiter.check().map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            Rejection::RateLimited { retry_after: u32::try_from(seconds).unwrap_or(u32::MAX).max(1) }
        })
    }

    pub(crate) fn count_while_deactivated(&self) {
        self.tallies.refused_while_deactivated.fetch_add(1, Ordering::Relaxed);
    }

    /// A stranger can raise a counter, and nothing else.
    pub(crate) fn count_wrong_key(&self) {
        self.tallies.wrong_key.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn budget(&self) -> &Budget {
        &self.tallies.budget
    }

    fn take_counts(&self) -> Option<TriggerCounts> {
        let counts = TriggerCounts {
            trigger: self.entry.trigger,
            data_source: self.entry.address.data_source,
            refused_while_deactivated: self.tallies.refused_while_deactivated.swap(0, Ordering::Relaxed),
            wrong_key: self.tallies.wrong_key.swap(0, Ordering::Relaxed),
            refused_unrecorded: self.tallies.budget.take_unrecorded(),
            keys_used: self
                .entry
                .keys
                .iter()
                .zip(&self.keys_used)
                .map(|((digest, _), used)| (*digest, used.swap(0, Ordering::Relaxed)))
                .filter(|(_, used)| *used > 0)
                .collect(),
        };
        let any = counts.refused_while_deactivated > 0
            || counts.wrong_key > 0
            || counts.refused_unrecorded > 0
            || !counts.keys_used.is_empty();
        any.then_some(counts)
    }
}
