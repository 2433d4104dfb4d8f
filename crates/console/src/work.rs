//! Changing many resources of a branch's work in progress at once: the part that bring, discard, restore and import
//! have in common.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, header};
use store::Tx;
use store::branch::Branch;
use store::resource::Member;

use crate::branch::changes::{ChangedResource, shown};
use crate::call::{self, Act};
use crate::etag::{self, IfMatch};
use crate::page::List;
use crate::problem::{Blocking, Problem};
use crate::removal;
use crate::snapshot::{Snapshots, same_names};

/// The changes of a branch, with the branch's tag.
pub(crate) type Tagged<T> = ([(HeaderName, HeaderValue); 1], Json<T>);

/// A branch that is being changed.
pub(crate) struct Work {
    pub(crate) branch: Branch,
    pub(crate) snapshots: Snapshots,
}

impl Work {
    /// Takes the project for this transaction and reads the branch; 412 if it is not as the caller saw it.
    pub(crate) async fn begin(
        tx: &mut Tx,
        act: &Act,
        name: &str,
        if_match: &IfMatch,
    ) -> Result<Self, Problem> {
        store::project::lock(tx, &act.scope).await?;
        let branch = call::branch(tx, &act.scope, name).await?;
        let snapshots = Snapshots::of(tx, &act.scope, &branch).await?;
        if_match.permits(&snapshots.tag(&branch))?;
        Ok(Work { branch, snapshots })
    }

    /// Takes resources out and puts versions in. Refused (409): two resources of one name, a data source that must
    /// not go.
    pub(crate) async fn replace(
        &self,
        tx: &mut Tx,
        act: &Act,
        (out, put): (&[String], &[Member]),
    ) -> Result<(), Problem> {
        let result = self.snapshots.with(out, put);
        refuse_same_names(&result)?;
        let standing: Vec<String> =
            out.iter().filter(|id| self.snapshots.drafted(id).is_some()).cloned().collect();
        removal::permit(tx, &act.scope, &self.branch, (&standing, &result)).await?;
        store::work::replace(tx, &act.scope, &self.branch.id, (&standing, put), &act.stamp()).await?;
        Ok(())
    }

    /// What is work in progress now.
    pub(crate) async fn now(&self, tx: &mut Tx, act: &Act) -> Result<Tagged<List<ChangedResource>>, Problem> {
        listed(tx, act.scope, &self.branch).await
    }
}

/// The changes of a branch, with its tag.
pub(crate) async fn listed(
    tx: &mut Tx,
    scope: store::Scope,
    branch: &Branch,
) -> Result<Tagged<List<ChangedResource>>, Problem> {
    let snapshots = Snapshots::of(tx, &scope, branch).await?;
    let touches = store::work::touches(tx, &scope, &branch.id).await?;
    Ok((tag(&snapshots.tag(branch)), Json(List::whole(shown(&snapshots, touches)))))
}

/// The header that carries a branch's tag.
pub(crate) fn tag(version: &str) -> [(HeaderName, HeaderValue); 1] {
    [(header::ETAG, etag::tag(version))]
}

fn refuse_same_names(result: &[Member]) -> Result<(), Problem> {
    let pairs = same_names(result);
    if pairs.is_empty() {
        return Ok(());
    }
    let blocking = |m: &Member| Blocking { id: m.id.clone(), name: m.name.clone() };
    let both: Vec<Blocking> =
        pairs.into_iter().flat_map(|(one, other)| [blocking(one), blocking(other)]).collect();
    let detail = format!(
        "The branch would have two resources of one name: {} (upper and lower case are the same). Rename one first.",
        Blocking::names(&both)
    );
    Err(Problem::conflict("name-taken", detail).blocked_by(both))
}
