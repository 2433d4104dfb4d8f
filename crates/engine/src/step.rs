//! One step: a command, run to the next wait state.

mod run;

use bpmn::model::{ElementIx, Kind, Process, ROOT, StartEvent};

use crate::command::{Command, StartAt};
use crate::effect::Effect;
use crate::event::{Event, Outcome};
use crate::instance::{Illegal, Instance, Status};
use crate::lifecycle::{TokenState, Wait};
use crate::limits::Limits;
use crate::scripts::{Scripts, StepEnv};
use crate::variables::Variables;
use run::{Run, Work};

/// What a step needs from outside.
pub struct Context<'a> {
    /// Conditions and scripts of this process version.
    pub scripts: &'a mut dyn Scripts,
    /// The time of the step, milliseconds since the epoch, UTC.
    pub now: i64,
    /// Seed of what scripts see as chance: derive it from the instance and its version number.
    pub seed: u64,
    /// The limits.
    pub limits: &'a Limits,
}

/// What a step did.
#[derive(Debug)]
pub struct Step {
    /// What happened, in order.
    pub events: Vec<Event>,
    /// What the world must do.
    pub effects: Vec<Effect>,
    /// The instance after it.
    pub instance: Instance,
    /// Element visits it took.
    pub visits: u32,
}

/// A command that does not fit. Nothing has happened.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    /// Start of an instance that runs already.
    #[error("the instance has been started before")]
    AlreadyStarted,
    /// Any other command on an instance that does not run yet.
    #[error("the instance has not been started")]
    NotStarted,
    /// Any command on an instance that has ended.
    #[error("the instance has ended")]
    Ended,
    /// The process has no start event of this kind.
    #[error("the process has no start event for this")]
    NoStartEvent,
    /// No open incident has this number.
    #[error("the instance has no open incident {0}")]
    NoIncident(u64),
    /// The variables would outgrow [`Limits::variables_bytes`].
    #[error("the variables would take {bytes} bytes, more than {limit}")]
    VariablesTooLarge {
        /// Size that they would have.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// The state names an element that the process has not: it belongs to another version.
    #[error("the state names element {0:?}, which the process does not have")]
    UnknownElement(String),
    /// A fault of the engine.
    #[error(transparent)]
    Illegal(#[from] Illegal),
}

/// Runs `command` on `instance` to the next wait state, an incident or the end.
///
/// Pure: the same arguments give the same result. What the process or its scripts do wrong is an
/// incident inside the result.
///
/// # Errors
/// The command does not fit the state; the instance is as it was.
pub fn step(
    process: &Process,
    instance: &Instance,
    command: Command,
    context: &mut Context<'_>,
) -> Result<Step, StepError> {
    match (instance.status(), &command) {
        (Status::New, Command::Start { .. }) => {}
        (Status::New, _) => return Err(StepError::NotStarted),
        (status, _) if status.is_ended() => return Err(StepError::Ended),
        (_, Command::Start { .. }) => return Err(StepError::AlreadyStarted),
        _ => {}
    }
    context.scripts.begin(StepEnv { now: context.now, seed: context.seed });
    let mut run = Run::new(process, instance.clone(), context);
    match command {
        Command::Start { at, variables } => start(&mut run, &at, variables)?,
        Command::RetryIncident { incident } => retry(&mut run, incident)?,
        Command::Cancel => cancel(&mut run)?,
        Command::ChangeVariables { patch } => {
            let mut changed = run.instance().variables().clone();
            changed.merge(&patch);
            fits(&changed, run.limits())?;
            run.emit(Event::VariablesChanged { patch })?;
        }
    }
    run.run_to_wait_state()?;
    Ok(run.finish())
}

fn fits(variables: &Variables, limits: &Limits) -> Result<(), StepError> {
    let (bytes, limit) = (variables.bytes(), limits.variables_bytes);
    if bytes > limit { Err(StepError::VariablesTooLarge { bytes, limit }) } else { Ok(()) }
}

fn start(run: &mut Run<'_, '_>, at: &StartAt, variables: Variables) -> Result<(), StepError> {
    fits(&variables, run.limits())?;
    let element = start_event(run.process(), at).ok_or(StepError::NoStartEvent)?;
    let start = run.id(element);
    run.emit(Event::Started { start, variables })?;
    run.enter(element, 0, None)
}

/// The start event of the process itself that `at` means; the first, if several do (a check error).
fn start_event(process: &Process, at: &StartAt) -> Option<ElementIx> {
    match at {
        StartAt::None => {
            let starts = &process.scopes.get(ROOT.at())?.starts;
            starts.iter().copied().find(|start| {
                let kind = process.elements.get(start.at()).map(|element| &element.kind);
                matches!(kind, Some(Kind::StartEvent(StartEvent::None)))
            })
        }
        StartAt::Message { data_source } => {
            let link = bpmn::links(process).into_iter().find(|link| link.data_source == *data_source)?;
            run::find(process, &link.element_id)
        }
    }
}

fn retry(run: &mut Run<'_, '_>, number: u64) -> Result<(), StepError> {
    let Some(incident) = run.instance().incident(number) else {
        return Err(StepError::NoIncident(number));
    };
    let stands = incident.visit;
    let held = TokenState::Waiting(Wait::Budget);
    let was_held: Vec<u64> =
        run.instance().tokens().filter(|(_, t)| t.state == held).map(|(visit, _)| visit).collect();
    run.emit(Event::IncidentResolved { incident: number })?;
    for visit in std::iter::once(stands).chain(was_held) {
        let Some(token) = run.instance().token(visit) else { continue };
        let (state, element) = (token.state, run.element_of(token)?);
        match state {
            TokenState::Entered => run.push(Work::Execute(visit, element)),
            TokenState::Executed => run.push(Work::Depart(visit, element)),
            TokenState::Waiting(_) | TokenState::Incident { .. } => {}
        }
    }
    Ok(())
}

fn cancel(run: &mut Run<'_, '_>) -> Result<(), StepError> {
    run.clear(0, None, Outcome::Cancelled)?;
    run.emit(Event::Cancelled)?;
    Ok(())
}
