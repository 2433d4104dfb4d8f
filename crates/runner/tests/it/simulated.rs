//! Bar 5: a world of its own, moved step by step by a seed. Records come late, twice, to two runners at once, or not at the
//! first try; runners stop, crash with a batch in hand and start again; positions are lost, topics are made anew, the clock
//! jumps. In the end every accepted event has started each process once.
//!
//! `FOREBAY_SIMULATED_WORLDS` says how many worlds there are, `FOREBAY_SIMULATED_SEED` which one is the first.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use eventlog::Topic;
use runner::{Clock, Parts, Runner};
use store::StoreError;
use store::position::{LogPosition, Partition};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use webhook::EventRecord;

use crate::processes;
use crate::simulated_log::{Grant, PARTITIONS, Records, SimulatedLog};
use crate::world::{Process, World, open_store, record, settings, until};

const STEPS: usize = 40;
const DAY: i64 = 86_400_000;
/// How far the clock is ever away from where it began: less than what was started is remembered.
const FAR: i64 = 4 * DAY;

/// SplitMix64: the same numbers for the same seed, on every machine.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % bound as u64).unwrap()
    }

    fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }
}

/// A runner on a runtime of its own, so that it can be ended in the middle of what it does.
struct Incarnation {
    number: u32,
    runtime: Runtime,
    runner: Runner,
}

/// What was accepted.
struct Accepted {
    event: EventRecord,
    /// Events with one key are one.
    key: String,
    is_bad: bool,
}

struct Simulation {
    world: World,
    rt: Runtime,
    chance: Chance,
    records: Arc<Records>,
    /// Milliseconds that are added to the time at which the world began.
    ahead: Arc<AtomicI64>,
    begun: i64,
    live: Vec<Incarnation>,
    next: u32,
    accepted: Vec<Accepted>,
    /// Whether a runner has crashed and what it held is not stored yet.
    crashed: bool,
    trace: String,
}

/// What a world came to.
struct Outcome {
    trace: String,
    wrong: Vec<String>,
}

/// What a control does to the store when the steps are over.
type Spoil = fn(&mut Simulation);

fn simulate(seed: u64, spoil: Option<Spoil>) -> Outcome {
    let rt = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let world = rt.block_on(async {
        let world = World::new().await;
        let script = "if (webhookData.payload.bad) throw 1";
        let both = [processes::straight(world.source), processes::script(world.source, script)];
        world.commit(&both.map(Process::new)).await;
        world
    });
    let mut simulation = Simulation {
        world,
        rt,
        chance: Chance(seed),
        records: Arc::default(),
        ahead: Arc::default(),
        begun: 1_780_000_000_000,
        live: Vec::new(),
        next: 0,
        accepted: Vec::new(),
        crashed: false,
        trace: String::new(),
    };
    simulation.start();
    for _ in 0..STEPS {
        simulation.step();
    }
    simulation.finish(spoil)
}

impl Simulation {
    fn note(&mut self, what: std::fmt::Arguments<'_>) {
        self.trace.write_fmt(what).unwrap();
        self.trace.push('\n');
    }

    fn now(&self) -> i64 {
        self.begun + self.ahead.load(Ordering::Relaxed)
    }

    fn start(&mut self) {
        let number = self.next;
        self.next += 1;
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let log = SimulatedLog { records: Arc::clone(&self.records), runner: number };
        let (begun, ahead) = (self.begun, Arc::clone(&self.ahead));
        let clock = Clock::of(move || begun + ahead.load(Ordering::Relaxed));
        let runner = runtime.block_on(async {
            let db = open_store(self.world.folder.path()).await;
            runner::start(Parts { db, log: Arc::new(log), settings: settings(), clock }).unwrap()
        });
        self.live.push(Incarnation { number, runtime, runner });
        self.note(format_args!("{number} starts"));
    }

    fn step(&mut self) {
        match self.chance.below(16) {
            0..=3 => self.accept(),
            4..=9 => self.deliver(),
            10 => self.move_partition(),
            11 => self.restart(),
            12 => self.crash(),
            13 => self.jump(),
            14 if self.chance.one_in(2) => self.rewind(),
            14 => self.remake(),
            _ if self.live.len() < 2 => self.start(),
            _ => self.fail(),
        }
    }

    /// Some events, some of them twice, some with a key that was there before.
    fn accept(&mut self) {
        for _ in 0..=self.chance.below(5) {
            let partition = self.chance.below(PARTITIONS as usize) as u32;
            let again = self.chance.one_in(6).then(|| self.known(partition)).flatten();
            let record = match again {
                Some(at) => record(&self.accepted[at].event),
                None => record(&self.new_event().event),
            };
            let id = record.id.clone();
            self.records.push(partition, record);
            self.note(format_args!("accepted {id} on {partition}"));
        }
    }

    fn new_event(&mut self) -> &Accepted {
        let number = self.accepted.len();
        let is_bad = self.chance.one_in(12);
        let same = (number > 0 && self.chance.one_in(8)).then(|| self.chance.below(number));
        let mut event = self.world.event(&format!(r#"{{"n":{number},"bad":{is_bad}}}"#));
        event.time = self.now();
        // version 7, of this time and number
        let time = u64::try_from(event.time).unwrap();
        event.id = format!("{:08x}-{:04x}-7000-8000-{number:012x}", time >> 16, time & 0xffff);
        let own = same.map_or_else(|| format!("key-{number}"), |same| self.accepted[same].key.clone());
        let is_bad = same.map_or(is_bad, |same| self.accepted[same].is_bad);
        event.body = format!(r#"{{"n":{number},"bad":{is_bad}}}"#).into_bytes();
        event.idempotency_key = Some(own.clone());
        self.accepted.push(Accepted { event, key: own, is_bad });
        &self.accepted[number]
    }

    /// A runner gets what it has not seen, of one partition or of several at once.
    fn deliver(&mut self) {
        let at = self.chance.below(self.live.len());
        let number = self.live[at].number;
        for _ in 0..=self.chance.below(3) {
            let (partition, count) =
                (self.chance.below(PARTITIONS as usize) as u32, 1 + self.chance.below(8));
            self.records.grant(number, Grant::Records { partition, count });
            self.note(format_args!("{number} gets {count} of {partition}"));
        }
        self.settle(number);
    }

    fn settle(&mut self, number: u32) {
        let records = Arc::clone(&self.records);
        self.rt.block_on(until("what was given is stored", async || records.has_stored(number)));
    }

    /// A fetch fails, and the next one does not.
    fn fail(&mut self) {
        let at = self.chance.below(self.live.len());
        let number = self.live[at].number;
        self.records.grant(number, Grant::Fault);
        self.note(format_args!("{number} fetches in vain"));
        self.deliver();
        self.settle(number);
    }

    /// A rebalance: who had a partition has it no more; whoever gets records of it next asks the store where to begin.
    fn move_partition(&mut self) {
        let partition = self.chance.below(PARTITIONS as usize) as u32;
        let at = self.chance.below(self.live.len());
        let number = self.live[at].number;
        self.records.revoke(number, partition);
        self.note(format_args!("{number} loses {partition}"));
    }

    fn restart(&mut self) {
        let at = self.chance.below(self.live.len());
        let Incarnation { number, runtime, runner } = self.live.swap_remove(at);
        runtime.block_on(runner.stop());
        self.records.forget(number);
        self.note(format_args!("{number} stops"));
        if self.live.is_empty() {
            self.start();
        }
    }

    /// A runner ends with records in hand that it cannot have stored, since somebody else held the store.
    fn crash(&mut self) {
        if self.crashed {
            // the same records must not be there at three crashes in a row: then they would rightly be set aside
            self.deliver_all();
        }
        let at = self.chance.below(self.live.len());
        let number = self.live[at].number;
        let (let_go, held) = self.hold_store();
        for partition in 0..PARTITIONS {
            self.records.grant(number, Grant::Records { partition, count: 4 });
        }
        let records = Arc::clone(&self.records);
        if self.chance.one_in(2) {
            let first = async || records.given(number, 0).is_some();
            self.rt.block_on(until("a runner has records in hand", first));
        }
        let Incarnation { runtime, runner, .. } = self.live.swap_remove(at);
        runtime.shutdown_timeout(Duration::from_secs(20));
        drop(runner);
        self.records.forget(number);
        let_go.send(()).unwrap();
        self.rt.block_on(held).unwrap();
        self.crashed = true;
        self.note(format_args!("{number} crashes"));
        if self.live.is_empty() {
            self.start();
        }
    }

    /// Holds the store's lock until told.
    fn hold_store(&self) -> (oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
        let (let_go, until_then) = oneshot::channel::<()>();
        let (has, is_held) = oneshot::channel();
        let db = self.world.db.clone();
        let task = async move {
            let written = db.write::<_, StoreError, _>(move |_| {
                Box::pin(async move {
                    let _ = has.send(());
                    let _ = until_then.await;
                    Ok(())
                })
            });
            written.await.unwrap();
        };
        let held = self.rt.spawn(task);
        self.rt.block_on(is_held).unwrap();
        (let_go, held)
    }

    fn jump(&mut self) {
        let by = (self.chance.below(4 * 86_400) as i64 - 2 * 86_400) * 1_000;
        let now = (self.ahead.load(Ordering::Relaxed) + by).clamp(-FAR, FAR);
        self.ahead.store(now, Ordering::Relaxed);
        self.note(format_args!("the clock is {now} ms ahead"));
    }

    /// The store forgets how far a partition was applied, or remembers an earlier moment.
    fn rewind(&mut self) {
        let partition = self.chance.below(PARTITIONS as usize) as u32;
        let to = self.chance.one_in(2).then(|| LogPosition {
            next_offset: 1 + self.chance.below(5) as i64,
            last_id: Some("of another log".to_owned()),
            last_time: None,
        });
        self.note(format_args!("the position of {partition} becomes {to:?}"));
        self.set_position(partition, to);
        for at in 0..self.live.len() {
            self.records.revoke(self.live[at].number, partition);
        }
    }

    /// An event that was accepted before. Not the one that proves where the partition is: a topic that is made anew with just
    /// that one at just that place, and others before it, cannot be told from the old one.
    fn known(&mut self, partition: u32) -> Option<usize> {
        let at = self.chance.below(self.accepted.len().max(1));
        let id = &self.accepted.get(at)?.event.id;
        let stored = self.world.db.read::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                let place = Partition { topic: Topic::WebhookEvents.name(), number: partition };
                store::position::load(tx, place).await
            })
        });
        let proof = self.rt.block_on(stored).unwrap().and_then(|position| position.last_id);
        (proof.as_ref() != Some(id)).then_some(at)
    }

    fn set_position(&self, partition: u32, to: Option<LogPosition>) {
        let now = self.now();
        let done = self.world.db.write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                let place = Partition { topic: Topic::WebhookEvents.name(), number: partition };
                if let Some(stored) = store::position::load(tx, place).await? {
                    store::position::forget(tx, place, &stored).await?;
                }
                if let Some(to) = &to {
                    store::position::advance(tx, place, to, now).await?;
                }
                Ok(())
            })
        });
        self.rt.block_on(done).unwrap();
    }

    /// Everything was started; then the topic is deleted and made anew, with other records and some of the old ones.
    fn remake(&mut self) {
        self.deliver_all();
        let mut records = Vec::new();
        for _ in 0..self.chance.below(30) {
            let partition = self.chance.below(PARTITIONS as usize) as u32;
            let old = self.chance.one_in(3).then(|| self.known(partition)).flatten();
            let record = match old {
                Some(at) => record(&self.accepted[at].event),
                None => record(&self.new_event().event),
            };
            records.push((partition, record));
        }
        self.note(format_args!("the topic is made anew with {} records", records.len()));
        self.records.remake(records);
    }

    /// Every record goes to the first runner, from where the store says it is.
    fn deliver_all(&mut self) {
        let number = self.live[0].number;
        for partition in 0..PARTITIONS {
            self.records.revoke(number, partition);
            let count = self.records.len(partition).max(1);
            self.records.grant(number, Grant::Records { partition, count });
        }
        self.settle(number);
        self.crashed = false;
        self.note(format_args!("{number} gets everything"));
    }

    fn finish(mut self, spoil: Option<Spoil>) -> Outcome {
        self.deliver_all();
        if let Some(spoil) = spoil {
            spoil(&mut self);
        }
        if spoil.is_some() || self.chance.one_in(2) {
            // all of it once more
            for partition in 0..PARTITIONS {
                self.set_position(partition, None);
            }
            self.deliver_all();
        }
        while let Some(Incarnation { runtime, runner, .. }) = self.live.pop() {
            runtime.block_on(runner.stop());
        }
        let wrong = self.judge();
        Outcome { trace: self.trace, wrong }
    }

    /// Each key has started each of the two processes once, and only what is bad has failed, once.
    fn judge(&mut self) -> Vec<String> {
        let (instances, failed) =
            self.rt.block_on(async { (self.world.instances().await, self.world.failed().await) });
        let keys: BTreeMap<&str, &str> =
            self.accepted.iter().map(|one| (one.event.id.as_str(), one.key.as_str())).collect();
        let mut starts: BTreeMap<(&str, String), usize> = BTreeMap::new();
        let mut wrong = Vec::new();
        for instance in instances {
            let event = instance.event_id.unwrap_or_default();
            match keys.get(event.as_str()) {
                Some(key) => *starts.entry((key, instance.process_definition_id)).or_default() += 1,
                None => wrong.push(format!("an instance of {event}, which nobody sent")),
            }
        }
        let twice = starts.iter().filter(|(_, count)| **count != 1);
        wrong.extend(twice.map(|((key, _), count)| format!("{key} has started a process {count} times")));
        let mut failures: BTreeMap<&str, usize> = BTreeMap::new();
        for trigger in &failed {
            *failures.entry(keys.get(trigger.event_id.as_str()).copied().unwrap_or("?")).or_default() += 1;
        }
        for one in &self.accepted {
            let count = starts.keys().filter(|(key, _)| *key == one.key).count();
            if count != 2 {
                wrong.push(format!("{} has started {count} of 2 processes", one.key));
            }
            let failed = failures.get(one.key.as_str()).copied().unwrap_or(0);
            if failed != usize::from(one.is_bad) {
                wrong.push(format!("{} is bad: {}, and has failed {failed} times", one.key, one.is_bad));
            }
        }
        let (events, started) = (self.accepted.len(), starts.len());
        self.note(format_args!("{events} events, {started} instances, {} failed", failed.len()));
        wrong
    }
}

fn from_env(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn in_every_world_each_event_starts_each_process_once() {
    let first = from_env("FOREBAY_SIMULATED_SEED", 1);
    let worlds = from_env("FOREBAY_SIMULATED_WORLDS", 300);
    let next = std::sync::atomic::AtomicU64::new(first);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + worlds {
                        break;
                    }
                    let Outcome { trace, wrong } = simulate(seed, None);
                    assert!(wrong.is_empty(), "seed {seed}: {wrong:#?}\n{trace}");
                }
            });
        }
    });
}

#[test]
fn one_seed_is_one_world() {
    for seed in [3, 77] {
        let (once, again) = (simulate(seed, None), simulate(seed, None));
        assert_eq!(once.trace, again.trace, "seed {seed}");
        assert!(once.trace.lines().count() > STEPS, "{}", once.trace);
    }
    assert_ne!(simulate(3, None).trace, simulate(4, None).trace);
}

/// The controls: what was started is forgotten, or a record is lost; the judge must see it.
#[test]
fn the_judge_finds_what_started_twice_and_what_never_did() {
    let forget: Spoil = |simulation| {
        let done = simulation.world.db.write::<_, StoreError, _>(|tx| {
            Box::pin(async move { store::retention::started_events(tx, i64::MAX, 10_000).await.map(drop) })
        });
        simulation.rt.block_on(done).unwrap();
    };
    let Outcome { wrong, trace } = simulate(5, Some(forget));
    assert!(wrong.iter().any(|line| line.ends_with("2 times")), "{wrong:?}\n{trace}");
    let lose: Spoil = |simulation| {
        // accepted, and in no log
        simulation.new_event();
    };
    let Outcome { wrong, trace } = simulate(5, Some(lose));
    assert!(wrong.iter().any(|line| line.ends_with("has started 0 of 2 processes")), "{wrong:?}\n{trace}");
}
