//! The shape of payloads: which names and types recent ones had, merged into one tree.
//!
//! For completion in an editor. Payloads are a stranger's: depth, width, size of the tree and of examples are
//! bounded, whatever is posted. An object with very many names is one whose names are data (a map by e-mail
//! address): its names are forgotten and its values merged.

mod learn;
mod path;

use std::fmt;

pub use path::{pointer_token, script_member};

/// How much is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How deep objects and arrays are looked into. 16.
    pub depth: usize,
    /// Names of one object before it is a map. 100.
    pub names: usize,
    /// Longest name, in bytes; longer ones are left out. 200.
    pub name_bytes: usize,
    /// Items of one array that are looked at. 20.
    pub items: usize,
    /// Nodes of the whole tree. 2,000.
    pub nodes: usize,
    /// Longest example, in bytes of JSON text. 80.
    pub example_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { depth: 16, names: 100, name_bytes: 200, items: 20, nodes: 2_000, example_bytes: 80 }
    }
}

/// A type of JSON, the numbers finer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// `"…"`
    String,
    /// A number without fraction and exponent.
    Integer,
    /// Any other number.
    Number,
    /// `true` or `false`
    Boolean,
    /// `null`
    Null,
}

impl Type {
    /// The usual word.
    pub fn as_str(self) -> &'static str {
        match self {
            Type::Object => "object",
            Type::Array => "array",
            Type::String => "string",
            Type::Integer => "integer",
            Type::Number => "number",
            Type::Boolean => "boolean",
            Type::Null => "null",
        }
    }
}

/// What stood at one place of the payloads.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Node {
    types: Vec<Type>,
    big: bool,
    objects: u32,
    seen: u32,
    /// The last object in which it was counted: a repeated name counts once.
    counted_in: u64,
    fields: Vec<(String, Node)>,
    values: Option<Box<Node>>,
    items: Option<Box<Node>>,
    cut: bool,
    example: Option<String>,
}

impl Node {
    /// The types that were seen, each once, in a fixed order.
    pub fn types(&self) -> &[Type] {
        &self.types
    }

    /// Whether a number was beyond ±(2^53 − 1): scripts see such integers as `BigInt`.
    pub fn is_big(&self) -> bool {
        self.big
    }

    /// The members of the objects, in the order in which they were first seen; and whether each is missing in
    /// some of the objects.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Node, bool)> {
        self.fields.iter().map(|(name, node)| (name.as_str(), node, node.seen < self.objects))
    }

    /// The merged values of an object whose names are data.
    pub fn values(&self) -> Option<&Node> {
        self.values.as_deref()
    }

    /// The merged items of the arrays.
    pub fn items(&self) -> Option<&Node> {
        self.items.as_deref()
    }

    /// Whether there was more than is kept.
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// The JSON text of the first scalar that was seen here, if it is short. It is a piece of a payload.
    pub fn example(&self) -> Option<&str> {
        self.example.as_deref()
    }
}

/// Examples are pieces of payloads: a debug text does not show them.
impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields: Vec<(&str, &Node)> =
            self.fields.iter().map(|(name, node)| (name.as_str(), node)).collect();
        f.debug_struct("Node").field("types", &self.types).field("fields", &fields).finish_non_exhaustive()
    }
}

/// A shape that learns from payloads.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    root: Node,
    payloads: u32,
    nodes: usize,
    objects: u64,
    limits: Limits,
}

impl Shape {
    /// A shape that knows nothing.
    pub fn new(limits: Limits) -> Self {
        Shape { limits, ..Shape::default() }
    }

    /// What stood at the root of the payloads.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// How many payloads it learned from.
    pub fn payloads(&self) -> u32 {
        self.payloads
    }

    /// How many nodes it has beside the root.
    pub fn nodes(&self) -> usize {
        self.nodes
    }
}
