//! A request that needs no credentials: somebody who signs in.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use store::Tx;
use store::audit::NewEntry;
use store::user::Stamp;
use uuid::Uuid;

use crate::Console;
use crate::problem::Problem;

/// From where a request comes.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    /// The other end of the connection, or who came to it by way of trusted proxies.
    pub(crate) address: Option<String>,
    /// What the browser or program says it is.
    pub(crate) agent: Option<String>,
    pub(crate) request_id: String,
}

impl Visit {
    /// Writes an audit entry about an account: by its user, or by nobody known.
    pub(crate) async fn audit(
        &self,
        tx: &mut Tx,
        (by, at): (Option<Uuid>, i64),
        (action, target): (&str, Uuid),
        session: Option<Uuid>,
    ) -> Result<(), Problem> {
        let target = target.to_string();
        let entry = NewEntry {
            project: None,
            stamp: Stamp { user: by, at },
            token: None,
            session,
            action,
            target: &target,
            detail: "{}",
            source_address: self.address.as_deref(),
            request_id: Some(&self.request_id),
        };
        Ok(store::audit::append(tx, &entry).await?)
    }
}

/// Somebody without credentials.
pub(crate) struct Visitor {
    pub(crate) console: Arc<Console>,
    pub(crate) visit: Visit,
}

impl FromRequestParts<Arc<Console>> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, console: &Arc<Console>) -> Result<Self, Problem> {
        let visit = parts.extensions.get::<Visit>().cloned();
        let visit = visit.ok_or_else(|| Problem::internal("a handler ran without the guard"))?;
        Ok(Visitor { console: Arc::clone(console), visit })
    }
}
