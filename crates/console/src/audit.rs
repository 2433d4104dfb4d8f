//! Who did what to which thing, when, from where: of a project, and of the whole installation.

pub(crate) mod export;
pub(crate) mod list;
mod table;
pub(crate) mod verify;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use store::audit::Filter;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::clock;
use crate::page;
use crate::problem::Problem;

/// An entry of the audit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditEntry {
    id: String,
    at: String,
    /// The project it happened in; `null` for the installation.
    #[schema(required)]
    project_id: Option<String>,
    /// Who; `null` for Forebay itself, and for somebody who failed to sign in.
    #[schema(required)]
    user_id: Option<String>,
    /// That user's e-mail, as it is now.
    #[schema(required)]
    email: Option<String>,
    /// The token that was presented.
    #[schema(required)]
    token_id: Option<String>,
    /// The session that was presented.
    #[schema(required)]
    session_id: Option<String>,
    /// What was done: `trigger.reveal-url`, `commit.create`, …
    action: String,
    /// The id of the thing.
    target: String,
    /// What a reader needs to understand it.
    #[schema(value_type = Object)]
    detail: Box<RawValue>,
    /// The other end of the connection.
    #[schema(required)]
    source_address: Option<String>,
    /// `x-request-id` of the answer.
    #[schema(required)]
    request_id: Option<String>,
}

impl From<store::audit::Entry> for AuditEntry {
    fn from(row: store::audit::Entry) -> Self {
        AuditEntry {
            id: row.id,
            at: clock::show(row.at),
            project_id: row.project_id,
            user_id: row.user_id,
            email: row.email,
            token_id: row.token_id,
            session_id: row.session_id,
            action: row.action,
            target: row.target,
            detail: RawValue::from_string(row.detail).unwrap_or_default(),
            source_address: row.source_address,
            request_id: row.request_id,
        }
    }
}

/// Which entries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// At most this many items.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// `nextCursor` of the page before.
    #[param(min_length = 1)]
    cursor: Option<String>,
    /// By the user with this id.
    user_id: Option<String>,
    /// Of this action: `trigger.reveal-url`.
    action: Option<String>,
    /// About the thing with this id.
    target: Option<String>,
    /// Not before this time (RFC 3339).
    from: Option<String>,
    /// Before this time (RFC 3339).
    to: Option<String>,
}

/// Which entries, and in which form.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportQuery {
    /// `ndjson` (one entry a line, as lists show it) or `csv`.
    #[param(default = "ndjson", pattern = "^(ndjson|csv)$")]
    format: Option<String>,
    /// By the user with this id.
    user_id: Option<String>,
    /// Of this action: `trigger.reveal-url`.
    action: Option<String>,
    /// About the thing with this id.
    target: Option<String>,
    /// Not before this time (RFC 3339).
    from: Option<String>,
    /// Before this time (RFC 3339).
    to: Option<String>,
}

impl AuditQuery {
    fn filter(&mut self, project: Option<Uuid>) -> Result<Filter, Problem> {
        Ok(Filter {
            project,
            user: page::filter("userId", self.user_id.take())?,
            action: page::filter("action", self.action.take())?,
            target: page::filter("target", self.target.take())?,
            span: page::span(self.from.as_deref(), self.to.as_deref())?,
        })
    }
}

impl ExportQuery {
    fn filter(self, project: Option<Uuid>) -> Result<Filter, Problem> {
        let ExportQuery { format: _, user_id, action, target, from, to } = self;
        AuditQuery { user_id, action, target, from, to, ..AuditQuery::default() }.filter(project)
    }
}
