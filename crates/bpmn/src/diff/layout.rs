//! Where elements stand in the diagram, and how they look (BPMN 2.0.2 clause 12, BPMN DI).

use std::collections::{BTreeMap, HashMap};

use roxmltree::Node;

use super::names::Names;
use crate::read::node;

/// The namespace of BPMN's diagram elements.
const BPMN_DI: &str = "http://www.omg.org/spec/BPMN/20100524/DI";

/// Attributes of shapes and edges that say nothing: ids, and references to other shapes.
const SILENT: [&str; 6] =
    ["id", "bpmnElement", "sourceElement", "targetElement", "choreographyActivityShape", "labelStyle"];

/// What a shape or edge shows, for the element that it belongs to.
pub(super) struct Shown<'a> {
    /// The id of that element.
    pub(super) element: &'a str,
    /// By name.
    pub(super) properties: BTreeMap<String, String>,
}

/// All shapes and edges, in document order; several of one element are numbered.
pub(super) fn shown<'a>(root: Node<'a, '_>, names: &mut Names) -> Vec<Shown<'a>> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let shapes = root
        .descendants()
        .filter(|n| n.has_tag_name((BPMN_DI, "BPMNShape")) || n.has_tag_name((BPMN_DI, "BPMNEdge")));
    shapes
        .filter_map(|shape| {
            let reference = node::reference(shape, "bpmnElement")?;
            // the type is a QName
            let element = reference.rsplit_once(':').map_or(reference, |(_, local)| local);
            let number = seen.entry(element).or_default();
            *number += 1;
            let suffix = if *number > 1 { format!("[{number}]") } else { String::new() };
            Some(Shown { element, properties: properties(shape, &suffix, names) })
        })
        .collect()
}

fn properties(shape: Node<'_, '_>, suffix: &str, names: &mut Names) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for attribute in shape.attributes() {
        if attribute.namespace().is_none() && SILENT.contains(&attribute.name()) {
            continue;
        }
        let name = names.show(shape, attribute.namespace(), attribute.name());
        found.insert(format!("{name}{suffix}"), attribute.value().to_owned());
    }
    let elements = || shape.children().filter(Node::is_element);
    let named = |name: &'static str| elements().filter(move |child| child.tag_name().name() == name);
    if let Some(bounds) = named("Bounds").next() {
        found.insert(format!("bounds{suffix}"), place(bounds));
    }
    let points: Vec<String> = named("waypoint").map(point).collect();
    if !points.is_empty() {
        found.insert(format!("waypoints{suffix}"), points.join(" "));
    }
    let label = named("BPMNLabel").next();
    let label = label.and_then(|label| label.children().find(|child| child.tag_name().name() == "Bounds"));
    if let Some(bounds) = label {
        found.insert(format!("label{suffix}"), place(bounds));
    }
    found
}

fn place(bounds: Node<'_, '_>) -> String {
    format!("{} {}×{}", point(bounds), number(bounds, "width"), number(bounds, "height"))
}

fn point(node: Node<'_, '_>) -> String {
    format!("{},{}", number(node, "x"), number(node, "y"))
}

/// A number as it is: `100` and `100.0` are the same.
fn number(node: Node<'_, '_>, name: &str) -> String {
    let text = node::attribute(node, name).unwrap_or_default().trim();
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => value.to_string(),
        _ => text.to_owned(),
    }
}
