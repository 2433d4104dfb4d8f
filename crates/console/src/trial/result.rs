//! What a trial shows.

use serde::Serialize;
use utoipa::ToSchema;

use crate::instance::Incident;

/// What a process did when it was tried.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Trial {
    /// `completed`, `terminated`, `incident`, or `active`: it waits for something.
    pub(super) status: &'static str,
    /// Every visit of an element in order, at most 10,000.
    pub(super) path: Vec<TrialVisit>,
    /// The sequence flows in the order in which they were taken.
    pub(super) flows: Vec<String>,
    /// The variables at the start: `webhookData`.
    pub(super) start_variables: Vec<TrialVariable>,
    /// The variables at the end.
    pub(super) variables: Vec<TrialVariable>,
    /// What keeps it from going on.
    pub(super) incidents: Vec<Incident>,
    /// Whether values were left out because all together are more than 4 MiB.
    pub(super) truncated: bool,
    /// How long it ran, in milliseconds.
    pub(super) duration_ms: u64,
}

/// One visit of an element.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TrialVisit {
    /// 1, 2, 3 …
    pub(super) visit: u64,
    pub(super) element_id: String,
    /// Its name as drawn.
    #[schema(required)]
    pub(super) element_name: Option<String>,
    /// The visit of the subprocess around it; `null` for the process itself.
    #[schema(required)]
    pub(super) scope: Option<u64>,
    /// The flow it came by; `null` for a start.
    #[schema(required)]
    pub(super) flow_id: Option<String>,
    /// `completed`, `joined` (into another token), `terminated` or `cancelled`; `null` if it stays there.
    #[schema(required)]
    pub(super) outcome: Option<&'static str>,
    /// The flows it left by.
    pub(super) flows: Vec<String>,
    /// The variables that it wrote, as they are after it; all others are as before.
    pub(super) variables: Vec<TrialVariable>,
    /// The numbers of the incidents that it had.
    pub(super) incidents: Vec<u64>,
}

/// A variable.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TrialVariable {
    pub(super) name: String,
    /// Its JSON text, byte for byte; `null` where it was left out.
    #[schema(required)]
    pub(super) json: Option<String>,
    /// Bytes of its JSON text.
    pub(super) size: usize,
}
