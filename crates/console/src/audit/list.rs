//! Reading the audit.

use axum::Json;
use uuid::Uuid;

use super::{AuditEntry, AuditQuery};
use crate::Console;
use crate::body::Parameters;
use crate::call::{Call, Site};
use crate::page::{List, Paging};
use crate::problem::Problem;

/// What was done in a project, the newest first.
#[utoipa::path(get, path = "/projects/{projectId}/audit", operation_id = "listAudit", tag = "Audit", params(AuditQuery),
    responses((status = 200, body = List<AuditEntry>)))]
pub(crate) async fn of_project(
    call: Call,
    Parameters(query): Parameters<AuditQuery>,
) -> Result<Json<List<AuditEntry>>, Problem> {
    list(&call.console, Some(call.scope.project), query).await
}

/// What was done in the installation and in every project, the newest first; sign-ins too.
#[utoipa::path(get, path = "/audit", operation_id = "listInstallationAudit", tag = "Audit", params(AuditQuery),
    responses((status = 200, body = List<AuditEntry>)))]
pub(crate) async fn of_installation(
    site: Site,
    Parameters(query): Parameters<AuditQuery>,
) -> Result<Json<List<AuditEntry>>, Problem> {
    list(&site.console, None, query).await
}

async fn list(
    console: &Console,
    project: Option<Uuid>,
    mut query: AuditQuery,
) -> Result<Json<List<AuditEntry>>, Problem> {
    let paging = Paging::of(query.limit, query.cursor.as_deref())?;
    let filter = query.filter(project)?;
    let page = console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let cursor = paging.after.as_deref();
                let rows = store::audit::list(tx, &filter, cursor, paging.rows()).await?;
                Ok::<_, Problem>(paging.cut(rows, |row| row.id.clone()))
            })
        })
        .await?;
    Ok(Json(List::of(page.map(AuditEntry::from))))
}
