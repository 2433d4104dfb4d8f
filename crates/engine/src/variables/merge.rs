//! Deep merge of JSON texts: objects level by level, everything else replaced.
//!
//! The result is the base text with edits, so what the patch does not name keeps its bytes. Of
//! duplicate keys the last one counts, as in JavaScript.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::scan::{self, Part};

/// `base` with `patch` merged into it. Both are valid JSON; `base` comes back unless both are objects.
pub(super) fn merged<'a>(base: &str, patch: &'a str) -> Cow<'a, str> {
    let (base_at, patch_at) = (scan::after_space(base.as_bytes(), 0), scan::after_space(patch.as_bytes(), 0));
    if !both_objects(base, base_at, patch, patch_at) {
        return Cow::Borrowed(patch);
    }
    let mut edits = Vec::new();
    let mut pairs = vec![(base_at, patch_at)];
    while let Some((base_at, patch_at)) = pairs.pop() {
        merge_level((base, base_at), (patch, patch_at), &mut edits, &mut pairs);
    }
    Cow::Owned(apply(base, patch, edits))
}

/// The text at `at` of the base gives way to `with` of the patch.
struct Edit {
    at: Range<usize>,
    lead: &'static str,
    with: Range<usize>,
}

fn merge_level(
    (base, base_at): (&str, usize),
    (patch, patch_at): (&str, usize),
    edits: &mut Vec<Edit>,
    pairs: &mut Vec<(usize, usize)>,
) {
    let there: BTreeMap<Vec<u8>, Part> =
        scan::parts(base, base_at).map(|part| (key(base, &part), part)).collect();
    let mut empty = there.is_empty();
    let end = scan::value_end(base.as_bytes(), base_at) - 1;
    for (name, new) in last_of_each(patch, patch_at) {
        match there.get(&name) {
            Some(old) if both_objects(base, old.value.start, patch, new.value.start) => {
                pairs.push((old.value.start, new.value.start));
            }
            Some(old) => edits.push(Edit { at: old.value.clone(), lead: "", with: new.value }),
            None => {
                let lead = if empty { "" } else { "," };
                edits.push(Edit { at: end..end, lead, with: new.key.start..new.value.end });
                empty = false;
            }
        }
    }
}

/// The members of an object in order; of duplicates only the last.
pub(super) fn last_of_each(text: &str, at: usize) -> Vec<(Vec<u8>, Part)> {
    let all: Vec<(Vec<u8>, Part)> = scan::parts(text, at).map(|part| (key(text, &part), part)).collect();
    let last: BTreeMap<Vec<u8>, usize> =
        all.iter().enumerate().map(|(index, (name, _))| (name.clone(), index)).collect();
    if last.len() == all.len() {
        return all;
    }
    all.into_iter()
        .enumerate()
        .filter(|(index, (name, _))| last.get(name) == Some(index))
        .map(|(_, member)| member)
        .collect()
}

fn key(text: &str, part: &Part) -> Vec<u8> {
    scan::decoded(&text[part.key.clone()])
}

fn both_objects(base: &str, base_at: usize, patch: &str, patch_at: usize) -> bool {
    base.as_bytes().get(base_at) == Some(&b'{') && patch.as_bytes().get(patch_at) == Some(&b'{')
}

fn apply(base: &str, patch: &str, mut edits: Vec<Edit>) -> String {
    // Stable: several members added to one object keep the order of the patch.
    edits.sort_by_key(|edit| edit.at.start);
    let added: usize = edits.iter().map(|edit| edit.with.len() + edit.lead.len()).sum();
    let mut out = String::with_capacity(base.len() + added);
    let mut kept = 0;
    for edit in edits {
        out.push_str(&base[kept..edit.at.start]);
        out.push_str(edit.lead);
        out.push_str(&patch[edit.with]);
        kept = edit.at.end;
    }
    out.push_str(&base[kept..]);
    out
}
