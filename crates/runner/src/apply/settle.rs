//! Exactly once: which of a plan's starts are new, and what follows from that.

use std::collections::{BTreeMap, HashSet};

use engine::Status;
use store::count::{Addition, Counter, hour_of};
use store::failed_trigger::{FailedTrigger, Stage};
use store::started_event::{DuplicateEvent, StartedEvent};
use store::{Tally, Tx};
use uuid::Uuid;

use super::rows::{Origin, failed_trigger, instance_rows};
use super::{Applied, ApplyError};
use crate::outcome::{Start, StartResult};
use crate::plan::{EventOutcome, Plan};

/// What a batch comes to, while it is put together.
struct Settlement<'p> {
    plan: &'p Plan,
    applied: Applied,
    /// Events (places in the plan) of which anything is new.
    news: HashSet<usize>,
    failed: Vec<FailedTrigger>,
    /// The places of their events.
    failed_places: Vec<usize>,
    counts: BTreeMap<(usize, Counter), i64>,
    /// Instances by group: counted last, since others wait from there on.
    tally: Tally,
}

/// Stores a plan's events; what was stored before is left alone.
pub(super) async fn settle(tx: &mut Tx, plan: &Plan) -> Result<Applied, ApplyError> {
    let mut settlement = Settlement {
        plan,
        applied: Applied::default(),
        news: HashSet::new(),
        failed: Vec::new(),
        failed_places: Vec::new(),
        counts: BTreeMap::new(),
        tally: Tally::default(),
    };
    let claimed = settlement.claim(tx).await?;
    settlement.insert_instances(tx, &claimed).await?;
    settlement.note_duplicates(tx, &claimed).await?;
    settlement.collect_failures(tx, &claimed).await?;
    settlement.insert_failures(tx).await?;
    settlement.count(tx).await?;
    settlement.tally.store(tx).await?;
    Ok(settlement.applied)
}

impl<'p> Settlement<'p> {
    fn starts(&self) -> impl Iterator<Item = (usize, &'p EventOutcome, &'p Start)> + use<'p> {
        let events = self.plan.events.iter().enumerate();
        events.flat_map(|(place, event)| event.starts.iter().map(move |start| (place, event, start)))
    }

    fn origin(&self, event: &'p EventOutcome) -> Origin<'p> {
        let commit = event.commit.as_deref().unwrap_or_default();
        Origin { taken: &event.taken, commit, attempt: 1, now: self.plan.now }
    }

    /// Claims every start that makes an instance; gives the ids of the instances that may be made.
    async fn claim(&self, tx: &mut Tx) -> Result<HashSet<String>, ApplyError> {
        let mut rows: Vec<StartedEvent> = self
            .starts()
            .filter(|(_, _, start)| start.result.makes_instance())
            .map(|(_, event, start)| started_row(&self.origin(event), start))
            .collect();
        // Sorted, so that two runners with the same events do not block each other. The sort is stable: of two
        // events with one key the first wins.
        rows.sort_by(|a, b| order(a).cmp(&order(b)));
        Ok(store::started_event::claim(tx, &rows).await?.into_iter().collect())
    }

    async fn insert_instances(&mut self, tx: &mut Tx, claimed: &HashSet<String>) -> Result<(), ApplyError> {
        let (mut instances, mut histories) = (Vec::new(), Vec::new());
        for (place, event, start) in self.starts() {
            if !claimed.contains(&start.instance_id) {
                continue;
            }
            let Some((instance, history)) = instance_rows(&self.origin(event), start) else { continue };
            instances.push(instance);
            histories.push(history);
            self.news.insert(place);
            self.applied.started += 1;
            self.applied.incidents += u64::from(start.result.fault().is_some());
            if let StartResult::Ran(ran) = &start.result {
                self.applied.steps += 1;
                self.applied.visits += u64::from(ran.visits);
                self.applied.completed +=
                    u64::from(matches!(ran.status, Status::Completed | Status::Terminated));
            }
            *self.counts.entry((place, Counter::Started)).or_default() += 1;
        }
        self.tally = store::instance::insert_uncounted(tx, &instances).await?;
        store::instance::insert_history(tx, &histories).await?;
        Ok(())
    }

    /// A start that was not new is either the same event read again, or another event with the same key.
    async fn note_duplicates(&mut self, tx: &mut Tx, claimed: &HashSet<String>) -> Result<(), ApplyError> {
        let mut duplicates: BTreeMap<(String, String), (usize, DuplicateEvent)> = BTreeMap::new();
        for (place, event, start) in self.starts() {
            if claimed.contains(&start.instance_id) || !start.result.makes_instance() {
                continue;
            }
            let row = started_row(&self.origin(event), start);
            let earlier = store::started_event::find(tx, &row.key()).await?;
            if earlier.is_none_or(|earlier| earlier.event_id == row.event_id) {
                continue;
            }
            let note = DuplicateEvent {
                project_id: row.project_id,
                event_id: row.event_id,
                data_source_id: row.data_source_id,
                event_key: row.event_key,
                event_time: row.event_time,
                created_at: self.plan.now,
            };
            duplicates.insert((note.project_id.clone(), note.event_id.clone()), (place, note));
        }
        let rows: Vec<DuplicateEvent> = duplicates.values().map(|(_, note)| note.clone()).collect();
        let noted: HashSet<String> =
            store::started_event::note_duplicates(tx, &rows).await?.into_iter().collect();
        for (place, note) in duplicates.values() {
            if noted.contains(&note.event_id) {
                self.news.insert(*place);
                self.applied.duplicates += 1;
                *self.counts.entry((*place, Counter::Duplicate)).or_default() += 1;
            }
        }
        Ok(())
    }

    async fn collect_failures(&mut self, tx: &mut Tx, claimed: &HashSet<String>) -> Result<(), ApplyError> {
        for (place, event) in self.plan.events.iter().enumerate() {
            let origin = self.origin(event);
            if let Some(fault) = &event.unmatched {
                // read again after it was started, by a commit that is not the running one any more
                let (source, id) = (event.taken.data_source.as_str(), event.taken.event_id.as_str());
                if !store::started_event::was_started(tx, source, id).await? {
                    self.failed_places.push(place);
                    self.failed.push(failed_trigger(&origin, Stage::Match, None, fault));
                }
            }
            for start in &event.starts {
                let Some(fault) = start.result.fault() else { continue };
                let is_new = if start.result.makes_instance() {
                    claimed.contains(&start.instance_id)
                } else {
                    let key = started_row(&origin, start).key();
                    store::started_event::find(tx, &key).await?.is_none()
                };
                if is_new {
                    self.failed_places.push(place);
                    self.failed.push(failed_trigger(&origin, Stage::Start, Some(start), fault));
                }
            }
        }
        Ok(())
    }

    async fn insert_failures(&mut self, tx: &mut Tx) -> Result<(), ApplyError> {
        let added: HashSet<String> =
            store::failed_trigger::insert(tx, &self.failed).await?.into_iter().collect();
        for (place, row) in self.failed_places.iter().zip(&self.failed) {
            if !added.contains(&row.id) {
                continue;
            }
            self.news.insert(*place);
            *self.counts.entry((*place, Counter::Failed)).or_default() += 1;
            if row.stage == Stage::Match.as_str() {
                self.applied.failed_match += 1;
                self.applied.unseen += u64::from(self.is_unseen(tx, *place).await?);
            } else {
                self.applied.failed_start += 1;
            }
        }
        Ok(())
    }

    /// Whether no project shows the failed trigger of this record: another producer named none, or one that is not
    /// there. Then the log says where the record is.
    async fn is_unseen(&self, tx: &mut Tx, place: usize) -> Result<bool, ApplyError> {
        let Some(event) = self.plan.events.get(place) else { return Ok(false) };
        let taken = &event.taken;
        if let Ok(project) = Uuid::parse_str(&taken.project)
            && store::project::scope_of(tx, project).await?.is_some()
        {
            return Ok(false);
        }
        tracing::warn!(
            partition = taken.partition,
            offset = taken.offset,
            event = taken.event_id,
            project = taken.project,
            cause = event.unmatched.as_ref().map_or("", |fault| fault.text.as_str()),
            "a record of the topic webhook-events belongs to no project"
        );
        Ok(true)
    }

    async fn count(&mut self, tx: &mut Tx) -> Result<(), ApplyError> {
        for &place in &self.news {
            self.counts.insert((place, Counter::Accepted), 1);
        }
        let mut sums: BTreeMap<(&str, &str, i64, Counter), i64> = BTreeMap::new();
        for (&(place, counter), &value) in &self.counts {
            let Some(event) = self.plan.events.get(place) else { continue };
            let taken = &event.taken;
            let key = (taken.project.as_str(), taken.data_source.as_str(), hour_of(taken.time), counter);
            *sums.entry(key).or_default() += value;
        }
        let rows: Vec<Addition> = sums
            .into_iter()
            .map(|((project, data_source, hour, counter), value)| Addition {
                project_id: project.to_owned(),
                data_source_id: data_source.to_owned(),
                hour,
                counter,
                value,
            })
            .collect();
        store::count::add(tx, &rows).await?;
        Ok(())
    }
}

fn order(row: &StartedEvent) -> (&str, &str, &str) {
    (&row.data_source_id, &row.event_key, &row.process_definition_id)
}

pub(crate) fn started_row(origin: &Origin<'_>, start: &Start) -> StartedEvent {
    let taken = origin.taken;
    StartedEvent {
        project_id: taken.project.clone(),
        data_source_id: taken.data_source.clone(),
        event_key: taken.event_key.clone(),
        process_definition_id: start.process_definition_id.clone(),
        instance_id: start.instance_id.clone(),
        event_id: taken.event_id.clone(),
        event_time: taken.time,
        commit_id: origin.commit.to_owned(),
        attempt: origin.attempt,
        created_at: origin.now,
    }
}
