//! What runs: when the running commit changes, triggers are made, linked and unlinked in the same transaction.

use std::collections::{BTreeSet, HashSet};

use store::{Scope, Tx, user::Stamp};
use uuid::Uuid;
use webhook::MasterKey;

use crate::key;
use crate::problem::{Blocking, Problem};

/// What the change of the running commit did to triggers, as ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Adopted {
    /// Made, deactivated, with their first key.
    pub(crate) created: Vec<String>,
    /// Back on the list, as they were.
    pub(crate) relinked: Vec<String>,
    /// Off the list: their URLs answer 404.
    pub(crate) unlinked: Vec<String>,
}

/// A data source and its trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Linked {
    pub(crate) data_source: String,
    /// `None` where the trigger will be made.
    pub(crate) trigger: Option<String>,
    /// The data source's name, where the running commit has it.
    pub(crate) name: Option<String>,
    /// Whether the trigger is active.
    pub(crate) active: bool,
}

/// What another running commit would do to triggers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) created: Vec<Linked>,
    pub(crate) relinked: Vec<Linked>,
    pub(crate) unlinked: Vec<Linked>,
}

impl Plan {
    /// Compares the data sources that start a process in a commit with the triggers that there are.
    pub(crate) async fn of(tx: &mut Tx, scope: &Scope, wanted: BTreeSet<String>) -> Result<Self, Problem> {
        let mut wanted = wanted;
        let mut plan = Plan::default();
        for trigger in store::trigger::all(tx, scope).await? {
            let linked = wanted.remove(&trigger.data_source_id);
            if linked == (trigger.linked != 0) {
                continue;
            }
            let (list, active) = match linked {
                true => (&mut plan.relinked, trigger.state == "Active"),
                false => (&mut plan.unlinked, trigger.state == "Active"),
            };
            let (data_source, name) = (trigger.data_source_id, trigger.name);
            list.push(Linked { data_source, trigger: Some(trigger.id), name, active });
        }
        let new = |data_source| Linked { data_source, trigger: None, name: None, active: false };
        plan.created = wanted.into_iter().map(new).collect();
        Ok(plan)
    }

    /// The active triggers that would lose their link, beside those that may.
    pub(crate) fn blocking(&self, unlink: &[Uuid]) -> Vec<Blocking> {
        let agreed: HashSet<String> = unlink.iter().map(Uuid::to_string).collect();
        let active = self.unlinked.iter().filter(|one| one.active);
        active
            .filter_map(|one| Some((one.trigger.clone()?, one.name.clone().unwrap_or_default())))
            .filter(|(id, _)| !agreed.contains(id))
            .map(|(id, name)| Blocking { id, name })
            .collect()
    }
}

/// The data sources that start a process in a commit.
pub(crate) async fn wanted(
    tx: &mut Tx,
    scope: &Scope,
    commit: Option<&str>,
) -> Result<BTreeSet<String>, Problem> {
    let Some(commit) = commit else { return Ok(BTreeSet::new()) };
    let links = store::commit::links(tx, scope, commit).await?;
    Ok(links.into_iter().map(|link| link.data_source_id).collect())
}

/// Makes `commit` the running one. A trigger that is active and would lose its link is refused (409, naming it)
/// unless `unlink` has its id. The caller holds [`store::project::lock`].
pub(crate) async fn adopt(
    tx: &mut Tx,
    scope: &Scope,
    (commit, unlink): (Option<&str>, &[Uuid]),
    master: &MasterKey,
    stamp: &Stamp,
) -> Result<Adopted, Problem> {
    let wanted = wanted(tx, scope, commit).await?;
    let plan = Plan::of(tx, scope, wanted).await?;
    let blocking = plan.blocking(unlink);
    if !blocking.is_empty() {
        let detail = format!(
            "This would take {} off the list though the trigger is active: its URL would answer 404. \
             Repeat with unlink: [ids] of blocking if that is meant.",
            Blocking::names(&blocking)
        );
        return Err(Problem::conflict("would-unlink-active", detail).blocked_by(blocking));
    }
    let mut adopted = Adopted::default();
    for (list, linked, done) in
        [(plan.relinked, true, &mut adopted.relinked), (plan.unlinked, false, &mut adopted.unlinked)]
    {
        for id in list.into_iter().filter_map(|one| one.trigger) {
            store::trigger::set_linked(tx, scope, &id, linked).await?;
            done.push(id);
        }
    }
    for one in plan.created {
        let id = Uuid::now_v7();
        store::trigger::insert(tx, scope, id, &one.data_source, stamp).await?;
        let (_, kept) = key::new_key(master, id)?;
        store::trigger::insert_key(tx, scope, id, &kept, stamp).await?;
        adopted.created.push(id.to_string());
    }
    store::policy::set_running(tx, scope, commit).await?;
    Ok(adopted)
}
