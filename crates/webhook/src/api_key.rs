//! The secret that a sender presents, and how it is compared and kept.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

/// The query parameter that carries the key.
pub const QUERY_PARAMETER: &str = "flowxApiKey";

/// The header that may carry the key instead, so that it need not stand in a URL (ASVS 5.0 14.2.1).
pub const HEADER: &str = "x-api-key";

/// 32 bytes in base64url without padding.
const CHARS: usize = 43;

const NONCE_BYTES: usize = 24;

/// An API key: 32 bytes from the operating system's random source, as 43 characters of base64url without
/// padding. `Debug` hides it and there is no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// The key with these bytes. They must come from the operating system's random source.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The 43 characters. Only for the answer to the person who asked for them.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is compared on every request.
    pub fn digest(&self) -> KeyDigest {
        KeyDigest::of(&self.0)
    }

    /// Encrypts the key for keeping: nonce ‖ ciphertext of XChaCha20-Poly1305, bound to the trigger's id so
    /// that a row cannot be moved to another trigger. The nonce must be random and used once.
    pub fn seal(&self, master: &MasterKey, nonce: [u8; NONCE_BYTES], trigger: Uuid) -> Vec<u8> {
        let payload = Payload { msg: self.0.as_bytes(), aad: trigger.as_bytes() };
        let mut sealed = nonce.to_vec();
        // Encryption fails only above 256 GiB of plain text.
        if let Ok(ciphertext) = master.cipher().encrypt(&XNonce::from(nonce), payload) {
            sealed.extend_from_slice(&ciphertext);
        }
        sealed
    }

    /// Decrypts what [`ApiKey::seal`] made for the same trigger with the same master key.
    pub fn open(sealed: &[u8], master: &MasterKey, trigger: Uuid) -> Result<Self, SealError> {
        let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(SealError::Truncated)?;
        let payload = Payload { msg: ciphertext, aad: trigger.as_bytes() };
        let plain =
            master.cipher().decrypt(&XNonce::from(*nonce), payload).map_err(|_| SealError::NotAuthentic)?;
        match String::from_utf8(plain) {
            Ok(text) if text.len() == CHARS => Ok(Self(text)),
            _ => Err(SealError::NotAKey),
        }
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey([redacted])")
    }
}

/// Why a stored key could not be decrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Shorter than a nonce.
    #[error("the stored key is cut short")]
    Truncated,
    /// Another master key, another trigger's row, or changed bytes.
    #[error("the stored key was not sealed with this master key for this trigger, or was changed since")]
    NotAuthentic,
    /// Authentic, but not an API key.
    #[error("the stored secret is not an API key")]
    NotAKey,
}

/// The SHA-256 of the key's characters as sent. A plain hash is enough for a secret of 256 random bits
/// (ASVS 5.0 6.5.2).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyDigest(pub [u8; 32]);

impl KeyDigest {
    /// The digest of what a sender presented. Nothing is decoded or trimmed.
    pub fn of(presented: &str) -> Self {
        Self(Sha256::digest(presented.as_bytes()).into())
    }

    /// Whether both are the same, in a time that does not depend on where they differ.
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for KeyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyDigest(…)")
    }
}

/// The key that encrypts the stored API keys. `Debug` hides it.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    /// The master key with these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(self.0))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey([redacted])")
    }
}

/// A key as a sender presented it, right or wrong. `Debug` hides it and there is no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct PresentedKey<'a>(Cow<'a, str>);

impl PresentedKey<'_> {
    /// The characters as sent, after percent-decoding of the query.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is compared with the trigger's digests.
    pub fn digest(&self) -> KeyDigest {
        KeyDigest::of(&self.0)
    }
}

impl fmt::Debug for PresentedKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PresentedKey([redacted])")
    }
}

/// What a request presented as its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presented<'a> {
    /// No key at all.
    None,
    /// Exactly one key, in the query or in the header.
    One(PresentedKey<'a>),
    /// More than one key, equal or not: two readers might each take another one (ASVS 5.0 15.3.7).
    Several,
}

/// Finds the key of a request in its query (`flowxApiKey`, exact case, percent-decoded) and its `X-Api-Key`
/// headers. An empty value counts as presented.
pub fn presented<'a>(query: Option<&'a str>, headers: impl Iterator<Item = &'a [u8]>) -> Presented<'a> {
    let in_query = query.into_iter().flat_map(|query| {
        form_urlencoded::parse(query.as_bytes())
            .filter(|(name, _)| name == QUERY_PARAMETER)
            .map(|(_, value)| PresentedKey(value))
    });
    let in_headers = headers.map(|value| PresentedKey(String::from_utf8_lossy(value)));
    let mut all = in_query.chain(in_headers);
    match (all.next(), all.next()) {
        (None, _) => Presented::None,
        (Some(key), None) => Presented::One(key),
        (Some(_), Some(_)) => Presented::Several,
    }
}
