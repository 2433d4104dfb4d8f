//! What is refused before the XML parser sees it.
//!
//! The parser compares each attribute of an element with all before it, and copies the namespaces
//! in scope for each element that declares one: both are quadratic, so a file of a few MiB could
//! hold a thread for minutes. One linear pass over the markup bounds what it will meet. The pass
//! judges nothing else: where the markup is broken it stops, and the parser says what is wrong.

use super::{Limit, MAX_DEPTH, MAX_NODES, ReadError};

/// The most attributes of one element, namespace declarations among them.
pub(super) const MAX_ELEMENT_ATTRIBUTES: usize = 256;
/// The most attributes of a file.
pub(super) const MAX_ATTRIBUTES: usize = 300_000;
/// The most namespace declarations of a file.
const MAX_NAMESPACES: usize = 20_000;
/// The most namespace declarations on the way from the root to an element.
const MAX_NAMESPACES_IN_SCOPE: usize = 256;

/// Refuses a DOCTYPE, NUL, too deep nesting, and too many attributes or namespaces.
pub(super) fn guard(text: &str) -> Result<(), ReadError> {
    if let Some(at) = text.find('\0') {
        let (line, column) = position(text, at);
        return Err(ReadError::NotXml { message: "a NUL character".to_owned(), line, column });
    }
    let mut shape = Shape::default();
    let mut at = 0;
    while let Some(found) = find(text, at, "<") {
        // a text before the markup, and the markup unless it is an end tag
        shape.nodes += u32::from(found > at) + u32::from(!text[found..].starts_with("</"));
        if shape.nodes > MAX_NODES {
            let (line, column) = position(text, found);
            return Err(ReadError::Limit { limit: Limit::Nodes, line, column });
        }
        match shape.markup(text, found)? {
            Some(next) => at = next,
            None => break,
        }
    }
    Ok(())
}

#[derive(Default)]
struct Shape {
    /// Namespace declarations of each open element.
    open: Vec<usize>,
    in_scope: usize,
    nodes: u32,
    attributes: usize,
    namespaces: usize,
}

impl Shape {
    /// Takes in one piece of markup and gives where it ends; `None` where it does not.
    fn markup(&mut self, text: &str, at: usize) -> Result<Option<usize>, ReadError> {
        let rest = &text[at..];
        if rest.starts_with("<!--") {
            return Ok(find(text, at + 4, "-->").map(|end| end + 3));
        }
        if rest.starts_with("<![CDATA[") {
            return Ok(find(text, at + 9, "]]>").map(|end| end + 3));
        }
        if rest.starts_with("<!DOCTYPE") {
            let (line, column) = position(text, at);
            return Err(ReadError::Doctype { line, column });
        }
        if rest.starts_with("<?") {
            return Ok(find(text, at + 2, "?>").map(|end| end + 2));
        }
        if rest.starts_with("</") {
            self.in_scope -= self.open.pop().unwrap_or_default();
            return Ok(find(text, at + 2, ">").map(|end| end + 1));
        }
        let Some(tag) = Tag::scan(text.as_bytes(), at) else {
            return Ok(None);
        };
        self.element(&tag).map_err(|limit| {
            let (line, column) = position(text, at);
            ReadError::Limit { limit, line, column }
        })?;
        Ok(Some(tag.end))
    }

    fn element(&mut self, tag: &Tag) -> Result<(), Limit> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Limit::Depth);
        }
        if tag.attributes > MAX_ELEMENT_ATTRIBUTES {
            return Err(Limit::ElementAttributes);
        }
        self.attributes += tag.attributes;
        if self.attributes > MAX_ATTRIBUTES {
            return Err(Limit::Attributes);
        }
        self.namespaces += tag.namespaces;
        if self.namespaces > MAX_NAMESPACES || self.in_scope + tag.namespaces > MAX_NAMESPACES_IN_SCOPE {
            return Err(Limit::Namespaces);
        }
        if !tag.is_empty {
            self.open.push(tag.namespaces);
            self.in_scope += tag.namespaces;
        }
        Ok(())
    }
}

/// A start tag: what stands between `<` and `>`.
struct Tag {
    /// The position behind the `>`.
    end: usize,
    attributes: usize,
    namespaces: usize,
    /// `<a/>`: no end tag will come.
    is_empty: bool,
}

impl Tag {
    fn scan(bytes: &[u8], start: usize) -> Option<Self> {
        let (mut attributes, mut namespaces) = (0, 0);
        let mut at = start + 1;
        loop {
            match *bytes.get(at)? {
                b'>' => {
                    return Some(Self {
                        end: at + 1,
                        attributes,
                        namespaces,
                        is_empty: bytes[at - 1] == b'/',
                    });
                }
                quote @ (b'"' | b'\'') => {
                    attributes += 1;
                    namespaces += usize::from(declares_namespace(&bytes[start..at]));
                    let value = &bytes[at + 1..];
                    at += 2 + value.iter().position(|byte| *byte == quote)?;
                }
                _ => at += 1,
            }
        }
    }
}

/// Whether the attribute whose value begins behind `before` is `xmlns` or `xmlns:…`.
fn declares_namespace(before: &[u8]) -> bool {
    let Some(name) = before.trim_ascii_end().strip_suffix(b"=") else {
        return false;
    };
    let name = name.trim_ascii_end();
    let begin = name
        .iter()
        .rposition(|byte| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'<'))
        .map_or(0, |at| at + 1);
    name[begin..].strip_prefix(b"xmlns").is_some_and(|rest| matches!(rest.first(), None | Some(b':')))
}

fn find(text: &str, from: usize, what: &str) -> Option<usize> {
    text.get(from..)?.find(what).map(|at| from + at)
}

/// Line and column of a byte position, both from 1, the column in characters.
fn position(text: &str, at: usize) -> (u32, u32) {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = 1 + before.bytes().filter(|byte| *byte == b'\n').count();
    let column = 1 + before[line_start..].chars().count();
    // a file has at most 4 MiB, so neither comes near the end of u32
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}
