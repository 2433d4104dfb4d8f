//! Projects travel: a commit (or the work in progress) as an archive of readable files, and back into this or another
//! installation.

pub(crate) mod export;
mod file;
pub(crate) mod import;
mod incoming;
mod matching;
pub(crate) mod preview;
mod project_file;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use tokio::sync::{Semaphore, SemaphorePermit};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::archive::{ArchiveError, MAX_ARCHIVE};
use crate::body;
use crate::problem::Problem;

/// A `.tar.gz` archive, as the document describes it.
pub(crate) enum ProjectArchive {}

impl PartialSchema for ProjectArchive {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::Binary);
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(format))
            .description(Some("A `.tar.gz` archive."))
            .into()
    }
}

impl ToSchema for ProjectArchive {}

/// How many archives are read at once: each may take 160 MiB.
static IMPORTS: Semaphore = Semaphore::const_new(4);

/// An archive as a body, with the turn to read it.
pub(crate) struct Gzip {
    pub(crate) bytes: Bytes,
    _turn: SemaphorePermit<'static>,
}

impl<S: Sync> FromRequest<S> for Gzip {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let gzip = |kind: &str| matches!(kind, "application/gzip" | "application/x-gzip");
        body::require(request.headers(), "application/gzip", gzip)?;
        let _turn = IMPORTS.acquire().await.map_err(|e| Problem::internal(e.to_string()))?;
        let bytes = body::read(request, MAX_ARCHIVE).await?;
        Ok(Gzip { bytes, _turn })
    }
}

impl From<ArchiveError> for Problem {
    fn from(e: ArchiveError) -> Self {
        match e {
            ArchiveError::TooLarge | ArchiveError::TooMany => {
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", e.to_string())
            }
            _ => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unreadable-archive", e.to_string()),
        }
    }
}
