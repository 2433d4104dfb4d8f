//! From records to what became of them: every step that the running commits ask for, before anything is
//! stored.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::{Command, Instance, StartAt, Step, StepError, Variables};
use uuid::Uuid;

use crate::core::{Core, Trouble};
use crate::definitions::{Linked, View};
use crate::engines::bench::{Bench, Turn};
use crate::intake::Taken;
use crate::outcome::{Fault, Ran, Start, StartResult};

/// What became of one record.
#[derive(Clone, Debug)]
pub(crate) struct EventOutcome {
    /// The record.
    pub taken: Arc<Taken>,
    /// The commit that it ran in.
    pub commit: Option<Arc<str>>,
    /// A start for each linked process definition.
    pub starts: Vec<Start>,
    /// Why nothing could be started at all (stage *match*).
    pub unmatched: Option<Fault>,
}

/// A batch, ready to be stored. Holds while `running` does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    /// The commits that it was made against.
    pub running: Vec<(Uuid, Option<Arc<str>>)>,
    /// In the order of the records.
    pub events: Vec<EventOutcome>,
    /// The time of the steps, milliseconds since the epoch.
    pub now: i64,
}

/// One event on an engine thread.
struct Job {
    taken: Arc<Taken>,
    linked: Arc<[Linked]>,
    /// An instance id for each link.
    ids: Vec<Uuid>,
    now: i64,
}

impl Core {
    /// Runs the first step of everything that these records start.
    pub(crate) async fn plan(&self, records: &[Arc<Taken>]) -> Result<Plan, Trouble> {
        let view = self.view_of(records).await?;
        let horizon = self.clock.now() - self.settings.keep.horizon_ms();
        self.plan_in(records, view, horizon).await
    }

    /// Runs the first step of a record that failed before: however old it is, and only of one definition if one
    /// is named.
    pub(crate) async fn plan_again(&self, taken: &Arc<Taken>, only: Option<&str>) -> Result<Plan, Trouble> {
        let records = std::slice::from_ref(taken);
        let mut view = self.view_of(records).await?;
        if let Some(only) = only {
            for linked in view.linked.values_mut() {
                *linked = linked.iter().filter(|l| l.link.process_definition_id == only).cloned().collect();
            }
        }
        self.plan_in(records, view, i64::MIN).await
    }

    async fn view_of(&self, records: &[Arc<Taken>]) -> Result<View, Trouble> {
        let needed: BTreeSet<(Uuid, Uuid)> = records
            .iter()
            .filter_map(|taken| taken.event())
            .map(|event| (event.address.project, event.address.data_source))
            .collect();
        Ok(self.definitions.view(&self.db, &needed).await?)
    }

    async fn plan_in(&self, records: &[Arc<Taken>], view: View, horizon: i64) -> Result<Plan, Trouble> {
        let now = self.clock.now();
        let mut events: Vec<EventOutcome> = Vec::with_capacity(records.len());
        let (mut jobs, mut places) = (Vec::new(), Vec::new());
        for taken in records {
            let outcome = unstarted(taken, &view, horizon);
            if outcome.unmatched.is_none()
                && let Some(linked) = linked(&view, taken)
            {
                let ids = linked.iter().map(|_| Uuid::now_v7()).collect();
                jobs.push(Job { taken: Arc::clone(taken), linked, ids, now });
                places.push(events.len());
            }
            events.push(outcome);
        }
        let results = self.engines.run(jobs, first_steps).await?;
        for (place, result) in places.into_iter().zip(results) {
            let Some(outcome) = events.get_mut(place) else { continue };
            match result {
                Ok(Ok(starts)) => outcome.starts = starts,
                Ok(Err(fault)) => outcome.unmatched = Some(fault),
                Err(panic) => set_aside(outcome, &view, &engine_crash(&panic)),
            }
        }
        Ok(Plan { running: view.running.into_iter().collect(), events, now })
    }

    /// A plan that starts nothing: everything the record would start failed with `fault`.
    pub(crate) async fn plan_aside(&self, taken: &Arc<Taken>, fault: &Fault) -> Result<Plan, Trouble> {
        let view = self.view_of(std::slice::from_ref(taken)).await?;
        let now = self.clock.now();
        let mut outcome = unstarted(taken, &view, now - self.settings.keep.horizon_ms());
        if outcome.unmatched.is_none() {
            set_aside(&mut outcome, &view, fault);
        }
        Ok(Plan { running: view.running.into_iter().collect(), events: vec![outcome], now })
    }
}

/// The fault of an event on which the engine crashed.
pub(crate) fn engine_crash(detail: &str) -> Fault {
    Fault::new("engine-crash", format!("the engine crashed while it started this event: {detail}"))
}

fn linked(view: &View, taken: &Taken) -> Option<Arc<[Linked]>> {
    let address = taken.event()?.address;
    view.linked.get(&(address.project, address.data_source)).cloned()
}

/// What is known of a record before any step.
fn unstarted(taken: &Arc<Taken>, view: &View, horizon: i64) -> EventOutcome {
    let mut outcome =
        EventOutcome { taken: Arc::clone(taken), commit: None, starts: vec![], unmatched: None };
    let event = match &taken.reading {
        Ok(event) => event,
        Err(why) => {
            outcome.unmatched = Some(Fault::new("invalid-record", why.clone()));
            return outcome;
        }
    };
    outcome.commit = view.running.get(&event.address.project).cloned().flatten();
    outcome.unmatched = if event.time < horizon {
        let text = "the event is older than what is remembered of earlier starts, so that nobody can say \
                    whether it was started before; Retry starts it";
        Some(Fault::new("too-old", text))
    } else if outcome.commit.is_none() {
        Some(Fault::new("no-running-commit", "the project has no running commit; commit, then Retry"))
    } else if linked(view, taken).is_none_or(|linked| linked.is_empty()) {
        let text =
            "no process of the running commit starts with this data source; connect one, commit, then Retry";
        Some(Fault::new("not-linked", text))
    } else {
        None
    };
    outcome
}

fn set_aside(outcome: &mut EventOutcome, view: &View, fault: &Fault) {
    let linked = linked(view, &outcome.taken).unwrap_or_else(|| Arc::from([]));
    outcome.starts = linked
        .iter()
        .map(|linked| Start {
            instance_id: Uuid::now_v7().to_string(),
            process_definition_id: linked.link.process_definition_id.clone(),
            resource_version_id: linked.link.resource_version_id.clone(),
            result: StartResult::Crashed(fault.clone()),
        })
        .collect();
}

/// Starts every linked process with the event. An `Err` is the event's own fault.
fn first_steps(bench: &mut Bench, job: &Job) -> Result<Vec<Start>, Fault> {
    let Some(event) = job.taken.event() else {
        return Err(Fault::new("invalid-record", "the record is no event"));
    };
    let invalid = |why: String| Fault::new("invalid-record", why);
    let data: Arc<str> = event.webhook_data().map_err(|e| invalid(e.to_string()))?.into();
    let mut variables = Variables::new();
    variables.set("webhookData", data).map_err(|e| invalid(e.to_string()))?;
    let mut starts = Vec::with_capacity(job.linked.len());
    for (linked, id) in job.linked.iter().zip(&job.ids) {
        starts.push(Start {
            instance_id: id.to_string(),
            process_definition_id: linked.link.process_definition_id.clone(),
            resource_version_id: linked.link.resource_version_id.clone(),
            result: first_step(bench, linked, Turn { instance: *id, step: 1, now: job.now }, &variables),
        });
    }
    Ok(starts)
}

/// The first step of one instance.
fn first_step(bench: &mut Bench, linked: &Linked, turn: Turn, variables: &Variables) -> StartResult {
    let unstartable = |fault| StartResult::Unstartable { fault, variables: variables.to_json() };
    let process = match &linked.definition.process {
        Ok(process) => process,
        Err(fault) => return unstartable(fault.clone()),
    };
    let at = StartAt::Message { data_source: trigger_text(process, linked) };
    let command = Command::Start { at, variables: variables.clone() };
    let ran = bench.step((linked.definition.serial, process), &Instance::new(), command, turn);
    match ran.map_err(|e| step_fault(&e)).and_then(|step: Step| Ran::of(&step)) {
        Ok(ran) => StartResult::Ran(Box::new(ran)),
        Err(fault) => unstartable(fault),
    }
}

/// The data source as the diagram spells it: the link names the start event, whatever the spelling.
fn trigger_text(process: &bpmn::Process, linked: &Linked) -> String {
    let element = process.elements.iter().find(|element| element.id == linked.link.element_id);
    match element.map(|element| &element.kind) {
        Some(bpmn::model::Kind::StartEvent(bpmn::model::StartEvent::Message(Some(trigger)))) => {
            trigger.data_source.clone()
        }
        _ => None,
    }
    .unwrap_or_else(|| linked.link.data_source_id.clone())
}

/// A step that the engine refused.
pub(crate) fn step_fault(error: &StepError) -> Fault {
    let code = match error {
        StepError::NoStartEvent => "no-start-event",
        StepError::VariablesTooLarge { .. } => "variables-too-large",
        _ => "engine-fault",
    };
    Fault::new(code, error.to_string())
}
