//! One trial: a step of the engine, told event by event.

use std::collections::HashMap;
use std::time::Instant;

use bpmn::Process;
use engine::{Command, Context, Event, Instance, StartAt, Step, Variables};

use super::result::{Trial, TrialVariable, TrialVisit};
use super::{Attempt, Refused};
use crate::instance::{incidents, outcome_word};

/// Most visits that are shown.
const MAX_VISITS: usize = 10_000;
/// Bytes of all values that are shown.
const MAX_BYTES: usize = 4 << 20;

/// Runs an attempt to its next wait state, an incident or the end.
pub(super) fn run(
    attempt: &Attempt,
    (limits, scripts): &(engine::Limits, script::Limits),
) -> Result<Trial, Refused> {
    let begun = Instant::now();
    let definitions = bpmn::read(&attempt.xml).map_err(Refused::Unreadable)?;
    let process = bpmn::executable(&definitions).map_err(Refused::NotExecutable)?;
    let at = start(process, attempt.data_source.as_deref())?;
    let mut variables = Variables::new();
    if let (Some(data), StartAt::Message { .. }) = (&attempt.webhook_data, &at) {
        // a payload is nested a hundred levels at most
        variables.set("webhookData", data.clone()).map_err(|_| Refused::NoStart(Vec::new()))?;
    }
    // no context outlives a trial: two workspaces never share one
    let mut engine = script::Engine::new(scripts.clone());
    let mut scripts = engine.process(0);
    let mut context = Context { scripts: &mut scripts, now: attempt.now, seed: attempt.seed, limits };
    let command = Command::Start { at, variables };
    let step = engine::step(process, &Instance::new(), command, &mut context).map_err(Refused::Step)?;
    Ok(Told::of(process, &step, begun))
}

/// The start event that is meant.
fn start(process: &Process, asked: Option<&str>) -> Result<StartAt, Refused> {
    let links = bpmn::links(process);
    // ids of data sources are the same in upper and lower case
    let is = |link: &&bpmn::Link| asked.is_none_or(|asked| link.data_source.eq_ignore_ascii_case(asked));
    let mut fitting = links.iter().filter(is);
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Ok(StartAt::Message { data_source: one.data_source.clone() }),
        (Some(first), Some(_)) if asked.is_some() => {
            Ok(StartAt::Message { data_source: first.data_source.clone() })
        }
        (None, _) if asked.is_none() => Ok(StartAt::None),
        _ => Err(Refused::NoStart(links.into_iter().map(|link| link.data_source).collect())),
    }
}

struct Told<'p> {
    names: HashMap<&'p str, Option<&'p str>>,
    /// Replayed beside the telling: variables are known after each event.
    instance: Instance,
    path: Vec<TrialVisit>,
    by_number: HashMap<u64, usize>,
    flows: Vec<String>,
    left: usize,
    truncated: bool,
}

impl<'p> Told<'p> {
    fn of(process: &'p Process, step: &Step, begun: Instant) -> Trial {
        let mut told = Told {
            names: process.elements.iter().map(|e| (e.id.as_str(), e.name.as_deref())).collect(),
            instance: Instance::new(),
            path: Vec::new(),
            by_number: HashMap::new(),
            flows: Vec::new(),
            left: MAX_BYTES,
            truncated: false,
        };
        let mut first = Vec::new();
        // the end matters most: its values are taken before those of the way
        let last = told.values(&step.instance, None);
        for event in &step.events {
            // what the engine made it can follow
            if told.instance.apply(event).is_err() {
                break;
            }
            if matches!(event, Event::Started { .. }) {
                let now = std::mem::take(&mut told.instance);
                first = told.values(&now, None);
                told.instance = now;
            }
            told.add(event);
        }
        Trial {
            status: step.instance.status().as_str(),
            path: told.path,
            flows: told.flows,
            start_variables: first,
            variables: last,
            incidents: incidents(&step.instance),
            truncated: told.truncated,
            duration_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// The values of these variables, or of all, as far as there is room.
    fn values(&mut self, instance: &Instance, names: Option<Vec<String>>) -> Vec<TrialVariable> {
        let all = || instance.variables().iter().map(|(name, _)| name.to_string()).collect();
        let names: Vec<String> = names.unwrap_or_else(all);
        let mut values = Vec::with_capacity(names.len());
        for name in names {
            let Some(text) = instance.variables().get(&name) else { continue };
            let room = text.len() + name.len() <= self.left;
            self.truncated |= !room;
            if room {
                self.left -= text.len() + name.len();
            }
            values.push(TrialVariable { name, json: room.then(|| text.to_owned()), size: text.len() });
        }
        values
    }

    fn add(&mut self, event: &Event) {
        match event {
            Event::Entered { visit, element, scope, flow } => {
                self.flows.extend(flow.clone());
                if self.path.len() == MAX_VISITS {
                    self.truncated = true;
                    return;
                }
                self.by_number.insert(*visit, self.path.len());
                self.path.push(TrialVisit {
                    visit: *visit,
                    element_name: self.name(element),
                    element_id: element.clone(),
                    scope: (*scope != 0).then_some(*scope),
                    flow_id: flow.clone(),
                    outcome: None,
                    flows: Vec::new(),
                    variables: Vec::new(),
                    incidents: Vec::new(),
                });
            }
            Event::Executed { visit, wrote: Some(patch) } => {
                let now = std::mem::take(&mut self.instance);
                let values = self.values(&now, Some(patch.names()));
                self.instance = now;
                self.change(*visit, |shown| shown.variables = values);
            }
            Event::Left { visit, outcome, flows } => self.change(*visit, |shown| {
                shown.outcome = Some(outcome_word(*outcome));
                shown.flows.clone_from(flows);
            }),
            Event::IncidentRaised(incident) => {
                self.change(incident.visit, |shown| shown.incidents.push(incident.number));
            }
            _ => {}
        }
    }

    fn name(&self, element: &str) -> Option<String> {
        self.names.get(element).copied().flatten().map(ToOwned::to_owned)
    }

    fn change(&mut self, visit: u64, change: impl FnOnce(&mut TrialVisit)) {
        if let Some(shown) = self.by_number.get(&visit).and_then(|&at| self.path.get_mut(at)) {
            change(shown);
        }
    }
}
