//! Making a project: with its branch `main` and the policy *latest commit on main*.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use store::role::Place;
use store::{Scope, Tx};
use utoipa::ToSchema;
use uuid::Uuid;
use webhook::ProjectName;

use super::{Project, Tagged, folded, tagged};
use crate::access::{Right, roles};
use crate::body::Body;
use crate::call::{Act, Caller, Site};
use crate::clock;
use crate::problem::{Fields, Problem};

/// The branch that every project begins with.
pub(crate) const MAIN: &str = "main";

/// A project to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewProject {
    /// 1 to 100 printable characters; unique in the workspace without regard to case.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// The workspace; may be left out where there is only one.
    workspace_id: Option<Uuid>,
}

/// Makes a project with a branch `main`.
#[utoipa::path(post, path = "/projects", operation_id = "createProject", tag = "Projects", request_body = NewProject,
    responses((status = 201, body = Project), (status = 409, description = "`name-taken`")))]
pub(crate) async fn create(site: Site, Body(new): Body<NewProject>) -> Result<(StatusCode, Tagged), Problem> {
    let mut fields = Fields::default();
    let name = fields.name("name", ProjectName::parse(&new.name));
    let name = fields.finish(name)?;
    let caller = site.caller;
    let made = site
        .console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let (organization, workspace) =
                    workspace(tx, &caller, new.workspace_id, Right::ProjectManage).await?;
                let scope = Scope { organization, workspace, project: Uuid::new_v4() };
                let act = Act { scope, caller, at: clock::now() };
                insert(tx, &act, &name).await?;
                act.audit(tx, "project.create", &scope.project_text(), json!({ "name": name.as_str() }))
                    .await?;
                Ok::<_, Problem>(store::project::read(tx, &scope).await?)
            })
        })
        .await?;
    Ok((StatusCode::CREATED, tagged(made)))
}

async fn insert(tx: &mut Tx, act: &Act, name: &ProjectName) -> Result<(), Problem> {
    make(tx, &act.scope, name, &act.stamp()).await.map(drop).map_err(Problem::name_taken("project"))
}

/// The rows of a new project.
pub(crate) async fn make(
    tx: &mut Tx,
    scope: &Scope,
    name: &ProjectName,
    stamp: &store::user::Stamp,
) -> store::Result<String> {
    store::project::insert(tx, scope, name.as_str(), &folded(name.as_str()), stamp.at).await?;
    let branch = Uuid::new_v4();
    store::branch::insert(tx, scope, (branch, MAIN), None, stamp).await?;
    let branch = branch.to_string();
    store::policy::insert(tx, scope, &branch, stamp).await?;
    Ok(branch)
}

/// The workspace that a body names, or the only one that the caller sees; they must have the right there.
pub(crate) async fn workspace(
    tx: &mut Tx,
    caller: &Caller,
    wanted: Option<Uuid>,
    right: Right,
) -> Result<(Uuid, Uuid), Problem> {
    let unknown = || Problem::field("workspaceId", "unknown", "must be the id of one of the workspaces");
    let found = match wanted {
        Some(id) => store::organization::workspace(tx, id).await?,
        None => {
            let mut all = store::organization::workspaces(tx, caller.user, "", 1).await?;
            if all.len() == 1 { all.pop() } else { None }
        }
    };
    let found = found.ok_or_else(unknown)?;
    let id = |text: &str| Uuid::parse_str(text).map_err(|_| Problem::internal("a stored id is not a UUID"));
    let (organization, workspace) = (id(&found.organization_id)?, id(&found.id)?);
    let places = [Place::Organization(organization), Place::Workspace(workspace)];
    let given = store::role::at(tx, caller.user, &places).await?;
    match roles::union(&given) {
        Some(rights) if rights.and(caller.scopes).has(right) => Ok((organization, workspace)),
        Some(_) => Err(Problem::forbidden(right)),
        None => Err(unknown()),
    }
}
