//! Comparing a commit with the work in progress, against what both sides had in common.
//!
//! Branches keep no record of what was brought where, and need none: versions never change and are shared, so whether
//! one side's version lies behind the other's is told by the versions that each side's line of commits has had.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::Serialize;
use store::branch::Branch;
use store::resource::Member;
use store::{Scope, Tx};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::commit;
use crate::problem::Problem;
use crate::snapshot::Snapshots;

/// How a resource stands on both sides, against what they had in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Status {
    /// Both have the same content.
    Same,
    /// Only the commit has it, and this branch never had it.
    TheirsNew,
    /// Only they changed it.
    TheirsChanged,
    /// They removed it; here it is as it was.
    TheirsRemoved,
    /// Only this branch has it: nothing to take.
    MineNew,
    /// Only this branch changed it: taking theirs goes back.
    MineChanged,
    /// This branch removed it; theirs is as it was.
    MineRemoved,
    /// Both changed it: a conflict.
    BothChanged,
    /// They removed it and this branch changed it: a conflict.
    TheirsRemovedMineChanged,
    /// This branch removed it and they changed it: a conflict.
    MineRemovedTheirsChanged,
}

impl Status {
    /// Whether a person must choose.
    pub(crate) fn is_conflict(self) -> bool {
        matches!(
            self,
            Status::BothChanged | Status::TheirsRemovedMineChanged | Status::MineRemovedTheirsChanged
        )
    }
}

/// A resource on both sides.
#[derive(Clone, Debug)]
pub(crate) struct Compared {
    pub(crate) status: Status,
    pub(crate) mine: Option<Member>,
    pub(crate) theirs: Option<Member>,
}

impl Compared {
    fn member(&self) -> Option<&Member> {
        self.theirs.as_ref().or(self.mine.as_ref())
    }

    /// The `resourceDefinitionId`.
    pub(crate) fn id(&self) -> &str {
        self.member().map_or("", |member| &member.id)
    }

    /// The name in the commit, else here.
    pub(crate) fn name(&self) -> &str {
        self.member().map_or("", |member| &member.name)
    }
}

/// The versions of one resource that each side's line of commits has had.
#[derive(Default)]
struct Had {
    mine: HashSet<String>,
    theirs: HashSet<String>,
}

/// The commits that each side has come by.
struct Lines {
    mine: HashSet<String>,
    theirs: HashSet<String>,
}

impl Lines {
    async fn had(&self, tx: &mut Tx, scope: &Scope, resource: &str) -> Result<Had, Problem> {
        let mut had = Had::default();
        for (commit, version) in store::commit::changed_by(tx, scope, resource).await? {
            if self.mine.contains(&commit) {
                had.mine.insert(version.clone());
            }
            if self.theirs.contains(&commit) {
                had.theirs.insert(version);
            }
        }
        Ok(had)
    }
}

/// Every resource of the commit or the work in progress, by id. 422 naming `commitId` if there is no such commit.
pub(crate) async fn compare(
    tx: &mut Tx,
    scope: &Scope,
    (branch, snapshots): (&Branch, &Snapshots),
    commit: Uuid,
) -> Result<Vec<Compared>, Problem> {
    let there = commit::members(tx, scope, ("commitId", commit)).await?;
    let theirs = store::commit::line(tx, scope, &commit.to_string()).await?;
    let mine = match &branch.head_commit_id {
        Some(head) => store::commit::line(tx, scope, head).await?,
        None => HashSet::new(),
    };
    let lines = Lines { mine, theirs };
    let mut there: HashMap<String, Member> = there.into_iter().map(|m| (m.id.clone(), m)).collect();
    let ids: BTreeSet<String> = there.keys().chain(snapshots.draft().map(|m| &m.id)).cloned().collect();
    let mut compared = Vec::with_capacity(ids.len());
    for id in ids {
        let (mine, theirs) = (snapshots.drafted(&id).cloned(), there.remove(&id));
        let same = match (&mine, &theirs) {
            (Some(mine), Some(theirs)) => {
                mine.version == theirs.version || same_content(tx, scope, mine, theirs).await?
            }
            _ => false,
        };
        let status = match same {
            true => Status::Same,
            false => status(mine.as_ref(), theirs.as_ref(), &lines.had(tx, scope, &id).await?),
        };
        compared.push(Compared { status, mine, theirs });
    }
    Ok(compared)
}

/// How two unlike sides stand.
fn status(mine: Option<&Member>, theirs: Option<&Member>, had: &Had) -> Status {
    match (mine, theirs) {
        (Some(mine), Some(theirs)) => {
            match (had.theirs.contains(&mine.version), had.mine.contains(&theirs.version)) {
                (true, false) => Status::TheirsChanged,
                (false, true) => Status::MineChanged,
                _ => Status::BothChanged,
            }
        }
        (None, Some(theirs)) if had.mine.contains(&theirs.version) => Status::MineRemoved,
        (None, Some(_)) if !had.mine.is_empty() => Status::MineRemovedTheirsChanged,
        (None, Some(_)) => Status::TheirsNew,
        (Some(mine), None) if had.theirs.contains(&mine.version) => Status::TheirsRemoved,
        (Some(_), None) if !had.theirs.is_empty() => Status::TheirsRemovedMineChanged,
        (Some(_), None) => Status::MineNew,
        (None, None) => Status::Same,
    }
}

/// Two people may have made the same change.
async fn same_content(tx: &mut Tx, scope: &Scope, one: &Member, other: &Member) -> Result<bool, Problem> {
    if one.name != other.name {
        return Ok(false);
    }
    let content = store::resource::content(tx, scope, &one.version).await?;
    Ok(content == store::resource::content(tx, scope, &other.version).await?)
}
