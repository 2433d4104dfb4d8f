//! The check after the recovery: what the ledger says, against what the API says.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::{Api, FailedTrigger, Instance, Project, Webhook};
use crate::load::Load;
use crate::{body, ledger};

/// How long the runner may stand still before it is past the last accepted event: ten times what it takes to come back to
/// a consumer group whose broker stood still.
const STANDSTILL: Duration = Duration::from_secs(100);

/// What to check.
#[derive(Clone, Debug)]
pub struct Check {
    /// The project.
    pub project: String,
    /// Every process definition that each accepted event must have started exactly once.
    pub definitions: Vec<String>,
    /// What the load client wrote down.
    pub ledger: PathBuf,
    /// The seed of its bodies.
    pub seed: u64,
    /// The payload of one instance in so many is compared byte for byte; 1 for all, 0 for none.
    pub one_in: u64,
}

impl Check {
    /// That each of a load's accepted events started each of the webhook's processes once; one payload in fifty is compared.
    pub fn of(load: &Load, project: &Project, webhook: &Webhook) -> Self {
        Self {
            project: project.id.clone(),
            definitions: webhook.definitions.clone(),
            ledger: load.ledger.clone(),
            seed: load.seed,
            one_in: 50,
        }
    }
}

/// What was found. `lost`, `set_aside`, `duplicate` and `bytes_wrong` must be 0.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct Verdict {
    /// Requests in the ledger.
    pub sent: u64,
    /// 200s in the ledger.
    pub accepted: u64,
    /// Requests without an answer.
    pub unanswered: u64,
    /// Instances of the named definitions.
    pub instances: u64,
    /// Pairs of a 200 and a definition with neither an instance nor a failed trigger.
    pub lost: u64,
    /// Pairs of a 200 and a definition that ended as a failed trigger: kept, but not started.
    pub set_aside: u64,
    /// The causes of those, each once.
    pub causes: Vec<String>,
    /// Instances beyond the first for an event and a definition.
    pub duplicate: u64,
    /// Events that are there although nobody was told 200: allowed, counted.
    pub unknown: u64,
    /// 200s that share an event id.
    pub same_event_id: u64,
    /// Instances whose payload was compared.
    pub bytes_compared: u64,
    /// Those that differed.
    pub bytes_wrong: u64,
}

impl Verdict {
    /// Whether the promise was kept.
    pub fn is_good(&self) -> bool {
        let broken = self.lost + self.set_aside + self.duplicate + self.bytes_wrong + self.same_event_id;
        broken == 0
    }
}

/// Waits until the runner is past everything, then counts.
pub fn run(api: &Api, check: &Check) -> io::Result<Verdict> {
    let entries = ledger::read(&check.ledger)?;
    let mut known: HashMap<Uuid, u64> = HashMap::with_capacity(entries.len());
    let mut verdict = Verdict { sent: entries.len() as u64, ..Verdict::default() };
    let mut last = Vec::new();
    for entry in &entries {
        match (entry.status, &entry.event_id) {
            (200, Some(id)) => {
                verdict.accepted += 1;
                let id = Uuid::parse_str(id).map_err(io::Error::other)?;
                verdict.same_event_id += u64::from(known.insert(id, entry.seq).is_some());
                last.push(id);
            }
            (200, None) => return Err(io::Error::other(format!("a 200 without an eventId: {entry:?}"))),
            (0, _) => verdict.unanswered += 1,
            _ => {}
        }
    }
    let tail = last.split_off(last.len().saturating_sub(200));
    settle(api, &check.project, &tail)?;
    count(api, check, &known, &mut verdict)?;
    Ok(verdict)
}

/// Waits until none of these events is pending. One that the log does not know at all is not waited for: it is
/// lost, and the count will say so.
fn settle(api: &Api, project: &str, ids: &[Uuid]) -> io::Result<()> {
    let mut moved = (Instant::now(), f64::MAX);
    for id in ids {
        while api.is_pending(project, &id.to_string())? {
            let lag = api.lag()?;
            if lag < moved.1 {
                moved = (Instant::now(), lag);
            }
            if moved.0.elapsed() > STANDSTILL {
                return Err(io::Error::other(format!("the runner stands still, {lag} records behind")));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    // events that nobody was told about may stand behind the last known one
    api.wait_drained(STANDSTILL)
}

fn count(api: &Api, check: &Check, known: &HashMap<Uuid, u64>, verdict: &mut Verdict) -> io::Result<()> {
    let mut found: HashMap<(Uuid, usize), u64> =
        HashMap::with_capacity(known.len() * check.definitions.len());
    api.each_instance(&check.project, &mut |instance| {
        let definition = check.definitions.iter().position(|id| *id == instance.process_definition_id);
        let (Some(definition), Some(event)) = (definition, instance.event_id.as_deref()) else {
            return Ok(());
        };
        let event = Uuid::parse_str(event).map_err(io::Error::other)?;
        *found.entry((event, definition)).or_default() += 1;
        verdict.instances += 1;
        if check.one_in > 0 && (verdict.instances - 1).is_multiple_of(check.one_in) {
            verdict.bytes_compared += 1;
            verdict.bytes_wrong += u64::from(!is_as_sent(api, check, &instance, known.get(&event).copied())?);
        }
        Ok(())
    })?;
    let mut unknown = Vec::new();
    for ((event, _), times) in &found {
        verdict.duplicate += times - 1;
        if !known.contains_key(event) {
            unknown.push(*event);
        }
    }
    unknown.sort_unstable();
    unknown.dedup();
    verdict.unknown = unknown.len() as u64;
    let mut missing: Vec<(Uuid, usize)> = Vec::new();
    for event in known.keys() {
        let of_event = (0..check.definitions.len()).map(|at| (*event, at));
        missing.extend(of_event.filter(|pair| !found.contains_key(pair)));
    }
    if !missing.is_empty() {
        look_among_the_failed(api, check, &mut missing, verdict)?;
    }
    verdict.lost = missing.len() as u64;
    Ok(())
}

/// Takes those out of `missing` that are failed triggers.
fn look_among_the_failed(
    api: &Api,
    check: &Check,
    missing: &mut Vec<(Uuid, usize)>,
    verdict: &mut Verdict,
) -> io::Result<()> {
    let before = missing.len();
    api.each(&format!("projects/{}/failed-triggers", check.project), &mut |failed: FailedTrigger| {
        let of_this =
            |definition: &str| failed.process_definition_id.as_deref().is_none_or(|id| id == definition);
        let count = missing.len();
        missing
            .retain(|(event, at)| event.to_string() != failed.event_id || !of_this(&check.definitions[*at]));
        let cause = format!("{}: {}: {}", failed.stage, failed.cause_code, failed.cause);
        if missing.len() < count && !verdict.causes.contains(&cause) {
            verdict.causes.push(cause);
        }
        Ok(())
    })?;
    verdict.set_aside = (before - missing.len()) as u64;
    Ok(())
}

/// Whether the instance's payload is what was sent, and, where the ledger knows the event, as that event.
fn is_as_sent(api: &Api, check: &Check, instance: &Instance, seq: Option<u64>) -> io::Result<bool> {
    let payload = api.payload(&check.project, &instance.id)?;
    let Some(said) = body::seq_of(&payload) else { return Ok(false) };
    Ok(seq.is_none_or(|seq| seq == said) && payload == body::of(check.seed, said))
}
