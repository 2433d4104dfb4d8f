//! Checking that the audit is as it was written: every entry carries the hash of the one before it.

use axum::Json;
use serde::Serialize;
use store::audit::chain::{self, End, Walk};
use utoipa::ToSchema;

use crate::Console;
use crate::call::{Call, Site};
use crate::problem::Problem;

/// Entries of one read.
const PAGE: i64 = 500;
/// Chains of one read.
const CHAINS: i64 = 100;
/// Broken chains that are told of at most.
const MOST_BROKEN: usize = 100;

/// What a check of the audit found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Verification {
    /// Whether every entry is there and as it was written.
    intact: bool,
    /// Chains that were followed: one for each project, one for the installation.
    chains: u64,
    /// Entries that were checked.
    entries: i64,
    /// Chains that are not as they were written, at most 100.
    broken: Vec<BrokenChain>,
    /// For one project: the hash of its last entry, in hexadecimal. Note it elsewhere: a later check of the same
    /// project must still contain it.
    #[schema(required)]
    last_hash: Option<String>,
}

/// A chain that is not as it was written.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BrokenChain {
    /// A project's id, or `installation`.
    chain: String,
    /// The number of the first entry that is missing or was changed, from 1.
    sequence: i64,
}

/// Checks the chain of a project's audit.
#[utoipa::path(get, path = "/projects/{projectId}/audit/verification", operation_id = "verifyAudit", tag = "Audit",
    responses((status = 200, body = Verification)))]
pub(crate) async fn of_project(call: Call) -> Result<Json<Verification>, Problem> {
    let name = call.scope.project_text();
    let end = call.console.db.read(move |tx| Box::pin(async move { chain::end(tx, &name).await })).await?;
    let mut found = empty();
    if let Some(end) = end {
        found.last_hash = Some(end.sha256.iter().map(|byte| format!("{byte:02x}")).collect());
        check(&call.console, end, &mut found).await?;
    }
    Ok(Json(found))
}

/// Checks the chains of the installation and of every project, of erased ones too.
#[utoipa::path(get, path = "/audit/verification", operation_id = "verifyInstallationAudit", tag = "Audit",
    responses((status = 200, body = Verification)))]
pub(crate) async fn of_installation(site: Site) -> Result<Json<Verification>, Problem> {
    let mut found = empty();
    let mut after = String::new();
    loop {
        let from = after.clone();
        let ends = site
            .console
            .db
            .read(move |tx| Box::pin(async move { chain::ends(tx, &from, CHAINS).await }))
            .await?;
        let Some(last) = ends.last() else { break };
        after.clone_from(&last.chain);
        for end in ends {
            check(&site.console, end, &mut found).await?;
        }
    }
    Ok(Json(found))
}

fn empty() -> Verification {
    Verification { intact: true, chains: 0, entries: 0, broken: Vec::new(), last_hash: None }
}

async fn check(console: &Console, end: End, found: &mut Verification) -> Result<(), Problem> {
    let mut walk = Walk::default();
    let mut whole = true;
    // entries that were added since the end was read are left for the next check
    while whole && walk.sequence < end.sequence {
        let (name, from) = (end.chain.clone(), walk.clone());
        let limit = PAGE.min(end.sequence - walk.sequence);
        let (next, good) = console
            .db
            .read(move |tx| Box::pin(async move { chain::follow(tx, &name, from, limit).await }))
            .await?;
        whole = good && next.sequence > walk.sequence;
        walk = next;
    }
    found.chains += 1;
    found.entries += walk.sequence;
    if !whole || walk.sha256 != end.sha256 {
        found.intact = false;
        if found.broken.len() < MOST_BROKEN {
            found.broken.push(BrokenChain { chain: end.chain, sequence: walk.sequence + 1 });
        }
    }
    Ok(())
}
