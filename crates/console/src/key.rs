//! New API keys and tokens: the only place of the API that asks the operating system for random bytes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use webhook::{ApiKey, MasterKey};

use crate::secret::Secret;

/// The operating system gave no random bytes.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub(crate) struct NoRandomness;

fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// A new API key for a trigger, and what the store keeps of it.
pub(crate) fn new_key(
    master: &MasterKey,
    trigger: Uuid,
) -> Result<(ApiKey, store::trigger::Key), NoRandomness> {
    let key = ApiKey::from_bytes(random()?);
    let kept = store::trigger::Key { sha256: key.digest().0, sealed: key.seal(master, random()?, trigger) };
    Ok((key, kept))
}

/// A new bearer token: `fb_` and 32 random bytes in base64url.
pub(crate) fn new_token() -> Result<Secret, NoRandomness> {
    Ok(Secret::new(format!("fb_{}", URL_SAFE_NO_PAD.encode(random::<32>()?))))
}

/// A new value for a session's cookie: 32 random bytes in base64url.
pub(crate) fn new_session() -> Result<Secret, NoRandomness> {
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(random::<32>()?)))
}

/// A new one-time token of a sign-in link: 32 random bytes in base64url.
pub(crate) fn new_link() -> Result<Secret, NoRandomness> {
    new_session()
}

/// What the store keeps of a bearer token, a cookie or a link. Looking a hash up leaks nothing about the token by its timing.
pub(crate) fn token_digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
