//! The variables of an instance: names and JSON texts, never parsed into values.
//!
//! Numbers of any length, duplicate keys, key order, white space and lone surrogates survive in
//! everything that nobody assigns.

mod merge;
mod pointer;
mod scan;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// Deepest nesting of a variable or patch, whatever a limit says: what is stored must be readable.
/// Request bodies stop at 100 in their envelope.
pub const MAX_DEPTH: usize = 1_000;

/// White space of RFC 8259.
const WHITE_SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// An ordered map of variable name to JSON text. Cheap to clone: texts are shared.
#[derive(Clone, Default)]
pub struct Variables {
    entries: Vec<(Arc<str>, Arc<str>)>,
    index: BTreeMap<Arc<str>, usize>,
    bytes: usize,
}

/// Why a text cannot become a variable or a patch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VariablesError {
    /// Not one JSON value, or nested deeper than the limit.
    #[error("{} {why}", whose(name))]
    Value {
        /// The variable; empty for a patch as a whole.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A patch that is no object.
    #[error("variables must be given as a JSON object of names and values")]
    NotObject,
    /// A name that is no Unicode text (a lone surrogate).
    #[error("a variable's name must be valid Unicode")]
    Name,
}

fn whose(name: &str) -> String {
    if name.is_empty() { "the text".to_owned() } else { format!("the value of {name:?}") }
}

impl Variables {
    /// No variables.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a variable to a JSON text, which is kept byte for byte. White space around it goes, as it
    /// does where the variables are written and read again.
    ///
    /// # Errors
    /// `text` is not one JSON value, or is nested deeper than 1,000.
    pub fn set(&mut self, name: &str, text: impl Into<Arc<str>>) -> Result<(), VariablesError> {
        let mut text = text.into();
        let bare = text.trim_matches(WHITE_SPACE);
        if bare.len() < text.len() {
            text = Arc::from(bare);
        }
        scan::valid(&text, MAX_DEPTH).map_err(|why| VariablesError::Value { name: name.to_owned(), why })?;
        self.put(name, text);
        Ok(())
    }

    /// The JSON text of a variable.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.shared(name).map(|text| &**text)
    }

    /// The JSON text of a variable, to be kept: the same `Arc` as long as the variable is untouched.
    pub fn shared(&self, name: &str) -> Option<&Arc<str>> {
        self.index.get(name).map(|&at| &self.entries[at].1)
    }

    /// Names and texts, in the order in which the variables came to be.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Arc<str>)> {
        self.entries.iter().map(|(name, text)| (name, text))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Names and texts together, in bytes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The text at an RFC 6901 pointer into a variable. `""` is the whole; directly below it the
    /// text between the separators comes exactly, white space too (so `/payload` of `webhookData`
    /// is the posted body); deeper, white space around the value is left out.
    pub fn pointer(&self, name: &str, pointer: &str) -> Option<&str> {
        pointer::find(self.get(name)?, pointer)
    }

    /// Merges level by level: objects into objects, anything else replaces what was there.
    pub fn merge(&mut self, patch: &Patch) {
        for (name, part) in merge::last_of_each(&patch.text, 0) {
            let Ok(name) = std::str::from_utf8(&name) else { continue };
            let new = &patch.text[part.value];
            let text = match self.get(name) {
                Some(old) => Arc::from(&*merge::merged(old, new)),
                None => Arc::from(new),
            };
            self.put(name, text);
        }
    }

    /// All as one JSON object text, without white space of ours.
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(self.bytes + self.entries.len() * 6 + 2);
        out.push('{');
        for (at, (name, text)) in self.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            out.push_str(&quoted(name));
            out.push(':');
            out.push_str(text);
        }
        out.push('}');
        out
    }

    /// The reverse of [`Variables::to_json`].
    ///
    /// # Errors
    /// `text` is no JSON object, or is nested too deep.
    pub fn from_json(text: &str) -> Result<Self, VariablesError> {
        let patch = Patch::within(text, MAX_DEPTH + 1)?;
        let mut variables = Self::new();
        variables.merge(&patch);
        Ok(variables)
    }

    fn put(&mut self, name: &str, text: Arc<str>) {
        self.bytes += text.len();
        if let Some(&at) = self.index.get(name) {
            self.bytes -= self.entries[at].1.len();
            self.entries[at].1 = text;
        } else {
            self.bytes += name.len();
            let name: Arc<str> = Arc::from(name);
            self.index.insert(Arc::clone(&name), self.entries.len());
            self.entries.push((name, text));
        }
    }
}

impl PartialEq for Variables {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

/// Values may be personal data: a debug text shows names and sizes only.
impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter().map(|(name, text)| (name, text.len()))).finish()
    }
}

impl Serialize for Variables {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, text) in self.iter() {
            let raw: &RawValue = serde_json::from_str(text).map_err(serde::ser::Error::custom)?;
            map.serialize_entry(&**name, raw)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Variables {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Variables;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of variables")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Variables, A::Error> {
                let mut variables = Variables::new();
                while let Some((name, raw)) = map.next_entry::<String, Box<RawValue>>()? {
                    variables.set(&name, raw.get()).map_err(A::Error::custom)?;
                }
                Ok(variables)
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// A JSON object text that is merged into variables; valid by construction.
#[derive(Clone, PartialEq, Eq)]
pub struct Patch {
    text: Arc<str>,
}

impl Patch {
    /// Checks a JSON object text of variable names and values. White space around it goes.
    ///
    /// # Errors
    /// Not JSON, no object, nested deeper than `depth` or 1,000, or a name that is not Unicode.
    pub fn parse(text: &str, depth: usize) -> Result<Self, VariablesError> {
        Self::within(text, depth.min(MAX_DEPTH))
    }

    fn within(text: &str, depth: usize) -> Result<Self, VariablesError> {
        let text = text.trim_matches(WHITE_SPACE);
        scan::valid(text, depth).map_err(|why| VariablesError::Value { name: String::new(), why })?;
        if !text.starts_with('{') {
            return Err(VariablesError::NotObject);
        }
        let unicode = |part| std::str::from_utf8(&scan::decoded(&text[part])).is_ok();
        if !scan::parts(text, 0).all(|part| unicode(part.key)) {
            return Err(VariablesError::Name);
        }
        Ok(Self { text: Arc::from(text) })
    }

    /// The object's text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The names of the variables that it touches, in order, decoded.
    pub fn names(&self) -> Vec<String> {
        let names = merge::last_of_each(&self.text, 0).into_iter();
        names.filter_map(|(name, _)| String::from_utf8(name).ok()).collect()
    }
}

impl fmt::Debug for Patch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Patch({} bytes)", self.text.len())
    }
}

impl Serialize for Patch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(&self.text).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Patch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Patch::parse(raw.get(), MAX_DEPTH).map_err(D::Error::custom)
    }
}

/// A name as a JSON string.
pub(crate) fn quoted(name: &str) -> String {
    // A string always serialises.
    serde_json::to_string(name).unwrap_or_default()
}
