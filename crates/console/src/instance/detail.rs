//! What is shown of an instance beside its row: variables, tokens, incidents.

use serde::Serialize;
use utoipa::ToSchema;

use super::Instance;
use super::trail::Visit;

/// A process instance with its state.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InstanceDetail {
    #[serde(flatten)]
    pub(super) instance: Instance,
    /// Names and sizes; the values are at `…/variables/{name}`.
    pub(super) variables: Vec<VariableSummary>,
    /// Where it stands.
    pub(super) tokens: Vec<TokenAt>,
    /// What keeps it from going on.
    pub(super) incidents: Vec<Incident>,
    /// Every visit of an element, in order; at most 10,000.
    pub(super) trail: Vec<Visit>,
    /// Whether there are more visits than the trail shows.
    pub(super) trail_truncated: bool,
}

/// A variable without its value.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VariableSummary {
    name: String,
    /// Bytes of its JSON text.
    size: usize,
}

/// A token of an instance.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TokenAt {
    /// The visit, as in the trail.
    visit: u64,
    element_id: String,
    /// The visit of the subprocess around it; `null` for the process itself.
    #[schema(required)]
    scope: Option<u64>,
    /// The flow it came by.
    #[schema(required)]
    flow_id: Option<String>,
}

/// What keeps an element from going on.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Incident {
    /// 1, 2, 3 … in the instance.
    number: u64,
    /// The visit, as in the trail.
    visit: u64,
    element_id: String,
    /// What it is, for programs.
    code: &'static str,
    /// What it is and what to do, for people.
    message: String,
    /// The flow whose condition failed.
    #[schema(required)]
    flow_id: Option<String>,
    /// The expression that was evaluated.
    #[schema(required)]
    expression: Option<String>,
    /// Line in the script, from 1.
    #[schema(required)]
    line: Option<u32>,
    /// Column in that line, from 1.
    #[schema(required)]
    column: Option<u32>,
}

pub(super) fn variables(instance: &engine::Instance) -> Vec<VariableSummary> {
    let all = instance.variables().iter();
    all.map(|(name, text)| VariableSummary { name: name.to_string(), size: text.len() }).collect()
}

pub(super) fn tokens(instance: &engine::Instance) -> Vec<TokenAt> {
    let all = instance.tokens().map(|(visit, token)| TokenAt {
        visit,
        element_id: token.element.clone(),
        scope: (token.scope != 0).then_some(token.scope),
        flow_id: token.flow.clone(),
    });
    all.collect()
}

pub(crate) fn incidents(instance: &engine::Instance) -> Vec<Incident> {
    let all = instance.incidents().map(|incident| Incident {
        number: incident.number,
        visit: incident.visit,
        element_id: incident.element.clone(),
        code: incident.code.as_str(),
        message: incident.message.clone(),
        flow_id: incident.flow.clone(),
        expression: incident.expression.clone(),
        line: incident.line,
        column: incident.column,
    });
    all.collect()
}
