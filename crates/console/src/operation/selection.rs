//! Which rows an operation is about: named ones, or all that a filter means.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::page;
use crate::problem::Problem;

/// The most rows that can be named one by one.
const MAX_IDS: usize = 1_000;

/// Which failed triggers: exactly one of `ids` and `filter`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct FailedTriggerSelection {
    /// These; what is none of the project's is passed over.
    #[schema(min_items = 1, max_items = 1_000)]
    ids: Option<Vec<Uuid>>,
    /// All that it means at this moment; `{}` is every one of the project.
    filter: Option<FailedTriggerFilter>,
}

/// Failed triggers that are alike: the fields of a group name all of it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct FailedTriggerFilter {
    data_source_id: Option<Uuid>,
    process_definition_id: Option<Uuid>,
    /// `gateway`, `match` or `start`.
    #[schema(pattern = "^(gateway|match|start)$")]
    stage: Option<String>,
    #[schema(max_length = 512)]
    cause_code: Option<String>,
    /// `open` or `retried`.
    #[schema(pattern = "^(open|retried)$")]
    status: Option<String>,
    /// Made not before this time (RFC 3339).
    #[schema(format = DateTime)]
    from: Option<String>,
    /// Made before this time (RFC 3339).
    #[schema(format = DateTime)]
    to: Option<String>,
}

/// Which incidents: exactly one of `ids` and `filter`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct IncidentSelection {
    /// These; what is none of the project's is passed over.
    #[schema(min_items = 1, max_items = 1_000)]
    ids: Option<Vec<Uuid>>,
    /// All that it means at this moment; `{}` is every open one of the project.
    filter: Option<IncidentFilter>,
}

/// Incidents that are alike.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct IncidentFilter {
    process_definition_id: Option<Uuid>,
    #[schema(max_length = 512)]
    cause_code: Option<String>,
    /// Raised not before this time (RFC 3339).
    #[schema(format = DateTime)]
    from: Option<String>,
    /// Raised before this time (RFC 3339).
    #[schema(format = DateTime)]
    to: Option<String>,
}

/// A selection as it stands in the row; absent fields ask for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
#[schema(as = OperationFilter)]
pub(crate) struct Stored {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ids: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data_source_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) process_definition_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stage: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cause_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<String>,
    /// Not before, milliseconds since the epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from_ms: Option<i64>,
    /// Before, milliseconds since the epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) to_ms: Option<i64>,
}

impl Stored {
    /// For the audit: a thousand ids are a number there.
    pub(crate) fn brief(&self) -> serde_json::Value {
        let ids = self.ids.as_ref().map(Vec::len);
        let mut brief = serde_json::to_value(Stored { ids: None, ..self.clone() }).unwrap_or_default();
        if let Some(ids) = ids {
            brief["ids"] = ids.into();
        }
        brief
    }
}

/// A selection that was checked.
pub(crate) enum Chosen {
    /// Ascending and different.
    Ids(Vec<String>),
    /// All that these fields mean.
    Filter(Stored),
}

fn chosen<F>(
    ids: Option<Vec<Uuid>>,
    filter: Option<F>,
    read: impl FnOnce(F) -> Result<Stored, Problem>,
) -> Result<Chosen, Problem> {
    match (ids, filter) {
        (Some(ids), None) if (1..=MAX_IDS).contains(&ids.len()) => {
            let mut ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
            ids.sort();
            ids.dedup();
            Ok(Chosen::Ids(ids))
        }
        (Some(_), None) => {
            Err(Problem::field("ids", "length", "must be 1 to 1,000 ids; for more use a filter"))
        }
        (None, Some(filter)) => Ok(Chosen::Filter(read(filter)?)),
        _ => Err(Problem::field("", "one-of", "exactly one of ids and filter must be given")),
    }
}

impl FailedTriggerSelection {
    pub(crate) fn chosen(self) -> Result<Chosen, Problem> {
        chosen(self.ids, self.filter, |filter| {
            let span = page::span_of(("filter/from", filter.from), ("filter/to", filter.to))?;
            Ok(Stored {
                ids: None,
                data_source_id: filter.data_source_id.map(|id| id.to_string()),
                process_definition_id: filter.process_definition_id.map(|id| id.to_string()),
                stage: page::one_of("filter/stage", filter.stage, &["gateway", "match", "start"])?,
                cause_code: page::filter("filter/causeCode", filter.cause_code)?,
                status: page::one_of("filter/status", filter.status, &["open", "retried"])?,
                from_ms: span.from,
                to_ms: span.to,
            })
        })
    }
}

impl IncidentSelection {
    pub(crate) fn chosen(self) -> Result<Chosen, Problem> {
        chosen(self.ids, self.filter, |filter| {
            let span = page::span_of(("filter/from", filter.from), ("filter/to", filter.to))?;
            Ok(Stored {
                process_definition_id: filter.process_definition_id.map(|id| id.to_string()),
                cause_code: page::filter("filter/causeCode", filter.cause_code)?,
                from_ms: span.from,
                to_ms: span.to,
                ..Stored::default()
            })
        })
    }
}
