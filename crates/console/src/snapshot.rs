//! Snapshots: the work in progress of a branch, the commit it ends in, and what lies between.

use std::collections::{BTreeMap, HashMap, HashSet};

use sha2::{Digest as _, Sha256};
use store::branch::Branch;
use store::resource::Member;
use store::{Scope, Tx};

use crate::problem::Problem;

/// What happened to a resource since the last commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Added,
    Changed,
    Removed,
}

impl Change {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Change::Added => "added",
            Change::Changed => "changed",
            Change::Removed => "removed",
        }
    }
}

/// The last commit of a branch and the work in progress on top of it, by resource id.
#[derive(Debug)]
pub(crate) struct Snapshots {
    head: BTreeMap<String, Member>,
    draft: BTreeMap<String, Member>,
}

impl Snapshots {
    /// Reads both.
    pub(crate) async fn of(tx: &mut Tx, scope: &Scope, branch: &Branch) -> Result<Self, Problem> {
        let head = match &branch.head_commit_id {
            Some(commit) => store::commit::snapshot(tx, scope, commit).await?,
            None => Vec::new(),
        };
        let draft = store::resource::work_in_progress(tx, scope, &branch.id).await?;
        let by_id = |members: Vec<Member>| members.into_iter().map(|m| (m.id.clone(), m)).collect();
        Ok(Snapshots { head: by_id(head), draft: by_id(draft) })
    }

    /// What the last commit has of a resource.
    pub(crate) fn committed(&self, id: &str) -> Option<&Member> {
        self.head.get(id)
    }

    /// What the work in progress has of a resource.
    pub(crate) fn drafted(&self, id: &str) -> Option<&Member> {
        self.draft.get(id)
    }

    /// The `ETag` of the branch: another with each change of its name, its last commit or its work in progress.
    pub(crate) fn tag(&self, branch: &Branch) -> String {
        let mut digest = Sha256::new();
        for part in [&branch.id, &branch.name, branch.head_commit_id.as_ref().unwrap_or(&branch.id)] {
            digest.update(part.as_bytes());
            digest.update([0]);
        }
        for member in self.draft.values() {
            digest.update(member.id.as_bytes());
            digest.update(member.version.as_bytes());
        }
        let digest = digest.finalize();
        digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The work in progress without some resources and with other versions of some.
    pub(crate) fn with(&self, out: &[String], put: &[Member]) -> Vec<Member> {
        let mut result = self.draft.clone();
        result.retain(|id, _| !out.contains(id));
        result.extend(put.iter().map(|member| (member.id.clone(), member.clone())));
        result.into_values().collect()
    }

    /// The work in progress.
    pub(crate) fn draft(&self) -> impl Iterator<Item = &Member> {
        self.draft.values()
    }

    /// Whether a resource is in one of the two.
    pub(crate) fn knows(&self, id: &str) -> bool {
        self.head.contains_key(id) || self.draft.contains_key(id)
    }

    /// Everything that differs, by id; the member is the new one, of a removed resource the old one.
    pub(crate) fn changes(&self) -> Vec<(Change, &Member)> {
        between(&self.head, &self.draft)
    }

    /// The snapshot that a commit of the chosen changes (`None`: of all) makes; `None` if that changes nothing.
    pub(crate) fn taking(&self, chosen: Option<&HashSet<String>>) -> Option<Vec<Member>> {
        let mut result = self.head.clone();
        let mut any = false;
        for (change, member) in self.changes() {
            if chosen.is_some_and(|ids| !ids.contains(&member.id)) {
                continue;
            }
            any = true;
            match change {
                Change::Removed => _ = result.remove(&member.id),
                Change::Added | Change::Changed => _ = result.insert(member.id.clone(), member.clone()),
            }
        }
        any.then(|| result.into_values().collect())
    }
}

/// Everything that differs between two snapshots, by id; the member is the new one, of a removed resource the old one.
pub(crate) fn between<'s>(
    old: &'s BTreeMap<String, Member>,
    new: &'s BTreeMap<String, Member>,
) -> Vec<(Change, &'s Member)> {
    let mut changes: BTreeMap<&str, (Change, &Member)> = BTreeMap::new();
    for (id, member) in new {
        match old.get(id) {
            None => _ = changes.insert(id, (Change::Added, member)),
            Some(old) if old.version != member.version => {
                changes.insert(id, (Change::Changed, member));
            }
            Some(_) => {}
        }
    }
    for (id, member) in old.iter().filter(|(id, _)| !new.contains_key(*id)) {
        changes.insert(id, (Change::Removed, member));
    }
    changes.into_values().collect()
}

/// Pairs of resources of one kind with one name, which a commit of a part of the changes can make.
pub(crate) fn same_names(members: &[Member]) -> Vec<(&Member, &Member)> {
    let mut first: HashMap<(&str, &str), &Member> = HashMap::new();
    let mut pairs = Vec::new();
    for member in members {
        match first.entry((&member.kind, &member.name_folded)) {
            std::collections::hash_map::Entry::Occupied(found) => pairs.push((*found.get(), member)),
            std::collections::hash_map::Entry::Vacant(free) => _ = free.insert(member),
        }
    }
    pairs
}
