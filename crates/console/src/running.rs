//! What runs: when the running commit changes, triggers are made, linked and unlinked in the same transaction.

use std::collections::HashSet;

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

/// Makes `commit` the running one. A trigger that is active and would lose its link is refused (409, naming it)
/// unless `unlink` has its id. The caller holds [`store::project::lock`].
pub(crate) async fn adopt(
    tx: &mut Tx,
    scope: &Scope,
    (commit, unlink): (Option<&str>, &[Uuid]),
    master: &MasterKey,
    stamp: &Stamp,
) -> Result<Adopted, Problem> {
    let links = match commit {
        Some(commit) => store::commit::links(tx, scope, commit).await?,
        None => Vec::new(),
    };
    let mut wanted: HashSet<String> = links.into_iter().map(|link| link.data_source_id).collect();
    let triggers = store::trigger::all(tx, scope).await?;
    let agreed: HashSet<String> = unlink.iter().map(Uuid::to_string).collect();
    let blocking: Vec<Blocking> = triggers
        .iter()
        .filter(|t| t.linked != 0 && t.state == "Active" && !wanted.contains(&t.data_source_id))
        .filter(|t| !agreed.contains(&t.id))
        .map(|t| Blocking { id: t.id.clone(), name: t.name.clone().unwrap_or_default() })
        .collect();
    if !blocking.is_empty() {
        return Err(Problem::conflict(
            "would-unlink-active",
            "This would take an active trigger off the list: its URL would answer 404. Repeat with unlink: [ids] of blocking if that is meant.",
        )
        .blocked_by(blocking));
    }
    let mut adopted = Adopted::default();
    for trigger in triggers {
        let linked = wanted.remove(&trigger.data_source_id);
        if linked != (trigger.linked != 0) {
            store::trigger::set_linked(tx, scope, &trigger.id, linked).await?;
            if linked { adopted.relinked.push(trigger.id) } else { adopted.unlinked.push(trigger.id) }
        }
    }
    for data_source in wanted {
        let id = Uuid::now_v7();
        store::trigger::insert(tx, scope, id, &data_source, stamp).await?;
        let (_, kept) = key::new_key(master, id)?;
        store::trigger::insert_key(tx, scope, id, &kept, stamp).await?;
        adopted.created.push(id.to_string());
    }
    store::policy::set_running(tx, scope, commit).await?;
    Ok(adopted)
}
