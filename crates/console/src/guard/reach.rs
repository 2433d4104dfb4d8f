//! What a caller may do where an operation acts: roles on the level and above it, cut down to the credentials' scopes.

use std::collections::BTreeMap;

use store::role::Place;
use store::{Scope, Tx};
use uuid::Uuid;

use crate::access::{Level, Operation, Right, Rights, roles};
use crate::call::{Caller, canonical};
use crate::problem::Problem;

/// The caller's rights for this operation, and the project it is about. 404 where the caller has no role at all, or
/// the credentials do not open the place: the same answer as for what does not exist.
pub(super) async fn of(
    tx: &mut Tx,
    caller: &Caller,
    operation: &Operation,
    parameters: &[(String, String)],
) -> Result<(Rights, Option<Scope>), Problem> {
    let id = |name: &str| {
        let found = parameters.iter().find(|(key, _)| key == name);
        canonical(found.map_or("", |(_, value)| value))
    };
    let found = match operation.level() {
        Level::Nowhere => Some(Rights::ALL),
        Level::Account => Some(roles::OWN_ACCOUNT),
        Level::Project => return in_project(tx, caller, id("projectId")?).await,
        Level::Workspace => in_workspace(tx, caller, id("workspaceId")?).await?,
        Level::Organization => in_organization(tx, caller, id("organizationId")?).await?,
        Level::Installation => Some(on_everything(tx, caller.user).await?),
        Level::Anywhere => Some(anywhere(tx, caller.user).await?),
        Level::Filtered => Some(Rights::of(&[Right::ProjectRead])),
    };
    let mut rights = found.ok_or_else(Problem::not_found)?.and(caller.scopes);
    // a token of one project opens nothing beside it, but its list of projects, where it stands alone
    if caller.only_project.is_some() && !matches!(operation.level(), Level::Nowhere | Level::Filtered) {
        rights = Rights::NONE;
    }
    Ok((rights, None))
}

async fn in_project(tx: &mut Tx, caller: &Caller, project: Uuid) -> Result<(Rights, Option<Scope>), Problem> {
    if caller.only_project.is_some_and(|only| only != project) {
        return Err(Problem::not_found());
    }
    let scope = store::project::scope_of(tx, project).await?.ok_or_else(Problem::not_found)?;
    let given = store::role::in_project(tx, caller.user, &scope).await?;
    let rights = roles::union(&given).ok_or_else(Problem::not_found)?;
    Ok((rights.and(caller.scopes), Some(scope)))
}

async fn in_workspace(tx: &mut Tx, caller: &Caller, workspace: Uuid) -> Result<Option<Rights>, Problem> {
    let Some(found) = store::organization::workspace(tx, workspace).await? else { return Ok(None) };
    let organization = Uuid::parse_str(&found.organization_id)
        .map_err(|_| Problem::internal("a stored id is not a UUID"))?;
    let places = [Place::Organization(organization), Place::Workspace(workspace)];
    Ok(roles::union(&store::role::at(tx, caller.user, &places).await?))
}

async fn in_organization(
    tx: &mut Tx,
    caller: &Caller,
    organization: Uuid,
) -> Result<Option<Rights>, Problem> {
    Ok(roles::union(&store::role::at(tx, caller.user, &[Place::Organization(organization)]).await?))
}

/// What the user may do on every organization: else the administrator of one could take over that of another.
async fn on_everything(tx: &mut Tx, user: Uuid) -> Result<Rights, Problem> {
    let (organizations, given) = store::role::on_organizations(tx, user).await?;
    let mut each: BTreeMap<&str, Rights> = BTreeMap::new();
    for one in &given {
        let all = each.entry(&one.target_id).or_default();
        *all = all.or(roles::rights(&one.role, one.payload != 0));
    }
    if each.len() as i64 != organizations {
        return Ok(Rights::NONE);
    }
    Ok(each.into_values().reduce(Rights::and).unwrap_or_default())
}

/// What the user may do on some organization or workspace.
async fn anywhere(tx: &mut Tx, user: Uuid) -> Result<Rights, Problem> {
    let given = store::role::above_projects(tx, user).await?;
    Ok(roles::union(&given).unwrap_or_default())
}
