//! Other data sources in a file: what an import with new ids needs.

use crate::FOREBAY_NAMESPACE;
use crate::read::{self, ReadError, node};

/// The file with other ids in `dataSource` of its `<forebay:processTrigger>`s: `new` gives the id for each that
/// is there (trimmed), or `None` to leave it. Every other byte stays, in whatever encoding the file is. A new id
/// must be ASCII without quotes, `<` and `&`; others are left out.
pub fn relink(xml: &[u8], new: impl Fn(&str) -> Option<String>) -> Result<Vec<u8>, ReadError> {
    let pieces = read::with_root(xml, |_, root| {
        let triggers = root.descendants().filter(|n| n.has_tag_name((FOREBAY_NAMESPACE, "processTrigger")));
        triggers
            .filter_map(|trigger| {
                let attribute = trigger
                    .attributes()
                    .find(|attribute| attribute.namespace().is_none() && attribute.name() == "dataSource")?;
                let id = new(node::reference(trigger, "dataSource")?)?;
                let plain = |c: char| c.is_ascii_graphic() && !"\"'<&".contains(c);
                id.chars().all(plain).then(|| (attribute.range_value(), id))
            })
            .collect::<Vec<_>>()
    })?;
    if pieces.is_empty() { Ok(xml.to_vec()) } else { read::splice(xml, &pieces) }
}
