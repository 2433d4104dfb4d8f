//! Organizations and workspaces.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::Parameters;
use crate::call::Site;
use crate::clock;
use crate::page::{List, ListQuery};
use crate::problem::Problem;

/// An organization.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Organization {
    id: String,
    name: String,
    created_at: String,
}

/// A workspace of an organization.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Workspace {
    id: String,
    organization_id: String,
    name: String,
    created_at: String,
}

/// The organizations that the caller has a role in, or below, by id.
#[utoipa::path(get, path = "/organizations", operation_id = "listOrganizations", tag = "Access", params(ListQuery),
    responses((status = 200, body = List<Organization>)))]
pub(crate) async fn list(
    site: Site,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Json<List<Organization>>, Problem> {
    let (paging, user) = (query.paging()?, site.caller.user);
    let page = site
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let rows = store::organization::list(tx, user, paging.after_or(""), paging.rows()).await?;
                Ok::<_, Problem>(paging.cut(rows, |row| row.id.clone()))
            })
        })
        .await?;
    Ok(Json(List::of(page.map(|row| Organization {
        id: row.id,
        name: row.name,
        created_at: clock::show(row.created_at),
    }))))
}

/// The workspaces that the caller has a role in, above, or below, by id.
#[utoipa::path(get, path = "/workspaces", operation_id = "listWorkspaces", tag = "Access", params(ListQuery),
    responses((status = 200, body = List<Workspace>)))]
pub(crate) async fn workspaces(
    site: Site,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Json<List<Workspace>>, Problem> {
    let (paging, user) = (query.paging()?, site.caller.user);
    let page = site
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let rows =
                    store::organization::workspaces(tx, user, paging.after_or(""), paging.rows()).await?;
                Ok::<_, Problem>(paging.cut(rows, |row| row.id.clone()))
            })
        })
        .await?;
    Ok(Json(List::of(page.map(|row| Workspace {
        id: row.id,
        organization_id: row.organization_id,
        name: row.name,
        created_at: clock::show(row.created_at),
    }))))
}
