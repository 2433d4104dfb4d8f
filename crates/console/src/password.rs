//! Passwords: which are allowed (NIST SP 800-63B-4, 3.1.1.2) and how they are kept (Argon2id with OWASP's parameters).

use std::fmt;
use std::sync::LazyLock;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use axum::http::StatusCode;
use serde::Deserialize;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;
use utoipa::ToSchema;

use crate::problem::Problem;

/// The fewest characters: NIST's number where the password is the only factor.
pub(crate) const LEAST: usize = 15;
/// The most characters: enough for any sentence, and what is hashed stays small.
pub(crate) const MOST: usize = 128;
/// So many characters must be left when what an attacker tries first is taken out.
const LEAST_OWN: usize = 8;
/// Hashes made at the same time: each takes 19 MiB, and sign-ins must not starve the rest of memory.
static TURNS: Semaphore = Semaphore::const_new(2);
/// The longest wait for a turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// A password as it came. `Debug` hides it and there is no `Display`.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(value_type = String, format = "password")]
pub(crate) struct PasswordText(String);

impl fmt::Debug for PasswordText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordText([redacted])")
    }
}

impl PasswordText {
    /// The form that is hashed: NFC, so that it is the same from every keyboard.
    fn normal(&self) -> String {
        self.0.nfc().collect()
    }

    /// 422 on `field` if it may not become the password of this user.
    pub(crate) fn allowed(&self, field: &str, email: &str) -> Result<(), Problem> {
        let text = self.normal();
        let length = text.chars().count();
        if !(LEAST..=MOST).contains(&length) {
            let message = format!(
                "must have {LEAST} to {MOST} characters, but has {length}; several words make a good password"
            );
            return Err(Problem::field(field, "length", message));
        }
        if text.chars().any(char::is_control) {
            return Err(Problem::field(field, "characters", "must not have control characters"));
        }
        if own_characters(&text, email) < LEAST_OWN {
            let message = "is among the first that an attacker tries: use words that have nothing to do with you or with Forebay";
            return Err(Problem::field(field, "guessable", message));
        }
        Ok(())
    }
}

/// Characters that are left without the e-mail, well-known words and rows of keys, and repetitions.
fn own_characters(text: &str, email: &str) -> usize {
    let mut rest = text.to_lowercase();
    let local = email.split('@').next().unwrap_or_default();
    for known in [email, local, "forebay", "password", "passwort", "welcome", "admin", "qwerty", "asdfgh"] {
        if known.chars().count() > 2 {
            rest = rest.replace(known, "");
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    let mut last = None;
    for character in rest.chars() {
        let step = last.map(|before: char| u32::from(character).abs_diff(u32::from(before)));
        // neither a repetition nor the next of a row: aaaa, 1234
        if step.is_none_or(|step| step > 1) {
            seen.insert((last, character));
        }
        last = Some(character);
    }
    seen.len()
}

fn argon2() -> Argon2<'static> {
    // OWASP Password Storage Cheat Sheet: m = 19 MiB, t = 2, p = 1
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// What is verified where there is no password, so that the answer takes the same time.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| make("nobody has this password").ok());

fn make(text: &str) -> Result<String, argon2::password_hash::Error> {
    argon2().hash_password(text.as_bytes()).map(|hash: PasswordHash| hash.to_string())
}

/// The hash to keep, in the PHC string format.
pub(crate) async fn hash(password: PasswordText) -> Result<String, Problem> {
    let made = in_turn(move || make(&password.normal())).await?;
    made.map_err(|e| Problem::internal(format!("a password could not be hashed: {e}")))
}

/// Whether this is the password. It takes the same time where there is none.
pub(crate) async fn verify(password: PasswordText, kept: Option<String>) -> Result<bool, Problem> {
    in_turn(move || {
        let nobody = NOBODY.as_deref().unwrap_or_default();
        let text = password.normal();
        // what is longer than any password is not hashed at its length
        let text: String = text.chars().take(MOST + 1).collect();
        let Ok(hash) = PasswordHash::new(kept.as_deref().unwrap_or(nobody)) else { return false };
        argon2().verify_password(text.as_bytes(), &hash).is_ok() && kept.is_some()
    })
    .await
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let busy = || {
        let detail = "Many people sign in at the moment. Try again.";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail)
    };
    let turn = tokio::time::timeout(PATIENCE, TURNS.acquire()).await.map_err(|_| busy())?;
    let turn = turn.map_err(|_| busy())?;
    let done = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(turn);
        done
    });
    done.await.map_err(|e| Problem::internal(format!("a password was not worked on: {e}")))
}
