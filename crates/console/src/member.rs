//! Members: who has which role on an organization, a workspace or a project.

mod assign;
pub(crate) mod last_admin;
pub(crate) mod organization;
pub(crate) mod project;
mod seat;
pub(crate) mod workspace;

use axum::Json;
use axum::http::{HeaderName, HeaderValue, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::ROLES;
use crate::problem::Problem;
use crate::{clock, etag};

/// A role of a user.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Member {
    user_id: String,
    email: String,
    name: String,
    /// Whether the user may not sign in.
    disabled: bool,
    /// Where the role is given: `organization`, `workspace` or `project`. A list has those above it too.
    level: String,
    /// The id of the organization, workspace or project where the role is given.
    target_id: String,
    /// `viewer`, `editor`, `operator` or `admin`.
    role: String,
    /// Whether payloads may be read beside what the role says.
    payload: bool,
    created_at: String,
    updated_at: String,
}

impl From<store::role::Member> for Member {
    fn from(row: store::role::Member) -> Self {
        Member {
            user_id: row.user_id,
            email: row.email,
            name: row.name,
            disabled: row.disabled != 0,
            level: row.level,
            target_id: row.target_id,
            role: row.role,
            payload: row.payload != 0,
            created_at: clock::show(row.created_at),
            updated_at: clock::show(row.updated_at),
        }
    }
}

/// Who is to be a member: one of `userId` and `email` names the user.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewMember {
    user_id: Option<Uuid>,
    /// Upper and lower case are the same.
    email: Option<String>,
    /// `viewer`, `editor`, `operator` or `admin`.
    role: String,
    /// Whether payloads may be read beside what the role says; `false` if left out.
    #[serde(default)]
    payload: bool,
}

/// What to change of a member; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct MemberChange {
    /// `viewer`, `editor`, `operator` or `admin`.
    role: Option<String>,
    /// Whether payloads may be read beside what the role says.
    payload: Option<bool>,
}

/// A member with their tag.
type Tagged = ([(HeaderName, HeaderValue); 1], Json<Member>);

/// The tag names the assignment too: a role that was taken away and given again is another one.
fn tag(row: &store::role::Member) -> String {
    format!("{}.{}", row.id, row.revision)
}

fn tagged(row: store::role::Member) -> Tagged {
    ([(header::ETAG, etag::tag(&tag(&row)))], Json(row.into()))
}

/// The role of this name.
fn role(text: &str) -> Result<&'static str, Problem> {
    let found = ROLES.iter().find(|(_, name, _)| *name == text).map(|(_, name, _)| *name);
    found.ok_or_else(|| Problem::field("role", "unknown", "must be viewer, editor, operator or admin"))
}
