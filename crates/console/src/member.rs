//! Members: who has which roles on an organization, a workspace or a project.

mod assign;
pub(crate) mod last_admin;
pub(crate) mod organization;
pub(crate) mod project;
mod seat;
mod standing;
pub(crate) mod workspace;

use axum::Json;
use axum::http::{HeaderName, HeaderValue, header};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use standing::Standing;

use crate::{clock, etag};

/// A user with their roles on one organization, workspace or project. What they may is the union of the roles.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Member {
    user_id: String,
    email: String,
    name: String,
    /// Whether the user may not sign in.
    disabled: bool,
    /// Where the roles are given: `organization`, `workspace` or `project`. A list has those above it too.
    level: String,
    /// The id of the organization, workspace or project where the roles are given.
    target_id: String,
    /// Some of `viewer`, `editor`, `operator` and `admin`, in this order; at least one.
    roles: Vec<&'static str>,
    /// Whether payloads may be read beside what the roles say.
    payload: bool,
    /// When the first of the roles was given.
    created_at: String,
    updated_at: String,
}

impl From<store::role::Member> for Member {
    fn from(row: store::role::Member) -> Self {
        let Standing { roles, payload } = Standing::of(&row);
        Member {
            user_id: row.user_id,
            email: row.email,
            name: row.name,
            disabled: row.disabled != 0,
            level: row.level,
            target_id: row.target_id,
            roles,
            payload,
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
    /// One or more of `viewer`, `editor`, `operator` and `admin`. What the user has there already stays.
    #[schema(min_items = 1)]
    roles: Vec<String>,
    /// `true`: payloads may be read beside what the roles say. `false` takes nothing away.
    #[serde(default)]
    payload: bool,
}

/// What to change of a member; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct MemberChange {
    /// One or more of `viewer`, `editor`, `operator` and `admin`: those that the member has then, and no others.
    #[schema(min_items = 1)]
    roles: Option<Vec<String>>,
    /// Whether payloads may be read beside what the roles say.
    payload: Option<bool>,
}

/// A member with their tag.
type Tagged = ([(HeaderName, HeaderValue); 1], Json<Member>);

/// The tag covers all roles: a change of one is a change of the member. A role that was taken away and given again is
/// another one.
fn tag(row: &store::role::Member) -> String {
    Sha256::digest(&row.version).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn tagged(row: store::role::Member) -> Tagged {
    ([(header::ETAG, etag::tag(&tag(&row)))], Json(row.into()))
}
