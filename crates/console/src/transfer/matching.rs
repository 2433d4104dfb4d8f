//! Which resource here an incoming one is, and what an import would change.

use std::collections::{HashMap, HashSet};

use store::resource::{Content, Kind, Member};
use store::{Scope, Tx};
use uuid::Uuid;

use super::incoming::Incoming;
use crate::problem::Problem;
use crate::snapshot::Snapshots;

/// An incoming resource with its place here.
#[derive(Clone, Debug)]
pub(super) struct Matched {
    pub(super) incoming: Incoming,
    /// Its id here.
    pub(super) id: Uuid,
    /// Whether the project does not have that id yet.
    pub(super) new: bool,
}

/// Finds each incoming resource here: by its id, else by the id that an earlier import gave it, else by kind and name,
/// else it is a new one. No resource here is taken twice.
pub(super) async fn find(
    tx: &mut Tx,
    scope: &Scope,
    snapshots: &Snapshots,
    incoming: Vec<Incoming>,
) -> Result<Vec<Matched>, Problem> {
    let origins: HashMap<String, String> = store::origin::all(tx, scope).await?.into_iter().collect();
    let mut found: HashMap<Uuid, String> = HashMap::new();
    let mut taken: HashSet<String> = HashSet::new();
    for by_origin in [false, true] {
        for one in incoming.iter().filter(|one| !found.contains_key(&one.id)).collect::<Vec<_>>() {
            let there = one.id.to_string();
            let Some(here) = (if by_origin { origins.get(&there).cloned() } else { Some(there) }) else {
                continue;
            };
            let kind = store::resource::kind_of(tx, scope, &here).await?;
            if kind.as_deref() == Some(one.kind.as_str()) && taken.insert(here.clone()) {
                found.insert(one.id, here);
            }
        }
    }
    for one in incoming.iter().filter(|one| !found.contains_key(&one.id)).collect::<Vec<_>>() {
        let same = |member: &&Member| {
            member.kind == one.kind.as_str() && member.name_folded == one.content.name_folded
        };
        if let Some(member) = snapshots.draft().find(same)
            && taken.insert(member.id.clone())
        {
            found.insert(one.id, member.id.clone());
        }
    }
    let id = |text: &str| Uuid::parse_str(text).map_err(|_| Problem::internal("a stored id is not a UUID"));
    let place = |incoming: Incoming| {
        Ok(match found.get(&incoming.id) {
            Some(here) => Matched { id: id(here)?, new: false, incoming },
            None => Matched { id: Uuid::new_v4(), new: true, incoming },
        })
    };
    incoming.into_iter().map(place).collect()
}

/// Puts the ids that the data sources have here into the processes; everything else in them stays byte for byte.
pub(super) fn relink(matched: &mut [Matched]) -> Result<(), Problem> {
    let ids: HashMap<Uuid, Uuid> = matched
        .iter()
        .filter(|one| one.incoming.kind == Kind::DataSource && one.incoming.id != one.id)
        .map(|one| (one.incoming.id, one.id))
        .collect();
    if ids.is_empty() {
        return Ok(());
    }
    for one in matched {
        if let Some(xml) = &one.incoming.content.bpmn {
            let here = |id: &str| Some(ids.get(&Uuid::parse_str(id).ok()?)?.to_string());
            let linked = bpmn::relink(xml, here).map_err(|e| Problem::unreadable_xml(&e))?;
            one.incoming.content.bpmn = Some(linked);
        }
    }
    Ok(())
}

/// What an import does to one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Added,
    Changed,
    Unchanged,
}

/// Compares with what stands in the work in progress.
pub(super) async fn effect(
    tx: &mut Tx,
    scope: &Scope,
    snapshots: &Snapshots,
    (id, content): (&str, &Content),
) -> Result<Effect, Problem> {
    let Some(member) = snapshots.drafted(id) else { return Ok(Effect::Added) };
    let same = store::resource::content(tx, scope, &member.version).await? == *content;
    Ok(if same { Effect::Unchanged } else { Effect::Changed })
}
