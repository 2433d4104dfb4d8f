//! From the XML tree to a flat list of elements, each with all that it says.

use std::collections::{BTreeMap, HashMap};

use roxmltree::Node;

use super::layout;
use super::names::Names;
use crate::read::node;

/// Elements whose children are elements of their own.
const CONTAINERS: [&str; 14] = [
    "definitions",
    "process",
    "subProcess",
    "transaction",
    "adHocSubProcess",
    "collaboration",
    "choreography",
    "subChoreography",
    "globalConversation",
    "conversation",
    "subConversation",
    "laneSet",
    "lane",
    "childLaneSet",
];

/// Children of containers that describe their parent and are no elements of their own.
const DESCRIBING: [&str; 30] = [
    "auditing",
    "categoryValueRef",
    "completionCondition",
    "conversationAssociation",
    "correlationKey",
    "correlationSubscription",
    "dataInputAssociation",
    "dataOutputAssociation",
    "documentation",
    "extensionElements",
    "flowNodeRef",
    "humanPerformer",
    "incoming",
    "ioBinding",
    "ioSpecification",
    "loopDataInputRef",
    "messageFlowAssociation",
    "messageFlowRef",
    "monitoring",
    "multiInstanceLoopCharacteristics",
    "outgoing",
    "participantAssociation",
    "participantRef",
    "partitionElement",
    "performer",
    "potentialOwner",
    "property",
    "resourceRole",
    "standardLoopCharacteristics",
    "supports",
];

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// An element and all that it says.
#[derive(Debug, Default)]
pub(super) struct Item {
    /// Its id, or its place among those that have none.
    pub(super) key: String,
    pub(super) id: Option<String>,
    pub(super) tag: String,
    /// Properties by name.
    pub(super) says: BTreeMap<String, String>,
    /// Properties of the diagram by name.
    pub(super) shown: BTreeMap<String, String>,
    /// Of an exclusive gateway: its flows in the order in which they are asked.
    pub(super) order: Vec<String>,
}

/// All elements of a file, in document order.
#[derive(Debug, Default)]
pub(super) struct Collection {
    pub(super) items: Vec<Item>,
    /// Every id of the file → the element that it is, or that it stands in.
    owners: HashMap<String, usize>,
    keys: HashMap<String, usize>,
}

impl Collection {
    pub(super) fn of(root: Node<'_, '_>, names: &mut Names) -> Self {
        let mut collection = Collection::default();
        collection.add(root, "", names);
        collection.ask();
        for shown in layout::shown(root, names) {
            let Some(at) = collection.owners.get(shown.element).copied() else { continue };
            let item = &mut collection.items[at];
            let own = item.id.as_deref() == Some(shown.element);
            for (name, value) in shown.properties {
                let name = if own { name } else { format!("{}.{name}", shown.element) };
                item.shown.insert(name, value);
            }
        }
        collection
    }

    /// Recurs once for each nested container, so at most `MAX_DEPTH` times.
    fn add(&mut self, xml: Node<'_, '_>, parent: &str, names: &mut Names) {
        let tag = xml.tag_name().name();
        let id = node::id(xml).map(str::to_owned);
        let key = self.key(if tag == "definitions" { None } else { id.as_deref() }, parent, tag);
        let at = self.items.len();
        let mut item = Item { key: key.clone(), id, tag: tag.to_owned(), ..Item::default() };
        item.says.insert("type".to_owned(), tag.to_owned());
        if !parent.is_empty() {
            item.says.insert("parent".to_owned(), parent.to_owned());
        }
        self.own(xml, at);
        let inner: Vec<_> = Reader { says: &mut item.says, names }.element(xml);
        self.items.push(item);
        for child in inner {
            self.add(child, &key, names);
        }
    }

    fn key(&mut self, id: Option<&str>, parent: &str, tag: &str) -> String {
        let base = id.map_or_else(|| format!("{parent}/{tag}"), str::to_owned);
        let number = self.keys.entry(base.clone()).or_default();
        *number += 1;
        if *number > 1 { format!("{base}[{number}]") } else { base }
    }

    /// The element owns the ids in it; an element of its own takes its id over.
    fn own(&mut self, xml: Node<'_, '_>, at: usize) {
        if let Some(id) = node::id(xml) {
            self.owners.insert(id.to_owned(), at);
        }
        let describing = node::children(xml).filter(|(tag, _)| !is_element(xml, tag));
        for id in describing.flat_map(|(_, child)| child.descendants()).filter_map(node::id) {
            self.owners.entry(id.to_owned()).or_insert(at);
        }
    }

    /// Gives each exclusive gateway its conditional flows, in document order.
    fn ask(&mut self) {
        let gateways = self.items.iter().enumerate().filter(|(_, item)| item.tag == "exclusiveGateway");
        let at: HashMap<String, usize> = gateways.map(|(at, item)| (item.key.clone(), at)).collect();
        for flow in 0..self.items.len() {
            let item = &self.items[flow];
            if item.tag != "sequenceFlow" || !item.says.contains_key("condition") {
                continue;
            }
            let source = item.says.get("sourceRef").and_then(|source| at.get(source.trim())).copied();
            let key = item.key.clone();
            if let Some(gateway) = source {
                self.items[gateway].order.push(key);
            }
        }
    }
}

/// Whether a child of this name is an element of its own.
fn is_element(parent: Node<'_, '_>, tag: &str) -> bool {
    CONTAINERS.contains(&parent.tag_name().name()) && !DESCRIBING.contains(&tag)
}

/// Reads the properties of one element.
struct Reader<'s> {
    says: &'s mut BTreeMap<String, String>,
    names: &'s mut Names,
}

impl Reader<'_> {
    /// The element's own properties; gives the children that are elements of their own.
    fn element<'a, 'i>(&mut self, xml: Node<'a, 'i>) -> Vec<Node<'a, 'i>> {
        let root = xml.tag_name().name() == "definitions";
        for attribute in xml.attributes() {
            let (namespace, name) = (attribute.namespace(), attribute.name());
            let silent = namespace == Some(XSI)
                || (namespace.is_none() && name == "id" && !root)
                || (root && (name == "exporter" || name == "exporterVersion"));
            if !silent {
                let name = self.names.show(xml, namespace, name);
                self.says.insert(name, attribute.value().to_owned());
            }
        }
        let mut inner = Vec::new();
        let mut members: Vec<String> = Vec::new();
        let mut seen = HashMap::new();
        for child in xml.children().filter(Node::is_element) {
            match node::bpmn_name(child) {
                Some("incoming" | "outgoing") => {}
                Some("flowNodeRef") => members.push(node::text(child).trim().to_owned()),
                Some(tag) if is_element(xml, tag) => inner.push(child),
                // the diagram is read on its own
                None if root && child.tag_name().name() == "BPMNDiagram" => {}
                _ => self.describing(child, "", &mut seen),
            }
        }
        if !members.is_empty() {
            members.sort_unstable();
            self.says.insert("flowNodeRef".to_owned(), members.join(" "));
        }
        inner
    }

    /// Recurs once for each level of the file, so at most `MAX_DEPTH` times.
    fn describing(&mut self, xml: Node<'_, '_>, above: &str, seen: &mut HashMap<String, usize>) {
        let path = self.path(xml, above, seen);
        let mut attributes = 0;
        for attribute in xml.attributes().filter(|a| a.namespace() != Some(XSI)) {
            attributes += 1;
            let name = self.names.show(xml, attribute.namespace(), attribute.name());
            self.says.insert(format!("{path}.{name}"), attribute.value().to_owned());
        }
        let has_children = xml.children().any(|child| child.is_element());
        let text = node::text(xml);
        // what a script says may depend on every character of it
        let text = if path == "script" { text.as_str() } else { text.trim() };
        if !text.is_empty() || (!has_children && attributes == 0) {
            self.says.insert(path.clone(), text.to_owned());
        }
        let mut below = HashMap::new();
        for child in xml.children().filter(Node::is_element) {
            self.describing(child, &path, &mut below);
        }
    }

    fn path(&mut self, xml: Node<'_, '_>, above: &str, seen: &mut HashMap<String, usize>) -> String {
        let shown = self.names.show(xml, xml.tag_name().namespace(), xml.tag_name().name());
        let path = match (above, shown.as_str()) {
            ("", "conditionExpression") => "condition".to_owned(),
            ("extensionElements", "forebay:processTrigger") => "trigger".to_owned(),
            ("", shown) => shown.to_owned(),
            (above, shown) => format!("{above}/{shown}"),
        };
        let number = seen.entry(path.clone()).or_default();
        *number += 1;
        if *number > 1 { format!("{path}[{number}]") } else { path }
    }
}
