//! The model that the engine runs: one [`Process`] of a file, with ids turned into indices.
//!
//! Everything the file says about flow is here, also elements that do not run yet: `check` names
//! them, the engine never meets them. The original XML stays the truth for people and other tools.

use serde::{Deserialize, Serialize};

macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// The index as the position in its vector.
            pub fn at(self) -> usize {
                self.0 as usize
            }
        }
    };
}

index!(
    /// Position of an element in [`Process::elements`].
    ElementIx
);
index!(
    /// Position of a sequence flow in [`Process::flows`].
    FlowIx
);
index!(
    /// Position of a scope in [`Process::scopes`]; 0 is the process itself.
    ScopeIx
);

/// The scope of the process itself.
pub const ROOT: ScopeIx = ScopeIx(0);

/// All processes of one BPMN file, in document order (BPMN 2.0.2 clause 8.1, *Definitions*).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Definitions {
    /// Every `process` of the file; pools without a process have none.
    pub processes: Vec<Process>,
    /// Event definitions at the top of the file, which events name by `eventDefinitionRef`.
    pub shared_event_definitions: Vec<SharedEventDefinition>,
    /// References that lead to nothing usable; `check` names them.
    pub unresolved: Vec<Unresolved>,
    /// Triggers of our namespace that trigger nothing; `check` names them.
    pub stray_triggers: Vec<StrayTrigger>,
    /// Each id that stands on more than one element, once.
    pub duplicate_ids: Vec<String>,
}

/// An event definition beside the processes, for several events to share (clause 10.5.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedEventDefinition {
    /// The `id` attribute; without one nothing can refer to it.
    pub id: Option<String>,
    /// The XML local name: `messageEventDefinition`, …
    pub tag: String,
    /// The ids of the events that refer to it, in document order, once for each reference.
    pub used_by: Vec<String>,
}

/// A `<forebay:processTrigger>` without effect: not on a message start event, or one too many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StrayTrigger {
    /// The position in [`Definitions::processes`] of the process that the element stands in.
    pub process: usize,
    /// The element that it stands on.
    pub element: ElementIx,
}

/// A reference that cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unresolved {
    /// The position in [`Definitions::processes`] of the process that the element stands in.
    pub process: usize,
    /// The id of the element that refers.
    pub element: String,
    /// The attribute or child that holds the reference.
    pub reference: Reference,
    /// What it says; `None` where it is missing.
    pub value: Option<String>,
    /// What is wrong with it.
    pub fault: ReferenceFault,
}

/// Where a reference stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// `sourceRef` of a sequence flow.
    Source,
    /// `targetRef` of a sequence flow.
    Target,
    /// `default` of an exclusive gateway.
    Default,
    /// `attachedToRef` of a boundary event.
    AttachedTo,
    /// `eventDefinitionRef` of an event.
    EventDefinition,
}

/// Why a reference cannot be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceFault {
    /// The attribute is not there.
    Missing,
    /// No element of the file has this id.
    Nowhere,
    /// The element stands in another process.
    OtherProcess,
    /// There is such an element, but not of a kind that may be named here.
    WrongKind,
}

/// One process (BPMN 2.0.2 clause 10), flattened: elements of all subprocesses stand in one vector.
#[derive(Clone, Debug, PartialEq)]
pub struct Process {
    /// The `id` attribute; unique in the file.
    pub id: String,
    /// The `name` attribute.
    pub name: Option<String>,
    /// `isExecutable`: `None` where the file does not say.
    pub is_executable: Option<bool>,
    /// Every flow node, in document order.
    pub elements: Vec<Element>,
    /// Every sequence flow, in document order.
    pub flows: Vec<Flow>,
    /// The process (index 0) and every subprocess in it.
    pub scopes: Vec<Scope>,
}

/// A process or an embedded subprocess: what holds tokens and ends when its last one does.
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    /// The subprocess element; `None` for the process itself.
    pub element: Option<ElementIx>,
    /// The scope around this one; `None` for the process itself.
    pub parent: Option<ScopeIx>,
    /// Start events directly in this scope, in document order.
    pub starts: Vec<ElementIx>,
    /// Every element directly in this scope.
    pub elements: Vec<ElementIx>,
}

/// A flow node.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// The `id` attribute.
    pub id: String,
    /// The `name` attribute, as drawn.
    pub name: Option<String>,
    /// The scope the element stands in.
    pub scope: ScopeIx,
    /// What it is.
    pub kind: Kind,
    /// Sequence flows that end here, in document order.
    pub incoming: Vec<FlowIx>,
    /// Sequence flows that begin here, in document order.
    pub outgoing: Vec<FlowIx>,
}

/// What a flow node is. A kind that does not run yet is kept as [`Kind::Other`].
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Start event; the definition tells none from message.
    StartEvent(StartEvent),
    /// End event: none or terminate.
    EndEvent(EndEvent),
    /// Exclusive gateway (clause 13.4.2).
    ExclusiveGateway {
        /// The flow taken when no condition is true.
        default: Option<FlowIx>,
    },
    /// Parallel gateway (clause 13.4.1).
    ParallelGateway,
    /// Script task (clause 10.3.3).
    ScriptTask(Script),
    /// Embedded subprocess (clause 10.3.5); its inside is [`Process::scopes`] at this index.
    SubProcess(ScopeIx),
    /// An element that the engine does not run. `check` names it.
    Other(Other),
}

/// A start event that runs.
#[derive(Clone, Debug, PartialEq)]
pub enum StartEvent {
    /// No event definition.
    None,
    /// A message event definition, with the trigger of our namespace if there is one.
    Message(Option<ProcessTrigger>),
}

/// An end event that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndEvent {
    /// Ends its token; the scope ends with its last.
    None,
    /// Ends the scope at once (clause 10.5.3).
    Terminate,
}

/// `<forebay:processTrigger>` in the extension elements of a message start event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessTrigger {
    /// `triggerType` as written: `incomingWebhook` is the one that runs.
    pub trigger_type: String,
    /// `dataSource` as written: the `resourceDefinitionId`, or nothing chosen yet.
    pub data_source: Option<String>,
}

/// The script of a script task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// `scriptFormat` as written; `javascript`, or nothing, runs.
    pub format: Option<String>,
    /// The text of `<script>`.
    pub source: String,
}

/// An element that does not run, named as the standard names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Other {
    /// The XML local name: `userTask`, `boundaryEvent`, …
    pub tag: String,
    /// Local names of its event definitions: `timerEventDefinition`, …
    pub event_definitions: Vec<String>,
    /// The inside, of subprocess-like elements (`transaction`, `adHocSubProcess`, event subprocess).
    pub scope: Option<ScopeIx>,
    /// The element that a boundary event is attached to.
    pub attached_to: Option<ElementIx>,
    /// What keeps an activity of a kind that runs from running; may stand on any activity.
    pub characteristic: Option<Characteristic>,
}

/// What an activity is beside its kind (clauses 10.3.8, 10.3.5 and 10.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Characteristic {
    /// `standardLoopCharacteristics`.
    StandardLoop,
    /// `multiInstanceLoopCharacteristics` with `isSequential="true"`.
    SequentialMultiInstance,
    /// `multiInstanceLoopCharacteristics`, parallel.
    ParallelMultiInstance,
    /// `isForCompensation="true"`.
    ForCompensation,
    /// `triggeredByEvent="true"`: an event subprocess.
    TriggeredByEvent,
}

/// A sequence flow (clause 8.3.13).
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// The `id` attribute.
    pub id: String,
    /// The `name` attribute.
    pub name: Option<String>,
    /// Where it begins; `None` where the file names nothing that exists (a check error).
    pub source: Option<ElementIx>,
    /// Where it ends; `None` where the file names nothing that exists (a check error).
    pub target: Option<ElementIx>,
    /// The scope that the flow stands in.
    pub scope: ScopeIx,
    /// `conditionExpression`.
    pub condition: Option<Condition>,
}

/// A condition on a sequence flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// `language` as written; `javascript`, or nothing, runs.
    pub language: Option<String>,
    /// The expression text, trimmed.
    pub source: String,
}

/// Names of JavaScript: the usual word, and the media types that BPMN 2.0.2 (clause 10.3.3, `scriptFormat`) asks for, of
/// RFC 9239.
const JAVASCRIPT: [&str; 6] = [
    "javascript",
    "text/javascript",
    "application/javascript",
    "ecmascript",
    "text/ecmascript",
    "application/ecmascript",
];

/// Whether a script's `scriptFormat` or a condition's `language` is one that runs: a name of JavaScript in any case, or
/// nothing (BPMN's own default, XPath, is what nobody means by it today).
pub fn is_javascript(language: Option<&str>) -> bool {
    let Some(name) = language.and_then(|text| text.split(';').next()).map(str::trim) else { return true };
    name.is_empty() || JAVASCRIPT.iter().any(|known| known.eq_ignore_ascii_case(name))
}
