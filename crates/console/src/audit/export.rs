//! Taking the audit out as a file. It is written page by page, so that its length costs no memory.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::stream;
use store::audit::Filter;

use super::ExportQuery;
use super::table::Format;
use crate::Console;
use crate::body::Parameters;
use crate::call::{Call, Site};
use crate::page;
use crate::problem::Problem;

/// Entries of one read.
const PAGE: i64 = 500;

/// The audit of a project as a file, the newest first. In CSV, line ends and control characters are written out and
/// what a spreadsheet would take for a formula has an apostrophe in front.
#[utoipa::path(get, path = "/projects/{projectId}/audit/export", operation_id = "exportAudit", tag = "Audit", params(ExportQuery),
    responses((status = 200, content((String = "application/x-ndjson"), (String = "text/csv")))))]
pub(crate) async fn of_project(
    call: Call,
    Parameters(query): Parameters<ExportQuery>,
) -> Result<Response, Problem> {
    let format = format(&query)?;
    let filter = query.filter(Some(call.scope.project))?;
    Ok(write(call.console, filter, format))
}

/// The audit of the installation and of every project as a file, as `exportAudit` does.
#[utoipa::path(get, path = "/audit/export", operation_id = "exportInstallationAudit", tag = "Audit", params(ExportQuery),
    responses((status = 200, content((String = "application/x-ndjson"), (String = "text/csv")))))]
pub(crate) async fn of_installation(
    site: Site,
    Parameters(query): Parameters<ExportQuery>,
) -> Result<Response, Problem> {
    let format = format(&query)?;
    let filter = query.filter(None)?;
    Ok(write(site.console, filter, format))
}

fn format(query: &ExportQuery) -> Result<Format, Problem> {
    let named = page::one_of("format", query.format.clone(), &["ndjson", "csv"])?;
    Ok(if named.as_deref() == Some("csv") { Format::Csv } else { Format::Ndjson })
}

/// Where the next page begins; before the first there is the head line.
enum Place {
    Head,
    Before(Option<String>),
    End,
}

fn write(console: Arc<Console>, filter: Filter, format: Format) -> Response {
    let pages = stream::try_unfold(Place::Head, move |place| {
        let (console, filter) = (Arc::clone(&console), filter.clone());
        async move {
            match place {
                Place::Head => Ok(Some((format.head().to_owned(), Place::Before(None)))),
                Place::Before(cursor) => next(&console, filter, cursor, format).await.map(Some),
                Place::End => Ok::<_, std::io::Error>(None),
            }
        }
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(format.media_type())),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(format.file_name())),
    ];
    (headers, Body::from_stream(pages)).into_response()
}

async fn next(
    console: &Console,
    filter: Filter,
    cursor: Option<String>,
    format: Format,
) -> Result<(String, Place), std::io::Error> {
    let rows: Result<Vec<store::audit::Entry>, store::StoreError> = console
        .db
        .read(move |tx| {
            Box::pin(async move { store::audit::list(tx, &filter, cursor.as_deref(), PAGE - 1).await })
        })
        .await;
    // the client sees a body that ends early, never one that looks whole
    let rows = rows.map_err(|e| {
        tracing::error!(error = %e, "an export of the audit ended early");
        std::io::Error::other("the audit cannot be read")
    })?;
    let last = rows.last().filter(|_| rows.len() as i64 == PAGE).map(|row| row.id.clone());
    let place = last.map_or(Place::End, |id| Place::Before(Some(id)));
    Ok((rows.into_iter().map(|row| format.line(row)).collect(), place))
}
