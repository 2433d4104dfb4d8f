//! Where a sender puts the id of its own delivery.

use crate::{headers, json};

/// The longest idempotency key, in characters.
const MAX_CHARS: usize = 512;

/// Where the key stands that makes two requests one event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum IdempotencyKey {
    /// In the header of this name.
    Header(String),
    /// In the payload, at this RFC 6901 pointer.
    Pointer(String),
}

/// Why a text does not name the place of an idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdempotencyKeyError {
    /// Neither `header:` nor `pointer:`.
    #[error("must be header:<name> or pointer:<JSON pointer>")]
    UnknownKind,
    /// Not a header name of at most 128 characters.
    #[error("must name a header: letters, digits and ! # $ % & ' * + - . ^ _ ` | ~, at most 128 characters")]
    NotAHeaderName,
    /// Not a JSON pointer of at most 512 characters.
    #[error("must be a JSON pointer of at most 512 characters, such as /id or /event/id (RFC 6901)")]
    NotAPointer,
}

impl IdempotencyKey {
    /// Reads `header:X-Github-Delivery` or `pointer:/id`.
    pub fn parse(text: &str) -> Result<Self, IdempotencyKeyError> {
        if let Some(name) = text.strip_prefix("header:") {
            let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
            if name.is_empty() || name.len() > 128 || !name.bytes().all(token) {
                return Err(IdempotencyKeyError::NotAHeaderName);
            }
            Ok(Self::Header(name.to_owned()))
        } else if let Some(pointer) = text.strip_prefix("pointer:") {
            if pointer.chars().count() > 512 || !json::is_pointer(pointer) || pointer.contains('\0') {
                return Err(IdempotencyKeyError::NotAPointer);
            }
            Ok(Self::Pointer(pointer.to_owned()))
        } else {
            Err(IdempotencyKeyError::UnknownKind)
        }
    }

    /// The text that [`IdempotencyKey::parse`] reads.
    pub fn to_text(&self) -> String {
        match self {
            Self::Header(name) => format!("header:{name}"),
            Self::Pointer(pointer) => format!("pointer:{pointer}"),
        }
    }

    /// The key of one request. `header` gives the raw value of a header by its name.
    ///
    /// `None` (the event's own id is the key then) when there is none, when it is empty, an object, an array or
    /// `null`, longer than 512 characters, not decodable, has control characters, or contains the API key.
    /// Numbers and booleans count by their text: `1` and `1.0` are two keys.
    pub fn extract<'a>(
        &self,
        header: impl FnOnce(&str) -> Option<&'a [u8]>,
        body: &[u8],
        presented_key: Option<&str>,
    ) -> Option<String> {
        let key = match self {
            Self::Header(name) => headers::text(header(name)?).into_owned(),
            Self::Pointer(pointer) => {
                let text = json::pointer(std::str::from_utf8(body).ok()?, pointer)?;
                match text.as_bytes().first()? {
                    b'{' | b'[' | b'n' => return None,
                    b'"' => json::string(text)?.into_owned(),
                    _ => text.to_owned(),
                }
            }
        };
        let secret = presented_key.is_some_and(|secret| !secret.is_empty() && key.contains(secret));
        (is_usable(&key) && !secret).then_some(key)
    }
}

/// Whether a text can be an event's key in every store: 1 to 512 characters without controls.
pub(crate) fn is_usable(key: &str) -> bool {
    !key.is_empty() && key.chars().count() <= MAX_CHARS && !key.chars().any(char::is_control)
}
