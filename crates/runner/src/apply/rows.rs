//! From outcomes to rows.

use engine::Status;
use store::failed_trigger::{FailedTrigger, OPEN, Stage};
use store::instance::{HistoryRow, InstanceRow};
use uuid::Uuid;

use crate::envelope::record_headers_json;
use crate::intake::Taken;
use crate::outcome::{Fault, Start, StartResult, unstartable};

/// Where an instance comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'a> {
    /// The event.
    pub taken: &'a Taken,
    /// The commit that ran.
    pub commit: &'a str,
    /// 1, and one more for each Retry.
    pub attempt: i64,
    /// Milliseconds since the epoch.
    pub now: i64,
}

/// The rows of a new instance; none if the engine crashed on it.
pub(crate) fn instance_rows(origin: &Origin<'_>, start: &Start) -> Option<(InstanceRow, HistoryRow)> {
    let (status, variables, state, events) = match &start.result {
        StartResult::Ran(ran) => (ran.status, ran.variables.clone(), ran.state.clone(), ran.events.clone()),
        StartResult::Unstartable { variables, .. } => {
            (Status::New, variables.clone(), engine::Instance::new().state_json(), "[]".to_owned())
        }
        StartResult::Crashed(_) => return None,
    };
    let taken = origin.taken;
    let row = InstanceRow {
        id: start.instance_id.clone(),
        project_id: taken.project.clone(),
        process_definition_id: start.process_definition_id.clone(),
        resource_version_id: start.resource_version_id.clone(),
        commit_id: origin.commit.to_owned(),
        data_source_id: Some(taken.data_source.clone()),
        event_id: Some(taken.event_id.clone()),
        event_key: Some(taken.event_key.clone()),
        status: status.as_str().to_owned(),
        variables,
        state,
        version: 1,
        attempt: origin.attempt,
        replaced_by: None,
        created_at: origin.now,
        updated_at: origin.now,
        ended_at: status.is_ended().then_some(origin.now),
        incidents: match &start.result {
            StartResult::Ran(ran) => ran.incidents.clone(),
            StartResult::Unstartable { fault, .. } => vec![unstartable(fault)],
            StartResult::Crashed(_) => Vec::new(),
        },
    };
    let history = HistoryRow { instance_id: row.id.clone(), step: 1, at: origin.now, events };
    Some((row, history))
}

/// The row of a failed trigger: of one start, or (without one) of the event as a whole.
pub(crate) fn failed_trigger(
    origin: &Origin<'_>,
    stage: Stage,
    start: Option<&Start>,
    fault: &Fault,
) -> FailedTrigger {
    let taken = origin.taken;
    FailedTrigger {
        id: Uuid::now_v7().to_string(),
        project_id: taken.project.clone(),
        data_source_id: taken.data_source.clone(),
        process_definition_id: start.map(|start| start.process_definition_id.clone()),
        instance_id: start
            .filter(|start| start.result.makes_instance())
            .map(|start| start.instance_id.clone()),
        commit_id: (!origin.commit.is_empty()).then(|| origin.commit.to_owned()),
        event_id: taken.event_id.clone(),
        event_key: taken.event_key.clone(),
        event_time: taken.time,
        stage: stage.as_str().to_owned(),
        cause_code: fault.code.to_owned(),
        cause: fault.text.clone(),
        element_id: fault.element.clone(),
        record_headers: record_headers_json(&taken.record.headers),
        payload: taken.record.value.to_vec(),
        status: OPEN.to_owned(),
        attempt: origin.attempt,
        created_at: origin.now,
        updated_at: origin.now,
    }
}
