//! The difference of two versions of a process, by element.
//!
//! Everything that says something counts: attributes, documentation, conditions, scripts, extensions of any tool.
//! What says nothing does not: white space between elements, comments, prefixes, the order of elements, `incoming`
//! and `outgoing` (the sequence flows say the same), and which program wrote the file. The order of an exclusive
//! gateway's flows does say something (BPMN 2.0.2 clause 13.4.2: the first true condition wins).

mod collect;
mod layout;
mod names;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::ReadError;
use crate::read;
use collect::{Collection, Item};
use names::Names;

/// What happened to an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElementChange {
    /// Only the new version has it.
    Added,
    /// Only the old version has it.
    Removed,
    /// It says something else; it may stand somewhere else too.
    Changed,
    /// Only its place or look in the diagram differs.
    Moved,
}

/// An element that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementDifference {
    /// The `id` attribute; few elements of real files have none.
    pub id: Option<String>,
    /// The name now; of a removed element, the name it had.
    pub name: Option<String>,
    /// The XML local name: `userTask`, `sequenceFlow`, …
    pub tag: String,
    /// What happened.
    pub change: ElementChange,
    /// What differs, by name; of an added or removed element, all that it says.
    pub properties: Vec<PropertyChange>,
}

/// A property that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertyChange {
    /// `name`, `condition`, `script`, `documentation`, `trigger.dataSource`, `parent`, `type`, `flow order`, or the
    /// path to it below the element: `timerEventDefinition/timeDuration`, `multiInstanceLoopCharacteristics.isSequential`.
    pub property: String,
    /// What it was; `None` where there was none.
    pub old: Option<String>,
    /// What it is; `None` where there is none.
    pub new: Option<String>,
    /// Whether it is about the diagram only: `bounds`, `waypoints`, `label`, colours.
    pub diagram: bool,
}

/// What differs between two versions of a file, in the document order of the new one, removed elements last. A
/// missing version has no elements.
pub fn diff(old: Option<&[u8]>, new: Option<&[u8]>) -> Result<Vec<ElementDifference>, ReadError> {
    let mut names = Names::default();
    let mut collect = |xml: Option<&[u8]>| match xml {
        Some(xml) => read::with_root(xml, |_, root| Collection::of(root, &mut names)),
        None => Ok(Collection::default()),
    };
    let (new, old) = (collect(new)?, collect(old)?);
    let before: HashMap<&str, &Item> = old.items.iter().map(|item| (item.key.as_str(), item)).collect();
    let mut found = Vec::new();
    for item in &new.items {
        match before.get(item.key.as_str()) {
            Some(old) => found.extend(differing(old, item)),
            None => found.push(alone(item, ElementChange::Added)),
        }
    }
    let after: BTreeSet<&str> = new.items.iter().map(|item| item.key.as_str()).collect();
    let gone = old.items.iter().filter(|item| !after.contains(item.key.as_str()));
    found.extend(gone.map(|item| alone(item, ElementChange::Removed)));
    Ok(found)
}

fn alone(item: &Item, change: ElementChange) -> ElementDifference {
    let property = |(name, value): (&String, &String)| {
        let (old, new) = match change {
            ElementChange::Removed => (Some(value.clone()), None),
            _ => (None, Some(value.clone())),
        };
        PropertyChange { property: name.clone(), old, new, diagram: false }
    };
    describe(item, change, item.says.iter().map(property).collect())
}

fn differing(old: &Item, new: &Item) -> Option<ElementDifference> {
    let mut properties = unlike(&old.says, &new.says, false);
    properties.extend(reordered(old, new));
    let change = if properties.is_empty() { ElementChange::Moved } else { ElementChange::Changed };
    properties.extend(unlike(&old.shown, &new.shown, true));
    (!properties.is_empty()).then(|| describe(new, change, properties))
}

fn describe(item: &Item, change: ElementChange, properties: Vec<PropertyChange>) -> ElementDifference {
    let name = item.says.get("name").filter(|name| !name.trim().is_empty()).cloned();
    ElementDifference { id: item.id.clone(), name, tag: item.tag.clone(), change, properties }
}

fn unlike(
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
    diagram: bool,
) -> Vec<PropertyChange> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    names
        .into_iter()
        .filter(|name| old.get(*name) != new.get(*name))
        .map(|name| PropertyChange {
            property: name.clone(),
            old: old.get(name).cloned(),
            new: new.get(name).cloned(),
            diagram,
        })
        .collect()
}

/// The flows that both versions have, where they are asked in another order.
fn reordered(old: &Item, new: &Item) -> Option<PropertyChange> {
    let both = |these: &[String], those: &[String]| -> Vec<String> {
        let known: BTreeSet<&String> = those.iter().collect();
        these.iter().filter(|id| known.contains(id)).cloned().collect()
    };
    let (was, is) = (both(&old.order, &new.order), both(&new.order, &old.order));
    (was != is).then(|| PropertyChange {
        property: "flow order".to_owned(),
        old: Some(was.join(" ")),
        new: Some(is.join(" ")),
        diagram: false,
    })
}
