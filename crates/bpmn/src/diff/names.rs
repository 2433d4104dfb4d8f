//! Names of what stands in foreign namespaces, the same in both versions whatever prefixes they use.

use std::collections::HashMap;

use roxmltree::Node;

use crate::{BPMN_NAMESPACE, FOREBAY_NAMESPACE};

/// Namespace → the prefix that it is shown with.
#[derive(Default)]
pub(super) struct Names {
    prefixes: HashMap<String, String>,
}

impl Names {
    /// A name as it is shown: BPMN's own and names without a namespace bare, others with a prefix.
    pub(super) fn show(&mut self, node: Node<'_, '_>, namespace: Option<&str>, local: &str) -> String {
        match namespace {
            None => local.to_owned(),
            Some(BPMN_NAMESPACE) => local.to_owned(),
            Some(FOREBAY_NAMESPACE) => format!("forebay:{local}"),
            Some(uri) => format!("{}:{local}", self.prefix(node, uri)),
        }
    }

    fn prefix<'s>(&'s mut self, node: Node<'_, '_>, uri: &'s str) -> &'s str {
        if !self.prefixes.contains_key(uri) {
            let declared = node.lookup_prefix(uri).filter(|prefix| {
                !prefix.is_empty() && *prefix != "forebay" && !self.prefixes.values().any(|p| p == prefix)
            });
            let prefix = declared.unwrap_or(uri).to_owned();
            self.prefixes.insert(uri.to_owned(), prefix);
        }
        self.prefixes.get(uri).map_or(uri, String::as_str)
    }
}
