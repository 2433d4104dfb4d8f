//! The state of one run of a process, and the only code that changes it: [`Instance::apply`].

mod index;
mod restore;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::event::{Event, Outcome};
use crate::incident::{Code, Incident};
use crate::lifecycle::{TokenState, Transition, Wait};
use crate::variables::Variables;
use index::Index;

pub(crate) use index::Arrivals;
pub use restore::RestoreError;

/// One process instance. Elements and flows are named by their BPMN ids, so that stored state
/// outlives a change of the compiled model.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Instance {
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<Phase>,
    visits: u64,
    #[serde(skip_serializing_if = "is_zero")]
    incident_numbers: u64,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    tokens: BTreeMap<u64, Token>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    incidents: BTreeMap<u64, Incident>,
    variables: Variables,
    #[serde(skip)]
    index: Index,
}

/// A token at an element: one visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Token {
    /// Id of the element.
    pub element: String,
    /// The visit of the subprocess around it, 0 for the process itself.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub scope: u64,
    /// Id of the flow it came by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<String>,
    /// What it does there.
    pub state: TokenState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
enum Phase {
    Active,
    Completed,
    Terminated,
    Cancelled,
}

/// How an instance stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Not begun.
    New,
    /// Waits for something from outside.
    Active,
    /// Has at least one open incident; other tokens may wait.
    Incident,
    /// Its last token ended.
    Completed,
    /// A terminate end event of the process itself ended it.
    Terminated,
    /// An operator ended it.
    Cancelled,
}

impl Status {
    /// True if nothing can happen to the instance any more.
    pub fn is_ended(self) -> bool {
        matches!(self, Status::Completed | Status::Terminated | Status::Cancelled)
    }

    /// The word for it in rows, lists and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            // an instance that could not begin is one with an incident
            Status::New | Status::Incident => "incident",
            Status::Active => "active",
            Status::Completed => "completed",
            Status::Terminated => "terminated",
            Status::Cancelled => "cancelled",
        }
    }
}

/// An event that cannot follow what happened before: a history of another instance, or a fault of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("event cannot follow: {0}")]
pub struct Illegal(pub(crate) &'static str);

impl Instance {
    /// An instance that has not begun.
    pub fn new() -> Self {
        Self::default()
    }

    /// How it stands.
    pub fn status(&self) -> Status {
        match self.phase {
            None => Status::New,
            Some(Phase::Active) if self.incidents.is_empty() => Status::Active,
            Some(Phase::Active) => Status::Incident,
            Some(Phase::Completed) => Status::Completed,
            Some(Phase::Terminated) => Status::Terminated,
            Some(Phase::Cancelled) => Status::Cancelled,
        }
    }

    /// The variables.
    pub fn variables(&self) -> &Variables {
        &self.variables
    }

    /// Open incidents, oldest first.
    pub fn incidents(&self) -> impl ExactSizeIterator<Item = &Incident> {
        self.incidents.values()
    }

    /// An open incident by its number.
    pub fn incident(&self, number: u64) -> Option<&Incident> {
        self.incidents.get(&number)
    }

    /// Tokens by visit, oldest first.
    pub fn tokens(&self) -> impl ExactSizeIterator<Item = (u64, &Token)> {
        self.tokens.iter().map(|(&visit, token)| (visit, token))
    }

    /// The token of a visit, while it is at its element.
    pub fn token(&self, visit: u64) -> Option<&Token> {
        self.tokens.get(&visit)
    }

    /// How many visits of elements there have been.
    pub fn visits(&self) -> u64 {
        self.visits
    }

    pub(crate) fn last_incident(&self) -> u64 {
        self.incident_numbers
    }

    /// True if a step ran out of element visits and nobody has retried it since.
    pub(crate) fn is_out_of_visits(&self) -> bool {
        // Newest first: a step that runs out asks for every token that it holds.
        self.incidents.values().rev().any(|incident| incident.code == Code::VisitBudget)
    }

    /// Visits directly in a scope.
    pub(crate) fn inside(&self, scope: u64) -> impl DoubleEndedIterator<Item = u64> + '_ {
        self.index.inside(scope)
    }

    /// What waits at a join.
    pub(crate) fn arrivals(&self, scope: u64, element: &str) -> Arrivals<'_> {
        self.index.arrivals(scope, element)
    }

    /// The oldest waiting visit of every join.
    pub(crate) fn waiting_joins(&self) -> impl Iterator<Item = u64> + '_ {
        self.index.waiting_joins()
    }

    /// Changes the state by one event. Replaying all events of an instance gives its state.
    ///
    /// # Errors
    /// The event cannot follow; the state is as before.
    pub fn apply(&mut self, event: &Event) -> Result<(), Illegal> {
        match event {
            Event::Started { variables, .. } => self.start(variables),
            Event::Entered { visit, element, scope, flow } => {
                let token = Token {
                    element: element.clone(),
                    scope: *scope,
                    flow: flow.clone(),
                    state: TokenState::Entered,
                };
                self.enter(*visit, token)
            }
            Event::Waiting { visit, wait } => self.advance(*visit, Transition::Wait(*wait)),
            Event::Executed { visit, wrote } => {
                self.advance(*visit, Transition::Execute)?;
                if let Some(patch) = wrote {
                    self.variables.merge(patch);
                }
                Ok(())
            }
            Event::Left { visit, outcome, .. } => self.leave(*visit, *outcome),
            Event::IncidentRaised(incident) => self.raise(incident),
            Event::IncidentResolved { incident } => self.resolve(*incident),
            Event::VariablesChanged { patch } => {
                self.must_be_active()?;
                self.variables.merge(patch);
                Ok(())
            }
            Event::Completed => self.end(Phase::Completed),
            Event::Terminated => self.end(Phase::Terminated),
            Event::Cancelled => self.end(Phase::Cancelled),
        }
    }

    fn start(&mut self, variables: &Variables) -> Result<(), Illegal> {
        if self.phase.is_some() {
            return Err(Illegal("started twice"));
        }
        self.phase = Some(Phase::Active);
        self.variables = variables.clone();
        Ok(())
    }

    fn enter(&mut self, visit: u64, token: Token) -> Result<(), Illegal> {
        self.must_be_active()?;
        if visit != self.visits + 1 {
            return Err(Illegal("visits are numbered one by one"));
        }
        let open = TokenState::Waiting(Wait::Scope);
        if token.scope != 0 && self.tokens.get(&token.scope).is_none_or(|around| around.state != open) {
            return Err(Illegal("the scope is not open"));
        }
        self.visits = visit;
        self.index.add(visit, &token);
        self.tokens.insert(visit, token);
        Ok(())
    }

    fn advance(&mut self, visit: u64, transition: Transition) -> Result<(), Illegal> {
        let token = self.tokens.get_mut(&visit).ok_or(Illegal("no such visit"))?;
        let state = token.state.after(transition).ok_or(Illegal("not from this state of the token"))?;
        self.index.remove(visit, token);
        token.state = state;
        self.index.add(visit, token);
        Ok(())
    }

    fn leave(&mut self, visit: u64, outcome: Outcome) -> Result<(), Illegal> {
        if self.inside(visit).next().is_some() {
            return Err(Illegal("the scope still holds tokens"));
        }
        let token = self.tokens.get(&visit).ok_or(Illegal("no such visit"))?;
        if !token.state.may_leave(outcome) {
            return Err(Illegal("not from this state of the token"));
        }
        self.index.remove(visit, token);
        if let TokenState::Incident { number, .. } = token.state {
            self.incidents.remove(&number);
        }
        self.tokens.remove(&visit);
        Ok(())
    }

    fn raise(&mut self, incident: &Incident) -> Result<(), Illegal> {
        let Incident { number, leaving, .. } = *incident;
        if number != self.incident_numbers + 1 {
            return Err(Illegal("incidents are numbered one by one"));
        }
        self.advance(incident.visit, Transition::Fail { number, leaving })?;
        self.incident_numbers = number;
        self.incidents.insert(number, incident.clone());
        Ok(())
    }

    /// Also wakes the tokens that an exhausted budget left waiting.
    fn resolve(&mut self, number: u64) -> Result<(), Illegal> {
        let incident = self.incidents.get(&number).ok_or(Illegal("no such incident"))?;
        let budget = incident.code == Code::VisitBudget;
        self.advance(incident.visit, Transition::Retry)?;
        self.incidents.remove(&number);
        if budget {
            let held = TokenState::Waiting(Wait::Budget);
            let visits: Vec<u64> = self.tokens().filter(|(_, t)| t.state == held).map(|(v, _)| v).collect();
            for visit in visits {
                self.advance(visit, Transition::Retry)?;
            }
        }
        Ok(())
    }

    fn end(&mut self, phase: Phase) -> Result<(), Illegal> {
        self.must_be_active()?;
        if !self.tokens.is_empty() {
            return Err(Illegal("ended with tokens left"));
        }
        self.phase = Some(phase);
        Ok(())
    }

    fn must_be_active(&self) -> Result<(), Illegal> {
        if self.phase == Some(Phase::Active) { Ok(()) } else { Err(Illegal("the instance is not active")) }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}
