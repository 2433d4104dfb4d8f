//! Looking at XML: by namespace URI and local name, never by prefix.

use roxmltree::Node;

use crate::BPMN_NAMESPACE;

/// The longest piece of a file that an error message repeats, in characters.
const MAX_QUOTED: usize = 100;

/// Whether the node is the BPMN model element of this local name.
pub(crate) fn is_bpmn(node: Node<'_, '_>, name: &str) -> bool {
    bpmn_name(node) == Some(name)
}

/// The local name of a BPMN model element; `None` for text, comments and foreign elements.
pub(crate) fn bpmn_name<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    (node.is_element() && node.tag_name().namespace() == Some(BPMN_NAMESPACE)).then(|| node.tag_name().name())
}

/// The BPMN model elements directly in a node, in document order.
pub(crate) fn children<'a, 'i>(node: Node<'a, 'i>) -> impl Iterator<Item = (&'a str, Node<'a, 'i>)> {
    node.children().filter_map(|child| Some((bpmn_name(child)?, child)))
}

/// The first BPMN model element of this name directly in a node.
pub(crate) fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    children(node).find(|(found, _)| *found == name).map(|(_, child)| child)
}

/// An attribute without a namespace; `vendor:name` is not `name`.
pub(crate) fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attributes()
        .find(|attribute| attribute.namespace().is_none() && attribute.name() == name)
        .map(|attribute| attribute.value())
}

/// An attribute of type `xsd:boolean`; what is neither true nor false counts as absent.
pub(crate) fn flag(node: Node<'_, '_>, name: &str) -> Option<bool> {
    match attribute(node, name)?.trim() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// The `id` attribute, trimmed as the type `xsd:ID` demands; empty counts as absent.
pub(crate) fn id<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    reference(node, "id")
}

/// An attribute that names another element, trimmed; empty counts as absent.
pub(crate) fn reference<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    attribute(node, name).map(str::trim).filter(|value| !value.is_empty())
}

/// The `name` attribute; empty counts as absent.
pub(crate) fn name(node: Node<'_, '_>) -> Option<String> {
    attribute(node, "name").filter(|name| !name.trim().is_empty()).map(str::to_owned)
}

/// All text directly in a node, CDATA too, with comments left out.
pub(crate) fn text(node: Node<'_, '_>) -> String {
    node.children().filter(Node::is_text).filter_map(|text| text.text()).collect()
}

/// At most the first 100 characters, for error messages.
pub(crate) fn shorten(text: &str) -> String {
    match text.char_indices().nth(MAX_QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
