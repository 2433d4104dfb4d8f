//! The difference of real files: nothing with itself, exactly the planted edit with an edited copy.

use std::ops::Range;

use bpmn::{BPMN_NAMESPACE, ElementChange, diff};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::miwg;

/// A file as text, and what can be edited in it: the id, the range of the name and of the whole element.
struct Editable {
    text: String,
    nodes: Vec<(String, Range<usize>, Range<usize>)>,
    bounds: Vec<(String, Range<usize>)>,
}

fn editable() -> Vec<Editable> {
    let files = miwg::files().unwrap_or_default();
    files.into_iter().filter_map(|(_, bytes)| String::from_utf8(bytes).ok()).filter_map(look).collect()
}

fn look(text: String) -> Option<Editable> {
    let (mut nodes, mut bounds) = (Vec::new(), Vec::new());
    {
        let document = roxmltree::Document::parse(text.strip_prefix('\u{feff}').unwrap_or(&text)).ok()?;
        let shift = text.len() - document.input_text().len();
        let moved = |range: Range<usize>| range.start + shift..range.end + shift;
        for node in document.descendants() {
            let parent = node.parent().map(|parent| parent.tag_name());
            let in_process =
                parent.is_some_and(|p| p.namespace() == Some(BPMN_NAMESPACE) && p.name() == "process");
            let flow_node = ["Event", "Gateway", "Task", "task", "subProcess"];
            if in_process && flow_node.iter().any(|ending| node.tag_name().name().ends_with(ending)) {
                let id = node.attribute("id").unwrap_or_default().to_owned();
                if let Some(name) = node.attribute_node("name") {
                    nodes.push((id, moved(name.range_value()), moved(node.range())));
                }
            }
            if node.tag_name().name() == "Bounds"
                && let Some(shape) = node.parent().filter(|p| p.tag_name().name() == "BPMNShape")
                && let (Some(id), Some(x)) = (shape.attribute("bpmnElement"), node.attribute_node("x"))
            {
                bounds.push((id.rsplit(':').next().unwrap_or(id).to_owned(), moved(x.range_value())));
            }
        }
        // the shapes of what is no element of its own belong to the element around it
        bounds.retain(|(id, _)| nodes.iter().any(|(node, ..)| node == id));
    }
    (!nodes.is_empty()).then_some(Editable { text, nodes, bounds })
}

#[test]
fn every_file_differs_from_itself_in_nothing() {
    for (path, bytes) in miwg::files().unwrap_or_default() {
        assert_eq!(diff(Some(&bytes), Some(&bytes)).unwrap(), [], "{}", path.display());
        let all = diff(None, Some(&bytes)).unwrap();
        assert!(!all.is_empty(), "{}", path.display());
    }
}

#[test]
fn relinking_nothing_gives_every_file_back() {
    for (path, bytes) in miwg::files().unwrap_or_default() {
        let same = bpmn::relink(&bytes, |_| Some("x".to_owned())).unwrap();
        assert!(same == bytes, "{}", path.display());
    }
}

#[test]
fn a_planted_edit_in_any_file_is_named_exactly() {
    let files = editable();
    if files.is_empty() {
        return;
    }
    assert!(files.len() > 300, "{}", files.len());
    let config = ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(file in any::<Index>(), element in any::<Index>(), kind in 0..3)| {
        let file = file.get(&files);
        let (id, name, whole) = element.get(&file.nodes);
        let mut edited = file.text.clone();
        match kind {
            0 => edited.replace_range(name.clone(), "Planted &lt;name>"),
            1 => edited.replace_range(whole.clone(), ""),
            _ if file.bounds.is_empty() => return Ok(()),
            _ => edited.replace_range(element.get(&file.bounds).1.clone(), "12345.5"),
        }
        let found = diff(Some(file.text.as_bytes()), Some(edited.as_bytes())).unwrap();
        match kind {
            0 => {
                prop_assert_eq!(found.len(), 1, "{:#?}", found);
                prop_assert_eq!(found[0].id.as_ref(), Some(id));
                prop_assert_eq!(found[0].change, ElementChange::Changed);
                let changed: Vec<_> = found[0].properties.iter().map(|p| (p.property.as_str(), p.new.as_deref())).collect();
                prop_assert_eq!(changed, [("name", Some("Planted <name>"))]);
            }
            1 => {
                prop_assert!(found.iter().all(|e| e.change == ElementChange::Removed), "{:#?}", found);
                prop_assert_eq!(found[0].id.as_ref(), Some(id));
                // with it went what stood in it, and nothing else
                let inside = |e: &bpmn::ElementDifference| {
                    e.id.as_ref().is_none_or(|inner| file.text[whole.clone()].contains(inner.as_str()))
                };
                prop_assert!(found.iter().all(inside), "{:#?}", found);
            }
            _ => {
                let id = &element.get(&file.bounds).0;
                prop_assert_eq!(found.len(), 1, "{:#?}", found);
                prop_assert_eq!(found[0].id.as_ref(), Some(id));
                prop_assert_eq!(found[0].change, ElementChange::Moved);
                prop_assert_eq!(found[0].properties.len(), 1);
            }
        }
    });
}
