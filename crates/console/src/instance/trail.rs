//! The path of an instance, made of its history.

use std::collections::HashMap;

use engine::{Event, Outcome};
use serde::Serialize;
use store::view::instance::HistoryRow;
use utoipa::ToSchema;

use crate::clock;
use crate::problem::Problem;

/// The most visits that are shown.
const MAX_VISITS: usize = 10_000;

/// One visit of an element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Visit {
    /// 1, 2, 3 … in the instance.
    visit: u64,
    element_id: String,
    /// The visit of the subprocess around it; `null` for the process itself.
    #[schema(required)]
    scope: Option<u64>,
    /// The flow it came by; `null` for a start.
    #[schema(required)]
    flow_id: Option<String>,
    entered_at: String,
    /// `null` while it is there.
    #[schema(required)]
    left_at: Option<String>,
    /// `completed`, `joined` (into another token), `terminated` or `cancelled`; `null` while it is there.
    #[schema(required)]
    outcome: Option<&'static str>,
    /// The flows it left by.
    flows: Vec<String>,
    /// The variables that it wrote.
    wrote: Vec<String>,
    /// The numbers of the incidents that it had.
    incidents: Vec<u64>,
}

/// The visits in order, and whether there are more.
pub(super) fn visits(history: &[HistoryRow]) -> Result<(Vec<Visit>, bool), Problem> {
    let mut trail = Trail::default();
    for row in history {
        let events: Vec<Event> = serde_json::from_str(&row.events)
            .map_err(|e| Problem::internal(format!("a stored history is not readable: {e}")))?;
        let at = clock::show(row.at);
        events.iter().for_each(|event| trail.add(event, &at));
    }
    Ok((trail.visits, trail.truncated))
}

#[derive(Default)]
struct Trail {
    visits: Vec<Visit>,
    by_number: HashMap<u64, usize>,
    truncated: bool,
}

impl Trail {
    fn add(&mut self, event: &Event, at: &str) {
        match event {
            Event::Entered { visit, element, scope, flow } => {
                if self.visits.len() == MAX_VISITS {
                    self.truncated = true;
                    return;
                }
                self.by_number.insert(*visit, self.visits.len());
                self.visits.push(Visit {
                    visit: *visit,
                    element_id: element.clone(),
                    scope: (*scope != 0).then_some(*scope),
                    flow_id: flow.clone(),
                    entered_at: at.to_owned(),
                    left_at: None,
                    outcome: None,
                    flows: Vec::new(),
                    wrote: Vec::new(),
                    incidents: Vec::new(),
                });
            }
            Event::Executed { visit, wrote: Some(patch) } => {
                self.change(*visit, |v| v.wrote = patch.names());
            }
            Event::Left { visit, outcome, flows } => self.change(*visit, |v| {
                v.left_at = Some(at.to_owned());
                v.outcome = Some(word(*outcome));
                v.flows.clone_from(flows);
            }),
            Event::IncidentRaised(incident) => {
                self.change(incident.visit, |v| v.incidents.push(incident.number));
            }
            _ => {}
        }
    }

    fn change(&mut self, visit: u64, change: impl FnOnce(&mut Visit)) {
        if let Some(visit) = self.by_number.get(&visit).and_then(|&at| self.visits.get_mut(at)) {
            change(visit);
        }
    }
}

pub(crate) fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Completed => "completed",
        Outcome::Joined => "joined",
        Outcome::Terminated => "terminated",
        Outcome::Cancelled => "cancelled",
    }
}
