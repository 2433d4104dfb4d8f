//! A second engine, as plain as can be, to hold the first against: a list of tokens and a queue, no
//! events, no indices, no traits; the language of `tiny` read in place. It says what BPMN.md says.

use std::collections::{BTreeMap, VecDeque};

use bpmn::model::{EndEvent, Flow, Kind, Process, StartEvent};

/// Faults to plant: with each of them the comparison must fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    JoinPassesOne,
    JoinTakesAll,
    TerminateEndsProcess,
    DefaultFirst,
    RetryWorksAgain,
    HeldForEver,
    ScopeEndsWithFirst,
    AllFlowsOfChoice,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Ready,
    Join,
    Inside,
    Held,
    Worked,
    /// At an incident: its number, and true if the work was done.
    Stuck(u64, bool),
}

#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) visit: u64,
    pub(crate) element: usize,
    pub(crate) scope: u64,
    pub(crate) flow: Option<usize>,
    pub(crate) state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Running,
    Completed,
    Terminated,
    Cancelled,
}

pub(crate) struct Reference<'p> {
    process: &'p Process,
    fault: Fault,
    most: u32,
    ran: u32,
    begun: u32,
    queue: VecDeque<(u64, bool)>,
    numbers: u64,
    pub(crate) phase: Phase,
    pub(crate) visits: u64,
    pub(crate) tokens: Vec<Token>,
    /// Number, visit and code.
    pub(crate) incidents: Vec<(u64, u64, &'static str)>,
    pub(crate) variables: BTreeMap<String, String>,
    /// The elements that tokens came to, in order.
    pub(crate) path: Vec<usize>,
}

impl<'p> Reference<'p> {
    /// Started by hand; `None` if the process has no start event for that.
    pub(crate) fn start(process: &'p Process, most: u32, fault: Fault) -> Option<Self> {
        let by_hand = |at: &usize| {
            let element = &process.elements[*at];
            element.scope.at() == 0 && matches!(element.kind, Kind::StartEvent(StartEvent::None))
        };
        let start = (0..process.elements.len()).find(by_hand)?;
        let mut new = Self {
            process,
            fault,
            most,
            ran: 0,
            begun: 0,
            queue: VecDeque::new(),
            numbers: 0,
            phase: Phase::Running,
            visits: 0,
            tokens: vec![],
            incidents: vec![],
            variables: BTreeMap::new(),
            path: vec![],
        };
        new.enter(start, 0, None);
        new.run();
        Some(new)
    }

    pub(crate) fn is_running(&self) -> bool {
        self.phase == Phase::Running
    }

    /// False if there is no such incident.
    pub(crate) fn retry(&mut self, number: u64) -> bool {
        let Some(at) = self.incidents.iter().position(|incident| incident.0 == number) else { return false };
        let (_, visit, code) = self.incidents.remove(at);
        (self.ran, self.begun) = (0, 0);
        let again = self.fault == Fault::RetryWorksAgain;
        let worked = matches!(self.token(visit).state, State::Stuck(_, true)) && !again;
        self.token(visit).state = if worked { State::Worked } else { State::Ready };
        self.queue.push_back((visit, worked));
        if code == "visit-budget" {
            for token in self.tokens.iter_mut().filter(|token| token.state == State::Held) {
                token.state = State::Ready;
                self.queue.push_back((token.visit, false));
            }
        }
        self.run();
        true
    }

    pub(crate) fn cancel(&mut self) {
        self.tokens.clear();
        self.incidents.clear();
        self.phase = Phase::Cancelled;
    }

    pub(crate) fn set(&mut self, name: &str, text: &str) {
        self.variables.insert(name.into(), text.into());
    }

    fn token(&mut self, visit: u64) -> &mut Token {
        self.tokens.iter_mut().find(|token| token.visit == visit).unwrap()
    }

    fn flow(&self, at: usize) -> &'p Flow {
        &self.process.flows[at]
    }

    fn enter(&mut self, element: usize, scope: u64, flow: Option<usize>) {
        self.visits += 1;
        self.begun += 1;
        self.path.push(element);
        self.tokens.push(Token { visit: self.visits, element, scope, flow, state: State::Ready });
        self.queue.push_back((self.visits, false));
    }

    fn run(&mut self) {
        while let Some((visit, worked)) = self.queue.pop_front() {
            let Some(token) = self.tokens.iter().find(|token| token.visit == visit) else { continue };
            let spent = self.ran >= self.most || self.begun > self.most;
            let forks = self.process.elements[token.element].outgoing.len() > 1;
            match worked {
                true if spent && forks => self.stick(visit, "visit-budget", true),
                true => self.move_on(visit),
                false if spent && self.has("visit-budget") => self.token(visit).state = State::Held,
                false if spent => self.stick(visit, "visit-budget", false),
                false => {
                    self.ran += 1;
                    self.act(visit);
                }
            }
        }
        let held = self.tokens.iter().find(|token| token.state == State::Held).map(|token| token.visit);
        if let Some(visit) = held.filter(|_| !self.has("visit-budget") && self.fault != Fault::HeldForEver) {
            self.stick(visit, "visit-budget", false);
        }
        self.name_joins();
    }

    fn has(&self, code: &str) -> bool {
        self.incidents.iter().any(|incident| incident.2 == code)
    }

    fn stick(&mut self, visit: u64, code: &'static str, worked: bool) {
        self.numbers += 1;
        self.token(visit).state = State::Stuck(self.numbers, worked);
        self.incidents.push((self.numbers, visit, code));
    }

    /// Nothing but joins left: the oldest token of each says so, the joins in order of scope and id.
    fn name_joins(&mut self) {
        if !self.tokens.iter().all(|token| matches!(token.state, State::Join | State::Inside)) {
            return;
        }
        let mut first = BTreeMap::new();
        for token in self.tokens.iter().filter(|token| token.state == State::Join) {
            let id = &self.process.elements[token.element].id;
            first.entry((token.scope, id)).or_insert(token.visit);
        }
        for visit in first.into_values() {
            self.stick(visit, "join-stuck", false);
        }
    }

    fn act(&mut self, visit: u64) {
        let element = &self.process.elements[self.token(visit).element];
        match &element.kind {
            Kind::StartEvent(_) => self.move_on(visit),
            Kind::EndEvent(EndEvent::None) => self.leave(visit, &[]),
            Kind::EndEvent(EndEvent::Terminate) => self.terminate(visit),
            Kind::ExclusiveGateway { default } => self.choose(visit, default.map(|flow| flow.at())),
            Kind::ParallelGateway => self.join(visit),
            Kind::ScriptTask(script) => match self.script(&script.source) {
                true => self.move_on(visit),
                false => self.stick(visit, "script-failed", false),
            },
            Kind::SubProcess(inside) => self.open(visit, inside.at()),
            Kind::Other(_) => self.stick(visit, "not-runnable", false),
        }
    }

    fn script(&mut self, source: &str) -> bool {
        match source.split_once(' ') {
            Some(("count", name)) => {
                let count: u64 = self.variables.get(name).map_or(0, |text| text.parse().unwrap());
                self.set(name, &(count + 1).to_string());
                true
            }
            Some(("need", name)) => self.variables.contains_key(name),
            _ => source != "throw",
        }
    }

    fn condition(&self, source: &str) -> Result<bool, &'static str> {
        let value = |name: &str| self.variables.get(name).map(String::as_str);
        match source {
            "true" | "false" => Ok(source == "true"),
            "maybe" | "throw" => Err("condition-failed"),
            _ => match source.split_once('<') {
                Some((name, most)) => {
                    Ok(value(name).map_or(0, |text| text.parse::<u64>().unwrap()) < most.parse().unwrap())
                }
                None => source
                    .split_once('=')
                    .map(|(name, text)| value(name) == Some(text))
                    .ok_or("condition-failed"),
            },
        }
    }

    fn holds(&self, flow: usize) -> Result<bool, &'static str> {
        self.flow(flow).condition.as_ref().map_or(Ok(true), |condition| self.condition(&condition.source))
    }

    /// A flow must stay in its scope.
    fn leads(&self, element: usize, flows: &[usize]) -> Result<(), &'static str> {
        let here = self.process.elements[element].scope;
        let target = |flow: &usize| self.flow(*flow).target.map(|target| target.at());
        let leads = |flow| target(flow).is_some_and(|target| self.process.elements[target].scope == here);
        if flows.iter().all(leads) { Ok(()) } else { Err("dangling-flow") }
    }

    fn outgoing(&self, element: usize) -> Vec<usize> {
        self.process.elements[element].outgoing.iter().map(|flow| flow.at()).collect()
    }

    /// Every flow that holds.
    fn move_on(&mut self, visit: u64) {
        let element = self.token(visit).element;
        let all = self.outgoing(element);
        let held: Result<Vec<usize>, _> = all
            .iter()
            .filter_map(|&flow| match self.holds(flow) {
                Ok(holds) => holds.then_some(Ok(flow)),
                Err(code) => Some(Err(code)),
            })
            .collect();
        let taken = held.and_then(|flows| match flows.is_empty() && !all.is_empty() {
            true => Err("no-flow"),
            false => self.leads(element, &flows).map(|()| flows),
        });
        match taken {
            Ok(flows) => self.leave(visit, &flows),
            Err(code) => self.stick(visit, code, true),
        }
    }

    /// The first flow that holds, else the default.
    fn choose(&mut self, visit: u64, default: Option<usize>) {
        let element = self.token(visit).element;
        let all = self.outgoing(element);
        let mut taken = default.filter(|_| self.fault == Fault::DefaultFirst);
        for &flow in all.iter().filter(|&&flow| Some(flow) != default) {
            if taken.is_some() {
                break;
            }
            match self.holds(flow) {
                Ok(true) => taken = Some(flow),
                Ok(false) => {}
                Err(code) => return self.stick(visit, code, false),
            }
        }
        let mut flows: Vec<usize> = taken.or(default).into_iter().collect();
        if flows.is_empty() && !all.is_empty() {
            return self.stick(visit, "no-flow", false);
        }
        if self.fault == Fault::AllFlowsOfChoice {
            flows = all.into_iter().filter(|&flow| self.holds(flow) == Ok(true)).collect();
        }
        match self.leads(element, &flows) {
            Ok(()) => self.leave(visit, &flows),
            Err(code) => self.stick(visit, code, false),
        }
    }

    /// One token of every incoming flow, the oldest of each.
    fn join(&mut self, visit: u64) {
        let Token { element, scope, flow: came_by, .. } = *self.token(visit);
        let mut others = vec![];
        for flow in self.process.elements[element].incoming.iter().map(|flow| flow.at()) {
            if Some(flow) == came_by {
                continue;
            }
            let waits = |token: &&Token| {
                let here = token.element == element && token.scope == scope && token.state == State::Join;
                here && token.flow == Some(flow)
            };
            match self.tokens.iter().find(waits) {
                Some(token) => others.push(token.visit),
                None if self.fault == Fault::JoinPassesOne => {}
                None => return self.token(visit).state = State::Join,
            }
        }
        let flows = self.outgoing(element);
        if let Err(code) = self.leads(element, &flows) {
            return self.stick(visit, code, false);
        }
        let all = self.fault == Fault::JoinTakesAll;
        self.tokens.retain(|token| {
            let surplus = token.element == element && token.scope == scope && token.state == State::Join;
            !(others.contains(&token.visit) || all && surplus)
        });
        self.leave(visit, &flows);
    }

    fn open(&mut self, visit: u64, inside: usize) {
        let here: Vec<usize> = (0..self.process.elements.len())
            .filter(|&at| self.process.elements[at].scope.at() == inside)
            .collect();
        let kind = |at: usize| &self.process.elements[at].kind;
        let by_itself =
            here.iter().copied().find(|&at| matches!(kind(at), Kind::StartEvent(StartEvent::None)));
        let starts: Vec<usize> = match by_itself {
            Some(start) => vec![start],
            None => {
                let first = |at: &usize| self.process.elements[*at].incoming.is_empty();
                here.iter()
                    .copied()
                    .filter(first)
                    .filter(|&at| !matches!(kind(at), Kind::StartEvent(_)))
                    .collect()
            }
        };
        if here.is_empty() {
            return self.move_on(visit);
        }
        if starts.is_empty() {
            return self.stick(visit, "no-start", false);
        }
        self.token(visit).state = State::Inside;
        for start in starts {
            self.enter(start, visit, None);
        }
    }

    fn leave(&mut self, visit: u64, flows: &[usize]) {
        let scope = self.token(visit).scope;
        self.tokens.retain(|token| token.visit != visit);
        for &flow in flows {
            let target = self.flow(flow).target.unwrap().at();
            self.enter(target, scope, Some(flow));
        }
        if flows.is_empty() && self.fault == Fault::ScopeEndsWithFirst && scope != 0 {
            self.end_inside(scope);
        }
        self.close(scope);
    }

    fn close(&mut self, scope: u64) {
        if self.tokens.iter().any(|token| token.scope == scope) {
            return;
        }
        match scope {
            0 => self.phase = Phase::Completed,
            around => self.queue.push_back((around, true)),
        }
    }

    /// Ends every token inside, however deep.
    fn end_inside(&mut self, scope: u64) {
        let mut gone = vec![scope];
        while let Some(scope) = gone.pop() {
            gone.extend(self.tokens.iter().filter(|token| token.scope == scope).map(|token| token.visit));
            let ended = |visit: u64, tokens: &[Token]| {
                tokens.iter().any(|token| token.visit == visit && token.scope == scope)
            };
            self.incidents.retain(|incident| !ended(incident.1, &self.tokens));
            self.tokens.retain(|token| token.scope != scope);
        }
    }

    fn terminate(&mut self, visit: u64) {
        let scope = if self.fault == Fault::TerminateEndsProcess { 0 } else { self.token(visit).scope };
        self.end_inside(scope);
        match scope {
            0 => self.phase = Phase::Terminated,
            around => self.queue.push_back((around, true)),
        }
    }
}
