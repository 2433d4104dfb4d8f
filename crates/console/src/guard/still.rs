//! Asking again whether a request that is still being answered may go on.

use std::sync::Arc;

use axum::extract::{FromRequestParts, MatchedPath, RawPathParams};
use axum::http::request::Parts;
use store::Tx;

use super::credentials::{self, Presented};
use super::{identity, reach};
use crate::Console;
use crate::access::Operation;
use crate::problem::Problem;

/// What a request was admitted by.
#[derive(Clone)]
pub(crate) struct Admitted {
    console: Arc<Console>,
    operation: &'static Operation,
    presented: Presented,
    parameters: Vec<(String, String)>,
}

impl Admitted {
    /// Whether it would be admitted now: the credentials are valid still, and the caller has the right still. A
    /// store that does not answer is no reason to end it.
    pub(crate) async fn still(&self) -> bool {
        let own = self.clone();
        let asked = self.console.db.read(move |tx| Box::pin(async move { own.ask(tx).await })).await;
        asked.unwrap_or_else(|problem| problem.status.is_server_error())
    }

    async fn ask(&self, tx: &mut Tx) -> Result<bool, Problem> {
        let (mut caller, _) = identity::of(tx, &self.presented).await?;
        (caller.rights, _) = reach::of(tx, &caller, self.operation, &self.parameters).await?;
        Ok(caller.may(self.operation.right))
    }
}

impl FromRequestParts<Arc<Console>> for Admitted {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, console: &Arc<Console>) -> Result<Self, Problem> {
        let path = parts.extensions.get::<MatchedPath>().map(|path| path.as_str().to_owned());
        let operation = path.and_then(|path| Operation::of(&parts.method, &path));
        let operation = operation.ok_or_else(|| Problem::internal("a request without an operation"))?;
        let presented = credentials::read(&parts.headers, &console.public_url)?;
        let raw = RawPathParams::from_request_parts(parts, console).await;
        let raw = raw.map_err(|_| Problem::not_found())?;
        let parameters = raw.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        Ok(Admitted { console: Arc::clone(console), operation, presented, parameters })
    }
}
