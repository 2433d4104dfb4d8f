//! Processes built in a test, and the walk that tests repeat.

use bpmn::model::{
    Condition, Element, ElementIx, EndEvent, Flow, FlowIx, Kind, Other, Process, ProcessTrigger, ROOT, Scope,
    ScopeIx, Script, StartEvent,
};
use engine::{Command, Context, Event, Instance, Limits, StartAt, Status, Step, StepError, Variables};

use crate::tiny::Tiny;

/// Builds a process element by element; flows connect elements by id.
pub(crate) struct Build {
    process: Process,
    scope: ScopeIx,
}

impl Build {
    pub(crate) fn new() -> Self {
        let root = Scope { element: None, parent: None, starts: vec![], elements: vec![] };
        Self {
            process: Process {
                id: "P".into(),
                name: None,
                is_executable: Some(true),
                elements: vec![],
                flows: vec![],
                scopes: vec![root],
            },
            scope: ROOT,
        }
    }

    pub(crate) fn add(mut self, id: &str, kind: Kind) -> Self {
        self.put(id, kind);
        self
    }

    pub(crate) fn put(&mut self, id: &str, kind: Kind) -> ElementIx {
        let ix = ElementIx(self.process.elements.len() as u32);
        let scope = &mut self.process.scopes[self.scope.at()];
        scope.elements.push(ix);
        if matches!(kind, Kind::StartEvent(_)) {
            scope.starts.push(ix);
        }
        self.process.elements.push(Element {
            id: id.into(),
            name: None,
            scope: self.scope,
            kind,
            incoming: vec![],
            outgoing: vec![],
        });
        ix
    }

    pub(crate) fn start(self, id: &str) -> Self {
        self.add(id, Kind::StartEvent(StartEvent::None))
    }

    pub(crate) fn webhook_start(self, id: &str, data_source: &str) -> Self {
        let trigger =
            ProcessTrigger { trigger_type: "incomingWebhook".into(), data_source: Some(data_source.into()) };
        self.add(id, Kind::StartEvent(StartEvent::Message(Some(trigger))))
    }

    pub(crate) fn end(self, id: &str) -> Self {
        self.add(id, Kind::EndEvent(EndEvent::None))
    }

    pub(crate) fn terminate(self, id: &str) -> Self {
        self.add(id, Kind::EndEvent(EndEvent::Terminate))
    }

    pub(crate) fn parallel(self, id: &str) -> Self {
        self.add(id, Kind::ParallelGateway)
    }

    pub(crate) fn exclusive(self, id: &str) -> Self {
        self.add(id, Kind::ExclusiveGateway { default: None })
    }

    pub(crate) fn script(self, id: &str, source: &str) -> Self {
        self.add(id, Kind::ScriptTask(Script { format: Some("javascript".into()), source: source.into() }))
    }

    pub(crate) fn other(self, id: &str, tag: &str) -> Self {
        let other = Other { tag: tag.into(), ..Other::default() };
        self.add(id, Kind::Other(other))
    }

    pub(crate) fn open(mut self, id: &str) -> Self {
        let inside = ScopeIx(self.process.scopes.len() as u32);
        let element = self.put(id, Kind::SubProcess(inside));
        self.process.scopes.push(Scope {
            element: Some(element),
            parent: Some(self.scope),
            starts: vec![],
            elements: vec![],
        });
        self.scope = inside;
        self
    }

    pub(crate) fn close(mut self) -> Self {
        self.scope = self.process.scopes[self.scope.at()].parent.expect("inside a subprocess");
        self
    }

    /// Goes on inside a subprocess that was closed before.
    pub(crate) fn reopen(mut self, id: &str) -> Self {
        let element = self.find(id);
        let at =
            self.process.scopes.iter().position(|scope| scope.element.is_some() && scope.element == element);
        self.scope = ScopeIx(at.expect("a subprocess") as u32);
        self
    }

    /// Goes on in the process itself.
    pub(crate) fn root(mut self) -> Self {
        self.scope = ROOT;
        self
    }

    /// A flow that is the default of its source, if that is an exclusive gateway.
    pub(crate) fn default_flow(self, ends: &str) -> Self {
        let at = FlowIx(self.process.flows.len() as u32);
        let mut with = self.flow(ends);
        let source = with.process.flows[at.at()].source;
        if let Some(source) = source
            && let Kind::ExclusiveGateway { default } = &mut with.process.elements[source.at()].kind
        {
            *default = Some(at);
        }
        with
    }

    /// A flow `source>target` by ids; an unknown id leaves that end dangling. Its id is the same text, with
    /// `#2` and so on behind it where there is one already.
    pub(crate) fn flow(self, ends: &str) -> Self {
        self.flow_if(ends, None)
    }

    pub(crate) fn when(self, ends: &str, condition: &str) -> Self {
        self.flow_if(ends, Some(condition))
    }

    fn flow_if(mut self, ends: &str, condition: Option<&str>) -> Self {
        let (source, target) = ends.split_once('>').expect("source>target");
        let ix = FlowIx(self.process.flows.len() as u32);
        let (source, target) = (self.find(source), self.find(target));
        let scope = source.or(target).map_or(self.scope, |ix| self.process.elements[ix.at()].scope);
        if let Some(source) = source {
            self.process.elements[source.at()].outgoing.push(ix);
        }
        if let Some(target) = target {
            self.process.elements[target.at()].incoming.push(ix);
        }
        let condition = condition.map(|source| Condition { language: None, source: source.into() });
        let is_same = |rest: &str| rest.is_empty() || rest.starts_with('#');
        let ids = self.process.flows.iter().filter_map(|flow| flow.id.strip_prefix(ends));
        let same = ids.filter(|rest| is_same(rest)).count();
        let id = if same == 0 { ends.to_owned() } else { format!("{ends}#{}", same + 1) };
        self.process.flows.push(Flow { id, name: None, source, target, scope, condition });
        self
    }

    /// Marks a flow as the default of the exclusive gateway that it leaves.
    pub(crate) fn default(mut self, ends: &str) -> Self {
        let at = self.process.flows.iter().position(|flow| flow.id == ends).expect("flow");
        let source = self.process.flows[at].source.expect("source");
        self.process.elements[source.at()].kind = Kind::ExclusiveGateway { default: Some(FlowIx(at as u32)) };
        self
    }

    fn find(&self, id: &str) -> Option<ElementIx> {
        let at = self.process.elements.iter().position(|element| element.id == id)?;
        Some(ElementIx(at as u32))
    }

    pub(crate) fn done(self) -> Process {
        self.process
    }
}

pub(crate) fn variables(json: &str) -> Variables {
    Variables::from_json(json).unwrap()
}

/// One step with the tiny scripts and the given limits.
pub(crate) fn step_within(
    process: &Process,
    instance: &Instance,
    command: Command,
    limits: &Limits,
) -> Result<Step, StepError> {
    let mut scripts = Tiny::default();
    let mut context = Context { scripts: &mut scripts, now: 1_700_000_000_000, seed: 7, limits };
    let step = engine::step(process, instance, command, &mut context)?;
    assert_replay(instance, &step);
    Ok(step)
}

pub(crate) fn step(process: &Process, instance: &Instance, command: Command) -> Result<Step, StepError> {
    step_within(process, instance, command, &Limits::default())
}

/// Invariant: replaying the events gives the state, also through JSON and back.
pub(crate) fn assert_replay(before: &Instance, step: &Step) {
    let mut replayed = before.clone();
    for event in &step.events {
        let text = serde_json::to_string(event).unwrap();
        let event: Event = serde_json::from_str(&text).unwrap();
        replayed.apply(&event).unwrap();
    }
    assert_eq!(replayed, step.instance);
    assert_eq!(Instance::from_json(&step.instance.to_json().unwrap()).unwrap(), step.instance);
    let (state, variables) = (step.instance.state_json(), step.instance.variables().to_json());
    assert_eq!(Instance::restore(&state, &variables).unwrap(), step.instance);
}

/// A start by hand with these variables.
pub(crate) fn run_with(process: &Process, json: &str) -> Step {
    let start = Command::Start { at: StartAt::None, variables: variables(json) };
    step(process, &Instance::new(), start).unwrap()
}

pub(crate) fn run(process: &Process) -> Step {
    run_with(process, "{}")
}

/// Ids of the elements visited, in order.
pub(crate) fn path(step: &Step) -> Vec<&str> {
    let entered = step.events.iter().filter_map(|event| match event {
        Event::Entered { element, .. } => Some(element.as_str()),
        _ => None,
    });
    entered.collect()
}

/// How often an element was entered.
pub(crate) fn times(step: &Step, id: &str) -> usize {
    path(step).into_iter().filter(|element| *element == id).count()
}

#[track_caller]
pub(crate) fn assert_completed(step: &Step) {
    assert_eq!(step.instance.status(), Status::Completed, "{:#?}", step.events);
    assert_eq!(step.instance.tokens().len(), 0);
}

/// The only open incident.
#[track_caller]
pub(crate) fn incident(step: &Step) -> engine::Incident {
    assert_eq!(step.instance.status(), Status::Incident, "{:#?}", step.events);
    let all: Vec<_> = step.instance.incidents().collect();
    assert_eq!(all.len(), 1, "{all:#?}");
    all[0].clone()
}
