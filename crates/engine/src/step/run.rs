//! The loop of a step: takes a token, asks its element what comes next, and does it.

use std::collections::VecDeque;

use bpmn::model::{Element, ElementIx, FlowIx, Process};

use super::{Context, Step, StepError};
use crate::effect::Effect;
use crate::elements::{self, Next, Scene};
use crate::event::{Event, Outcome};
use crate::incident::{Cause, Code, Incident};
use crate::instance::{Illegal, Instance, Token};
use crate::lifecycle::{TokenState, Wait};
use crate::limits::Limits;
use crate::variables::Patch;

/// A token that must move before the step may end.
#[derive(Clone, Copy, Debug)]
pub(super) enum Work {
    /// It arrived: let its element act.
    Execute(u64, ElementIx),
    /// Its element has acted: find the way on.
    Depart(u64, ElementIx),
}

pub(super) struct Run<'a, 'c> {
    process: &'a Process,
    context: &'a mut Context<'c>,
    instance: Instance,
    events: Vec<Event>,
    effects: Vec<Effect>,
    queue: VecDeque<Work>,
    visits: u32,
    entered: u32,
    written: usize,
}

impl<'a, 'c> Run<'a, 'c> {
    pub(super) fn new(process: &'a Process, instance: Instance, context: &'a mut Context<'c>) -> Self {
        Self {
            process,
            context,
            instance,
            events: Vec::with_capacity(16),
            effects: Vec::new(),
            queue: VecDeque::new(),
            visits: 0,
            entered: 0,
            written: 0,
        }
    }

    pub(super) fn process(&self) -> &'a Process {
        self.process
    }

    pub(super) fn instance(&self) -> &Instance {
        &self.instance
    }

    pub(super) fn limits(&self) -> &'c Limits {
        self.context.limits
    }

    pub(super) fn finish(self) -> Step {
        let Run { events, effects, instance, visits, .. } = self;
        Step { events, effects, instance, visits }
    }

    /// The only way in which a step changes the state.
    pub(super) fn emit(&mut self, event: Event) -> Result<(), Illegal> {
        self.instance.apply(&event)?;
        self.events.push(event);
        Ok(())
    }

    pub(super) fn push(&mut self, work: Work) {
        self.queue.push_back(work);
    }

    /// Id of an element; empty for an index that the model has not.
    pub(super) fn id(&self, element: ElementIx) -> String {
        self.process.elements.get(element.at()).map(|element| element.id.clone()).unwrap_or_default()
    }

    pub(super) fn element_of(&self, token: &Token) -> Result<ElementIx, StepError> {
        find(self.process, &token.element).ok_or_else(|| StepError::UnknownElement(token.element.clone()))
    }

    /// Works until nothing can move.
    pub(super) fn run_to_wait_state(&mut self) -> Result<(), StepError> {
        while let Some(work) = self.queue.pop_front() {
            let (Work::Execute(visit, element) | Work::Depart(visit, element)) = work;
            // A terminate end event may have ended it since.
            if self.instance.token(visit).is_none() {
                continue;
            }
            match work {
                Work::Execute(..) if self.is_spent() => self.hold(visit, element)?,
                Work::Execute(..) => self.execute(visit, element)?,
                Work::Depart(..) if self.is_spent() && self.forks(element) => {
                    self.stay(visit, self.out_of_visits(element))?;
                }
                Work::Depart(..) => self.depart(visit, element)?,
            }
        }
        self.hand_on_budget()?;
        self.name_stuck_joins()
    }

    /// Both are counted: tokens of earlier steps run without entering, and one element with thousands
    /// of flows has thousands of tokens enter while few have run.
    fn is_spent(&self) -> bool {
        let most = self.limits().visits;
        self.visits >= most || self.entered > most
    }

    /// Subprocesses that end when no visits are left still move on, but none makes one token many.
    fn forks(&self, element: ElementIx) -> bool {
        self.process.elements.get(element.at()).is_some_and(|element| element.outgoing.len() > 1)
    }

    pub(super) fn enter(
        &mut self,
        element: ElementIx,
        scope: u64,
        flow: Option<FlowIx>,
    ) -> Result<(), StepError> {
        let visit = self.instance.visits() + 1;
        let flow = flow.and_then(|flow| self.process.flows.get(flow.at())).map(|flow| flow.id.clone());
        self.emit(Event::Entered { visit, element: self.id(element), scope, flow })?;
        self.entered = self.entered.saturating_add(1);
        self.push(Work::Execute(visit, element));
        Ok(())
    }

    fn execute(&mut self, visit: u64, element: ElementIx) -> Result<(), StepError> {
        self.visits += 1;
        let next = self.scene(visit, element, elements::execute);
        match next {
            Ok(next) => self.follow(visit, element, next),
            Err(cause) => self.raise(visit, cause),
        }
    }

    fn scene<T>(
        &mut self,
        visit: u64,
        element: ElementIx,
        ask: impl FnOnce(&mut Scene<'_>, &Element) -> Result<T, Cause>,
    ) -> Result<T, Cause> {
        let Some(found) = self.process.elements.get(element.at()) else {
            return Err(Cause::new(Code::NotRunnable, "The diagram has no such element."));
        };
        let scope = self.instance.token(visit).map_or(0, |token| token.scope);
        let mut scene = Scene {
            process: self.process,
            instance: &self.instance,
            scripts: self.context.scripts,
            limits: self.context.limits,
            written: self.written,
            visit,
            scope,
            at: element,
        };
        ask(&mut scene, found)
    }

    fn follow(&mut self, visit: u64, element: ElementIx, next: Next) -> Result<(), StepError> {
        match next {
            Next::Done => self.depart(visit, element),
            Next::Wrote(patch) => self.write(visit, element, patch),
            Next::Take(flows) => self.leave(visit, flows),
            Next::Join { with, flows } => {
                for other in with {
                    self.emit(Event::Left { visit: other, outcome: Outcome::Joined, flows: Vec::new() })?;
                }
                self.leave(visit, flows)
            }
            Next::Wait(wait) => Ok(self.emit(Event::Waiting { visit, wait })?),
            Next::Open(starts) => {
                self.emit(Event::Waiting { visit, wait: Wait::Scope })?;
                starts.into_iter().try_for_each(|start| self.enter(start, visit, None))
            }
            Next::Terminate => self.terminate(visit),
        }
    }

    fn write(&mut self, visit: u64, element: ElementIx, patch: Patch) -> Result<(), StepError> {
        self.written += patch.as_str().len();
        self.emit(Event::Executed { visit, wrote: Some(patch) })?;
        self.depart(visit, element)
    }

    /// The way on by the rule for everything that is not a gateway.
    fn depart(&mut self, visit: u64, element: ElementIx) -> Result<(), StepError> {
        match self.scene(visit, element, elements::outgoing) {
            Ok(flows) => self.leave(visit, flows),
            Err(cause) => self.stay(visit, cause),
        }
    }

    /// The work is done, but the token cannot leave.
    fn stay(&mut self, visit: u64, cause: Cause) -> Result<(), StepError> {
        let state = self.instance.token(visit).map(|token| token.state);
        if state != Some(TokenState::Executed) {
            self.emit(Event::Executed { visit, wrote: None })?;
        }
        self.raise(visit, cause)
    }

    fn leave(&mut self, visit: u64, flows: Vec<FlowIx>) -> Result<(), StepError> {
        let scope = self.instance.token(visit).map_or(0, |token| token.scope);
        let taken = flows.iter().filter_map(|flow| self.process.flows.get(flow.at()));
        let targets: Vec<(FlowIx, ElementIx)> =
            flows.iter().filter_map(|&ix| Some((ix, self.process.flows.get(ix.at())?.target?))).collect();
        let flows = taken.map(|flow| flow.id.clone()).collect();
        self.emit(Event::Left { visit, outcome: Outcome::Completed, flows })?;
        for (flow, target) in targets {
            self.enter(target, scope, Some(flow))?;
        }
        self.close_if_empty(scope)
    }

    /// A scope ends when its last token has: the process completes, a subprocess goes on.
    fn close_if_empty(&mut self, scope: u64) -> Result<(), StepError> {
        if self.instance.inside(scope).next().is_some() {
            return Ok(());
        }
        let Some(around) = self.instance.token(scope) else {
            return Ok(self.emit(Event::Completed)?);
        };
        // Queued, not called: subprocesses may be nested deep.
        self.push(Work::Depart(scope, self.element_of(around)?));
        Ok(())
    }

    fn terminate(&mut self, visit: u64) -> Result<(), StepError> {
        let scope = self.instance.token(visit).map_or(0, |token| token.scope);
        self.clear(scope, Some(visit), Outcome::Terminated)?;
        self.emit(Event::Left { visit, outcome: Outcome::Completed, flows: Vec::new() })?;
        if scope == 0 { Ok(self.emit(Event::Terminated)?) } else { self.close_if_empty(scope) }
    }

    /// Ends every token in `scope` and in the subprocesses inside it, innermost first.
    pub(super) fn clear(
        &mut self,
        scope: u64,
        spare: Option<u64>,
        outcome: Outcome,
    ) -> Result<(), StepError> {
        let mut order: Vec<u64> = self.instance.inside(scope).filter(|&visit| Some(visit) != spare).collect();
        let mut at = 0;
        while let Some(&visit) = order.get(at) {
            order.extend(self.instance.inside(visit));
            at += 1;
        }
        for visit in order.into_iter().rev() {
            self.emit(Event::Left { visit, outcome, flows: Vec::new() })?;
        }
        Ok(())
    }

    fn raise(&mut self, visit: u64, cause: Cause) -> Result<(), StepError> {
        let Some(token) = self.instance.token(visit) else { return Ok(()) };
        let Cause { code, message, flow, expression, line, column } = cause;
        let incident = Incident {
            number: self.instance.last_incident() + 1,
            visit,
            element: token.element.clone(),
            code,
            message,
            flow,
            expression,
            line,
            column,
            leaving: token.state == TokenState::Executed,
        };
        Ok(self.emit(Event::IncidentRaised(incident))?)
    }

    /// Out of visits: the first token gets the incident, the others wait for its retry.
    fn hold(&mut self, visit: u64, element: ElementIx) -> Result<(), StepError> {
        if self.instance.is_out_of_visits() {
            return Ok(self.emit(Event::Waiting { visit, wait: Wait::Budget })?);
        }
        self.raise(visit, self.out_of_visits(element))
    }

    fn out_of_visits(&self, next: ElementIx) -> Cause {
        let message = format!(
            "{} elements were visited without a wait and {:?} would be the next: probably a loop that never ends. \
             Correct the process, or retry to run on.",
            self.visits.max(self.entered.saturating_sub(1)),
            self.id(next)
        );
        Cause::new(Code::VisitBudget, message)
    }

    /// The token that had the incident may have ended with its scope: the oldest that waits for its
    /// retry gets one.
    fn hand_on_budget(&mut self) -> Result<(), StepError> {
        let held = TokenState::Waiting(Wait::Budget);
        let first = self.instance.tokens().find(|(_, token)| token.state == held).map(|(visit, _)| visit);
        let Some(visit) = first.filter(|_| !self.instance.is_out_of_visits()) else { return Ok(()) };
        let message = "An earlier step ran out of element visits before this element. Retry to run on.";
        self.raise(visit, Cause::new(Code::VisitBudget, message))
    }

    /// If all that is left waits at joins, no token can ever come: say so instead of waiting for ever.
    fn name_stuck_joins(&mut self) -> Result<(), StepError> {
        let inner = |state| matches!(state, TokenState::Waiting(Wait::Join | Wait::Scope));
        if !self.instance.tokens().all(|(_, token)| inner(token.state)) {
            return Ok(());
        }
        let stuck: Vec<u64> = self.instance.waiting_joins().collect();
        for visit in stuck {
            let Some(token) = self.instance.token(visit) else { continue };
            let (scope, element) = (token.scope, self.element_of(token)?);
            let arrived = self.instance.arrivals(scope, &token.element);
            let missing = elements::missing_flows(self.process, element, arrived);
            let message = format!(
                "The join waits for {missing}, but no token can come there any more. \
                 Cancel the instance and correct the process."
            );
            self.raise(visit, Cause::new(Code::JoinStuck, message))?;
        }
        Ok(())
    }
}

/// The index of the element with this id.
pub(super) fn find(process: &Process, id: &str) -> Option<ElementIx> {
    let at = process.elements.iter().position(|element| element.id == id)?;
    u32::try_from(at).ok().map(ElementIx)
}
