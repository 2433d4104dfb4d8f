//! From the bytes of a `.bpmn` file to the model.

mod compile;
mod encoding;
mod event;
mod guard;
pub(crate) mod node;
mod wire;

use std::ops::Range;

use crate::BPMN_NAMESPACE;
use crate::model::Definitions;

/// The largest file that is read, in bytes: 4 MiB.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;
/// The deepest nesting of XML elements that is read.
pub const MAX_DEPTH: usize = 256;
/// The most XML nodes (elements, texts, comments) that are read.
pub const MAX_NODES: u32 = 200_000;

/// Why a file cannot be read. The text says what to do about it; lines and columns count from 1,
/// columns in characters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No bytes, or only white space.
    #[error("the file is empty")]
    Empty,
    /// Larger than [`MAX_BYTES`].
    #[error("the file has {size} bytes; at most 4 MiB are read. Remove embedded images or split the process")]
    TooLarge {
        /// The size in bytes.
        size: usize,
    },
    /// The bytes are not text in the encoding that they claim, or in one that is not read.
    #[error("{message}. Save the file as UTF-8")]
    Encoding {
        /// What is wrong.
        message: String,
    },
    /// Not well-formed XML 1.0 with namespaces.
    #[error("not well-formed XML: {message} (line {line}, column {column})")]
    NotXml {
        /// What is wrong, and no more of the content than a name.
        message: String,
        /// The line.
        line: u32,
        /// The column.
        column: u32,
    },
    /// A document type declaration, which could hold entities (XXE, entity bombs).
    #[error("a DOCTYPE is not allowed in a BPMN file: remove it (line {line}, column {column})")]
    Doctype {
        /// The line.
        line: u32,
        /// The column.
        column: u32,
    },
    /// A limit on the shape of the file, beside its size.
    #[error("{limit} (line {line}, column {column})")]
    Limit {
        /// Which limit.
        limit: Limit,
        /// The line.
        line: u32,
        /// The column.
        column: u32,
    },
    /// XML, but not BPMN 2.0.
    #[error(
        "not a BPMN 2.0 file: its root is <{name}> of the namespace \"{namespace}\", \
         not <definitions> of \"{BPMN_NAMESPACE}\" (line {line}, column {column})"
    )]
    WrongRoot {
        /// The local name of the root, at most 100 characters of it.
        name: String,
        /// Its namespace, at most 100 characters of it.
        namespace: String,
        /// The line.
        line: u32,
        /// The column.
        column: u32,
    },
}

impl ReadError {
    /// Line and column where the fault is, where it has a place.
    pub fn position(&self) -> Option<(u32, u32)> {
        match self {
            Self::NotXml { line, column, .. }
            | Self::Doctype { line, column }
            | Self::Limit { line, column, .. }
            | Self::WrongRoot { line, column, .. } => Some((*line, *column)),
            Self::Empty | Self::TooLarge { .. } | Self::Encoding { .. } => None,
        }
    }
}

/// A limit on the shape of a file. Each is far above what any real diagram has; they bound the
/// time and memory that a hostile file can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Limit {
    /// Nesting beyond [`MAX_DEPTH`].
    #[error("elements are nested deeper than {MAX_DEPTH}")]
    Depth,
    /// More nodes than [`MAX_NODES`].
    #[error("the file has more than {MAX_NODES} XML nodes")]
    Nodes,
    /// More attributes on one element than a diagram needs.
    #[error("an element has more than {} attributes", guard::MAX_ELEMENT_ATTRIBUTES)]
    ElementAttributes,
    /// More attributes in all.
    #[error("the file has more than {} attributes", guard::MAX_ATTRIBUTES)]
    Attributes,
    /// More namespace declarations in all, or in scope at one place.
    #[error("the file declares too many namespaces")]
    Namespaces,
}

/// Reads a BPMN 2.0 file. Elements are known by namespace URI and local name, never by prefix; a
/// byte order mark is stripped; UTF-8, UTF-16, ISO-8859-1 and Windows-1252 are read. A file that
/// can be read may still have every kind of problem: [`check`](crate::check()) names them.
pub fn read(xml: &[u8]) -> Result<Definitions, ReadError> {
    with_root(xml, |_, root| compile::definitions(root))
}

/// The bytes of a file with pieces of its text replaced by ASCII; everything else stays byte for byte.
pub(crate) fn splice(xml: &[u8], pieces: &[(Range<usize>, String)]) -> Result<Vec<u8>, ReadError> {
    encoding::splice(xml, &encoding::decode(xml)?, pieces)
}

/// Reads a file up to its tree, and looks at its text and its root element.
pub(crate) fn with_root<T>(
    xml: &[u8],
    look: impl FnOnce(&str, roxmltree::Node<'_, '_>) -> T,
) -> Result<T, ReadError> {
    if xml.len() > MAX_BYTES {
        return Err(ReadError::TooLarge { size: xml.len() });
    }
    let text = encoding::decode(xml)?;
    if text.trim().is_empty() {
        return Err(ReadError::Empty);
    }
    guard::guard(&text)?;
    let options = roxmltree::ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAX_NODES,
        ..roxmltree::ParsingOptions::default()
    };
    let document = roxmltree::Document::parse_with_options(&text, options).map_err(parse_error)?;
    let root = document.root_element();
    if !node::is_bpmn(root, "definitions") {
        let at = document.text_pos_at(root.range().start);
        return Err(ReadError::WrongRoot {
            name: node::shorten(root.tag_name().name()),
            namespace: node::shorten(root.tag_name().namespace().unwrap_or_default()),
            line: at.row,
            column: at.col,
        });
    }
    Ok(look(&text, root))
}

fn parse_error(error: roxmltree::Error) -> ReadError {
    let at = error.pos();
    let (line, column) = (at.row, at.col);
    match error {
        roxmltree::Error::DtdDetected => ReadError::Doctype { line, column },
        roxmltree::Error::NodesLimitReached => ReadError::Limit { limit: Limit::Nodes, line, column },
        roxmltree::Error::AttributesLimitReached => {
            ReadError::Limit { limit: Limit::Attributes, line, column }
        }
        roxmltree::Error::NamespacesLimitReached => {
            ReadError::Limit { limit: Limit::Namespaces, line, column }
        }
        other => ReadError::NotXml {
            // the parser says the place itself; it stands once in our message
            message: node::shorten(&other.to_string().replace(&format!(" at {at}"), "")),
            line,
            column,
        },
    }
}
