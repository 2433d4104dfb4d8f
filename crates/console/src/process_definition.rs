//! Process definitions in a branch's work in progress, and their BPMN.

pub(crate) mod bpmn;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod read;
pub(crate) mod rename;
mod starter;
pub(crate) mod try_out;

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use store::resource::Kind;
use utoipa::ToSchema;

use crate::call::Connected;
use crate::problem::Problem;
use crate::selection::ResourceReference;
use crate::{clock, etag};

const KIND: Kind = Kind::ProcessDefinition;

/// The settings of a process version: none yet.
pub(crate) const SETTINGS: &str = "{}";

/// A process definition; its diagram is at `…/bpmn`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProcessDefinition {
    /// The same in all branches and commits.
    resource_definition_id: String,
    name: String,
    /// The data sources of the branch's work in progress that start it, by name.
    started_by: Vec<ResourceReference>,
    created_at: String,
    updated_at: String,
}

impl From<Connected> for ProcessDefinition {
    fn from((draft, started_by): Connected) -> Self {
        ProcessDefinition {
            resource_definition_id: draft.id,
            name: draft.name,
            started_by,
            created_at: clock::show(draft.created_at),
            updated_at: clock::show(draft.updated_at),
        }
    }
}

/// A process definition with its tag.
type Tagged = ([(HeaderName, HeaderValue); 1], Json<ProcessDefinition>);

fn tagged(one: Connected) -> Tagged {
    ([(header::ETAG, etag::tag(&one.0.version))], Json(one.into()))
}

/// A file may be wrong in any way that a check names, but it must be a BPMN file of at most 4 MiB. 422 with line
/// and column if it is none.
async fn require_readable(xml: Vec<u8>) -> Result<Vec<u8>, Problem> {
    let read = move || match ::bpmn::read(&xml) {
        Ok(_) => Ok(xml),
        Err(::bpmn::ReadError::TooLarge { .. }) => Err(Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "A process may have at most 4 MiB of XML.",
        )),
        Err(e) => Err(Problem::unreadable_xml(&e)),
    };
    tokio::task::spawn_blocking(read)
        .await
        .map_err(|e| Problem::internal(format!("reading a process ended early: {e}")))?
}
