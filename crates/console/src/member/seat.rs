//! Where the members of a request are: on what its path names.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use store::role::Place;
use store::{Scope, Tx};
use uuid::Uuid;

use crate::Console;
use crate::call::{Caller, Site};
use crate::problem::Problem;

/// A request about members: of a project, a workspace or an organization, whose rights the guard asked.
pub(crate) struct Seat {
    pub(crate) site: Site,
    place: Place,
    scope: Option<Scope>,
}

impl FromRequestParts<Arc<Console>> for Seat {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, console: &Arc<Console>) -> Result<Self, Problem> {
        let site = Site::from_request_parts(parts, console).await?;
        let scope = parts.extensions.get::<Scope>().copied();
        let place = match (scope, site.id("workspaceId"), site.id("organizationId")) {
            (Some(scope), ..) => Place::Project(scope.project),
            (None, Ok(id), _) => Place::Workspace(id),
            (None, _, Ok(id)) => Place::Organization(id),
            (None, Err(problem), Err(_)) => return Err(problem),
        };
        Ok(Seat { site, place, scope })
    }
}

impl Seat {
    /// The place, the project of its audit entries, and who asks.
    pub(super) fn parts(self) -> (Arc<Console>, Chair) {
        let project = self.scope.map(|scope| scope.project);
        (self.site.console, Chair { place: self.place, project, scope: self.scope, caller: self.site.caller })
    }

    /// The user that the path names.
    pub(super) fn user(&self) -> Result<Uuid, Problem> {
        self.site.id("userId")
    }
}

/// What goes into a transaction.
pub(super) struct Chair {
    pub(super) place: Place,
    pub(super) project: Option<Uuid>,
    scope: Option<Scope>,
    pub(super) caller: Caller,
}

impl Chair {
    /// The place and what is above it: roles given there count here too.
    pub(super) async fn with_above(&self, tx: &mut Tx) -> Result<Vec<Place>, Problem> {
        let mut places = vec![self.place];
        match (self.place, self.scope) {
            (_, Some(scope)) => {
                places.extend([Place::Workspace(scope.workspace), Place::Organization(scope.organization)]);
            }
            (Place::Workspace(id), None) => {
                let found = store::organization::workspace(tx, id).await?.ok_or_else(Problem::not_found)?;
                let above = Uuid::parse_str(&found.organization_id)
                    .map_err(|_| Problem::internal("a stored id is not a UUID"))?;
                places.push(Place::Organization(above));
            }
            _ => {}
        }
        Ok(places)
    }

    /// Writes the audit entry about a member.
    pub(super) async fn audit(
        &self,
        tx: &mut Tx,
        at: i64,
        (action, user): (&str, Uuid),
        mut detail: serde_json::Value,
    ) -> Result<(), Problem> {
        let (level, id) = self.place.texts();
        detail["level"] = level.into();
        detail["targetId"] = id.into();
        self.caller.audit(tx, (self.project, at), (action, &user.to_string()), detail).await
    }
}
