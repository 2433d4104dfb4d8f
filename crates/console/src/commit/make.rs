//! Making a commit: check the resulting snapshot, then store it if nothing changed meanwhile.

use std::collections::HashSet;

use store::resource::Member;
use store::{Scope, Tx, user::Stamp};
use uuid::Uuid;
use webhook::MasterKey;

use crate::check::{self, CheckProblem, Checking, Report};
use crate::problem::Problem;
use crate::running::{self, Adopted};
use crate::snapshot::Snapshots;
use crate::{Console, call};

/// What is to be committed.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub(crate) branch: String,
    pub(crate) message: String,
    /// The resources to take; `None` for all changes.
    pub(crate) chosen: Option<Vec<Uuid>>,
    /// Active triggers that may lose their link.
    pub(crate) unlink: Vec<Uuid>,
}

/// A commit that was made.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) commit: store::commit::Commit,
    /// `None` where the active policy runs another commit.
    pub(crate) adopted: Option<Adopted>,
    /// Warnings of the check.
    pub(crate) warnings: Vec<CheckProblem>,
}

/// A snapshot that passed the check, with its links.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    members: Vec<Member>,
    links: Vec<store::commit::LinkRow>,
}

/// The snapshot that a wish makes; refusals: unknown ids, nothing to commit.
pub(crate) async fn resulting(tx: &mut Tx, scope: &Scope, wish: &Wish) -> Result<Vec<Member>, Problem> {
    let branch = call::branch(tx, scope, &wish.branch).await?;
    let snapshots = Snapshots::of(tx, scope, &branch).await?;
    let chosen: Option<HashSet<String>> =
        wish.chosen.as_ref().map(|ids| ids.iter().map(Uuid::to_string).collect());
    for (at, id) in wish.chosen.iter().flatten().enumerate() {
        if !snapshots.knows(&id.to_string()) {
            let message = format!("{id} is no resource of this branch");
            return Err(Problem::field(&format!("resources/{at}"), "unknown", message));
        }
    }
    snapshots.taking(chosen.as_ref()).ok_or_else(|| {
        Problem::conflict("nothing-to-commit", "Nothing changed since the last commit of this branch.")
    })
}

/// Checks what the wish makes; errors are refused with every problem named. `None` if it changed meanwhile.
pub(crate) async fn checked(
    console: &Console,
    scope: Scope,
    wish: &Wish,
) -> Result<Option<(Checked, Vec<CheckProblem>)>, Problem> {
    let asked = wish.clone();
    let members =
        console.db.read(move |tx| Box::pin(async move { resulting(tx, &scope, &asked).await })).await?;
    match check::snapshot(console, scope, &members).await? {
        Some(report) => passed(members, report).map(Some),
        None => Ok(None),
    }
}

fn passed(members: Vec<Member>, report: Report) -> Result<(Checked, Vec<CheckProblem>), Problem> {
    if report.has_errors() {
        return Err(Problem::check(report.problems));
    }
    Ok((Checked { members, links: report.links }, report.problems))
}

/// Checks and stores in one transaction: for the first start, when nobody waits for the database.
pub(crate) async fn in_one(
    tx: &mut Tx,
    scope: &Scope,
    wish: &Wish,
    master: &MasterKey,
    stamp: &Stamp,
) -> Result<Adopted, Problem> {
    let members = resulting(tx, scope, wish).await?;
    let mut checking = Checking::of(&members);
    for member in check::processes(&members) {
        let content = store::resource::content(tx, scope, &member.version).await?;
        checking.add(member, content.bpmn.unwrap_or_default()).await?;
    }
    let (checked, _) = passed(members, checking.finish())?;
    let stored = store_checked(tx, scope, (wish, &checked), master, stamp).await?;
    Ok(stored.and_then(|(_, adopted)| adopted).unwrap_or_default())
}

/// Stores a checked commit; `None` if the work in progress is not the checked one any more.
pub(crate) async fn store_checked(
    tx: &mut Tx,
    scope: &Scope,
    (wish, checked): (&Wish, &Checked),
    master: &MasterKey,
    stamp: &Stamp,
) -> Result<Option<(store::commit::Commit, Option<Adopted>)>, Problem> {
    store::project::lock(tx, scope).await?;
    if resulting(tx, scope, wish).await? != checked.members {
        return Ok(None);
    }
    let branch = call::branch(tx, scope, &wish.branch).await?;
    let id = Uuid::now_v7().to_string();
    let new = store::commit::NewCommit {
        id: &id,
        branch: &branch.id,
        parent: branch.head_commit_id.as_deref(),
        message: &wish.message,
        members: &checked.members,
        links: &checked.links,
    };
    store::commit::insert(tx, scope, &new, stamp).await?;
    let policy = store::policy::read(tx, scope).await?;
    let adopted = if policy.kind == "latest" && policy.branch_id == branch.id {
        Some(running::adopt(tx, scope, (Some(&id), &wish.unlink), master, stamp).await?)
    } else {
        None
    };
    Ok(Some((store::commit::read(tx, scope, &id).await?, adopted)))
}

/// Checks and stores, and begins anew when somebody saved in between.
pub(crate) async fn make(console: &Console, act: crate::call::Act, wish: Wish) -> Result<Made, Problem> {
    for _ in 0..check::ATTEMPTS {
        let Some((checked, warnings)) = checked(console, act.scope, &wish).await? else { continue };
        let (act, wish, master) = (act.clone(), wish.clone(), console.master_key.clone());
        let stored = console
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let stored =
                        store_checked(tx, &act.scope, (&wish, &checked), &master, &act.stamp()).await?;
                    if let Some((commit, adopted)) = &stored {
                        super::create::audit(tx, &act, commit, adopted.as_ref()).await?;
                    }
                    Ok::<_, Problem>(stored)
                })
            })
            .await?;
        if let Some((commit, adopted)) = stored {
            return Ok(Made { commit, adopted, warnings });
        }
    }
    Err(check::busy())
}
