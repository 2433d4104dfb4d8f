//! Projects.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod read;
pub(crate) mod rename;

use axum::Json;
use axum::http::{HeaderName, HeaderValue, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{clock, etag};

/// A project.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Project {
    id: String,
    organization_id: String,
    workspace_id: String,
    name: String,
    created_at: String,
    updated_at: String,
}

/// The name of a project.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ProjectName {
    /// 1 to 100 printable characters; unique in the workspace without regard to case.
    #[schema(min_length = 1, max_length = 100)]
    pub(crate) name: String,
}

impl From<store::project::Project> for Project {
    fn from(row: store::project::Project) -> Self {
        Project {
            id: row.id,
            organization_id: row.organization_id,
            workspace_id: row.workspace_id,
            name: row.name,
            created_at: clock::show(row.created_at),
            updated_at: clock::show(row.updated_at),
        }
    }
}

/// A project with its tag.
type Tagged = ([(HeaderName, HeaderValue); 1], Json<Project>);

fn tagged(row: store::project::Project) -> Tagged {
    ([(header::ETAG, etag::tag(&row.revision.to_string()))], Json(row.into()))
}

/// The form in which two names that differ only in case are equal.
fn folded(name: &str) -> String {
    name.to_uppercase().to_lowercase()
}
