//! Which processes of a branch start on which data source. A version is read once, by whoever asks first after it was
//! stored; from then on it is rows.

use std::collections::HashMap;

use serde::Serialize;
use store::resource::Kind;
use store::selection::Unread;
use store::{Db, Scope, Tx};
use utoipa::ToSchema;

use crate::problem::Problem;

/// How many files are read in one transaction.
const AT_ONCE: i64 = 50;

/// A resource that another one names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ResourceReference {
    /// Its `resourceDefinitionId`.
    id: String,
    name: String,
}

/// Reads the versions of a project that nobody has read yet.
pub(crate) async fn catch_up(db: &Db, scope: Scope) -> Result<(), Problem> {
    while db.read(move |tx| Box::pin(async move { store::selection::any_unread(tx, &scope).await })).await? {
        db.write(move |tx| {
            Box::pin(async move {
                store::project::lock(tx, &scope).await?;
                read_some(tx, &scope).await
            })
        })
        .await?;
    }
    Ok(())
}

/// The same in the transaction of a change that holds the project.
pub(crate) async fn catch_up_here(tx: &mut Tx, scope: &Scope) -> Result<(), Problem> {
    while store::selection::any_unread(tx, scope).await? {
        read_some(tx, scope).await?;
    }
    Ok(())
}

async fn read_some(tx: &mut Tx, scope: &Scope) -> Result<(), Problem> {
    let unread = store::selection::unread(tx, scope, AT_ONCE).await?;
    let read = tokio::task::spawn_blocking(move || unread.into_iter().map(selected).collect::<Vec<_>>());
    let read = read.await.map_err(|e| Problem::internal(format!("reading a process ended early: {e}")))?;
    for (version, data_sources) in read {
        store::selection::write_down(tx, &version, &data_sources).await?;
    }
    Ok(())
}

/// The data sources that a process file selects. What cannot be read selects nothing: its check says so.
fn selected(unread: Unread) -> (String, Vec<String>) {
    let Ok(definitions) = bpmn::read(&unread.bpmn.unwrap_or_default()) else {
        return (unread.version, Vec::new());
    };
    let links = definitions.processes.iter().flat_map(bpmn::links);
    (unread.version, links.map(|link| link.data_source.to_lowercase()).collect())
}

/// What a resource of a branch is connected with: a data source with processes, a process with data sources.
pub(crate) async fn of(
    tx: &mut Tx,
    scope: &Scope,
    branch: &str,
    (kind, id): (Kind, &str),
) -> Result<Vec<ResourceReference>, Problem> {
    let asked = match kind {
        Kind::DataSource => (Some(id), None),
        Kind::ProcessDefinition => (None, Some(id)),
    };
    let found = store::selection::in_branch(tx, scope, branch, asked).await?;
    Ok(found.into_iter().map(|one| ends(kind, one).1).collect())
}

/// The same of every resource of this kind in a branch.
pub(crate) async fn of_all(
    tx: &mut Tx,
    scope: &Scope,
    (branch, kind): (&str, Kind),
) -> Result<HashMap<String, Vec<ResourceReference>>, Problem> {
    let mut all: HashMap<String, Vec<ResourceReference>> = HashMap::new();
    for one in store::selection::in_branch(tx, scope, branch, (None, None)).await? {
        let (id, other) = ends(kind, one);
        all.entry(id).or_default().push(other);
    }
    Ok(all)
}

/// The end of this kind, and the other.
fn ends(kind: Kind, one: store::selection::Selection) -> (String, ResourceReference) {
    match kind {
        Kind::DataSource => {
            (one.data_source_id, ResourceReference { id: one.process_id, name: one.process_name })
        }
        Kind::ProcessDefinition => {
            (one.process_id, ResourceReference { id: one.data_source_id, name: one.data_source_name })
        }
    }
}
