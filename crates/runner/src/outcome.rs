//! What a start came to.

use engine::{Instance, Status, Step};
use store::incident::Incident;

/// Why something did not start, for people, with a stable word to filter by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// A stable word.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub text: String,
    /// The element at fault.
    pub element: Option<String>,
}

impl Fault {
    pub(crate) fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self { code, text: text.into(), element: None }
    }
}

/// An instance after a step, as texts for the store.
#[derive(Clone, Debug)]
pub(crate) struct Ran {
    pub status: Status,
    pub variables: String,
    pub state: String,
    /// The step's events, a JSON array.
    pub events: String,
    /// The first open incident.
    pub incident: Option<Fault>,
    /// Every open incident, as rows.
    pub incidents: Vec<Incident>,
    /// Element visits of the step.
    pub visits: u32,
}

impl Ran {
    pub(crate) fn of(step: &Step) -> Result<Self, Fault> {
        let events = serde_json::to_string(&step.events)
            .map_err(|e| Fault::new("engine-fault", format!("the history cannot be written: {e}")))?;
        let Step { instance, visits, .. } = step;
        Ok(Self {
            status: instance.status(),
            variables: instance.variables().to_json(),
            state: instance.state_json(),
            events,
            incident: incident(instance),
            incidents: incidents(instance),
            visits: *visits,
        })
    }
}

/// The first open incident of an instance.
fn incident(instance: &Instance) -> Option<Fault> {
    let first = instance.incidents().next()?;
    Some(Fault {
        code: first.code.as_str(),
        text: first.message.clone(),
        element: Some(first.element.clone()),
    })
}

/// The open incidents of an instance, as rows.
pub(crate) fn incidents(instance: &Instance) -> Vec<Incident> {
    let all = instance.incidents().map(|incident| Incident {
        number: i64::try_from(incident.number).unwrap_or(i64::MAX),
        code: incident.code.as_str().to_owned(),
        message: incident.message.clone(),
        element_id: Some(incident.element.clone()),
    });
    all.collect()
}

/// The row of an instance that could not begin.
pub(crate) fn unstartable(fault: &Fault) -> Incident {
    Incident {
        number: 0,
        code: fault.code.to_owned(),
        message: fault.text.clone(),
        element_id: fault.element.clone(),
    }
}

/// What became of one event and one process definition.
#[derive(Clone, Debug)]
pub(crate) enum StartResult {
    /// The first step ran: to a wait state, the end or an incident.
    Ran(Box<Ran>),
    /// The instance cannot begin: the definition does not load, or a limit. It is kept, with an incident.
    Unstartable {
        /// Why.
        fault: Fault,
        /// Its variables, JSON text.
        variables: String,
    },
    /// The engine crashed on it: there is no instance.
    Crashed(Fault),
}

impl StartResult {
    /// The fault, if the first wait state or end was not reached.
    pub(crate) fn fault(&self) -> Option<&Fault> {
        match self {
            StartResult::Ran(ran) => ran.incident.as_ref(),
            StartResult::Unstartable { fault, .. } | StartResult::Crashed(fault) => Some(fault),
        }
    }

    pub(crate) fn makes_instance(&self) -> bool {
        !matches!(self, StartResult::Crashed(_))
    }
}

/// One start of one event.
#[derive(Clone, Debug)]
pub(crate) struct Start {
    pub instance_id: String,
    pub process_definition_id: String,
    pub resource_version_id: String,
    pub result: StartResult,
}
