//! Learning from one payload: a walk over its text that keeps nothing but the shape.

use super::{Limits, Node, Shape, Type};
use crate::json;
use crate::payload::MAX_DEPTH;
use crate::payload::scanner::{self, string_end, value_end, white_space};

/// The largest integer that a double holds exactly with all below it: 2^53 − 1.
const SAFE: u64 = 9_007_199_254_740_991;

impl Shape {
    /// Learns from a JSON text. `false` if it is none, or nested deeper than a payload may be: then nothing is
    /// learned.
    pub fn learn(&mut self, text: &str) -> bool {
        if !scanner::document(text).is_ok_and(|depth| depth <= MAX_DEPTH) {
            return false;
        }
        self.payloads = self.payloads.saturating_add(1);
        let mut walk =
            Walk { text, nodes: &mut self.nodes, objects: &mut self.objects, limits: &self.limits };
        let begin = white_space(text.as_bytes(), 0);
        // the text is valid: the walk comes to its end
        let _ = walk.value(&mut self.root, begin, self.limits.depth);
        true
    }
}

struct Walk<'a> {
    text: &'a str,
    nodes: &'a mut usize,
    objects: &'a mut u64,
    limits: &'a Limits,
}

impl Walk<'_> {
    /// Learns from the value that begins at `at`; where it ends. `depth` levels more are looked into: so deep, at
    /// most, goes the recursion.
    fn value(&mut self, node: &mut Node, at: usize, depth: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        match bytes.get(at)? {
            b'{' | b'[' if depth == 0 => {
                node.cut = true;
                add_type(node, if bytes.get(at) == Some(&b'{') { Type::Object } else { Type::Array });
                skip(bytes, at)
            }
            b'{' => self.object(node, at, depth - 1),
            b'[' => self.array(node, at, depth - 1),
            first => {
                let kind = match first {
                    b'"' => Type::String,
                    b't' | b'f' => Type::Boolean,
                    b'n' => Type::Null,
                    _ => Type::Number,
                };
                let end = skip(bytes, at)?;
                self.scalar(node, kind, self.text.get(at..end)?);
                Some(end)
            }
        }
    }

    fn scalar(&self, node: &mut Node, kind: Type, text: &str) {
        let kind = match kind {
            Type::Number if !text.contains(['.', 'e', 'E']) => Type::Integer,
            kind => kind,
        };
        if kind == Type::Integer {
            node.big |= text.trim_start_matches('-').parse::<u64>().map_or(true, |n| n > SAFE);
        } else if kind == Type::Number {
            node.big |= text.parse::<f64>().map_or(true, |n| n.abs() > SAFE as f64);
        }
        add_type(node, kind);
        if node.example.is_none() && kind != Type::Null && text.len() <= self.limits.example_bytes {
            node.example = Some(text.to_owned());
        }
    }

    fn object(&mut self, node: &mut Node, at: usize, depth: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        add_type(node, Type::Object);
        node.objects = node.objects.saturating_add(1);
        *self.objects += 1;
        let object = *self.objects;
        let mut at = white_space(bytes, at + 1);
        while bytes.get(at) == Some(&b'"') {
            let name_end = string_end(bytes, at).ok()?;
            let name = self.text.get(at..name_end)?;
            let begin = white_space(bytes, white_space(bytes, name_end) + 1);
            let end = self.member(node, (name, object), begin, depth)?;
            at = white_space(bytes, end);
            if bytes.get(at) == Some(&b',') {
                at = white_space(bytes, at + 1);
            }
        }
        Some(at + 1)
    }

    fn member(
        &mut self,
        node: &mut Node,
        (name, object): (&str, u64),
        begin: usize,
        depth: usize,
    ) -> Option<usize> {
        let name = json::string(name).filter(|name| name.len() <= self.limits.name_bytes);
        if let (Some(name), None) = (&name, &node.values) {
            self.make_room(node, name);
        }
        if let Some(values) = &mut node.values {
            return self.value(values, begin, depth);
        }
        let found = name.and_then(|name| node.fields.iter_mut().find(|(known, _)| *known == name));
        let Some((_, field)) = found else {
            node.cut = true;
            return skip(self.text.as_bytes(), begin);
        };
        if field.counted_in != object {
            field.counted_in = object;
            field.seen = field.seen.saturating_add(1);
        }
        self.value(field, begin, depth)
    }

    /// Makes a field of this name where there is room; an object with too many names becomes a map.
    fn make_room(&mut self, node: &mut Node, name: &str) {
        if node.fields.iter().any(|(known, _)| known == name) {
            return;
        }
        if node.fields.len() >= self.limits.names {
            let mut values = Node::default();
            for (_, field) in std::mem::take(&mut node.fields) {
                *self.nodes = self.nodes.saturating_sub(1 + count(&field));
                // deeper places of a map are learned from the payloads that come
                field.types.iter().for_each(|kind| add_type(&mut values, *kind));
                values.big |= field.big;
            }
            *self.nodes += 1;
            node.values = Some(Box::new(values));
        } else if *self.nodes < self.limits.nodes {
            *self.nodes += 1;
            node.fields.push((name.to_owned(), Node::default()));
        }
    }

    fn array(&mut self, node: &mut Node, at: usize, depth: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        add_type(node, Type::Array);
        let mut at = white_space(bytes, at + 1);
        let mut looked = 0;
        while bytes.get(at) != Some(&b']') {
            if node.items.is_none() && *self.nodes < self.limits.nodes {
                *self.nodes += 1;
                node.items = Some(Box::default());
            }
            let end = match &mut node.items {
                Some(items) if looked < self.limits.items => self.value(items, at, depth)?,
                _ => {
                    node.cut = true;
                    skip(bytes, at)?
                }
            };
            looked += 1;
            at = white_space(bytes, end);
            if bytes.get(at) == Some(&b',') {
                at = white_space(bytes, at + 1);
            }
        }
        Some(at + 1)
    }
}

fn skip(bytes: &[u8], at: usize) -> Option<usize> {
    value_end(bytes, at).ok().map(|value| value.end)
}

fn count(node: &Node) -> usize {
    let below =
        node.fields.iter().map(|(_, field)| field).chain(node.values.as_deref()).chain(node.items.as_deref());
    below.map(|child| 1 + count(child)).sum()
}

fn add_type(node: &mut Node, kind: Type) {
    if let Err(at) = node.types.binary_search(&kind) {
        node.types.insert(at, kind);
    }
}
