//! Who presents credentials, and what they may do at most.

use store::Tx;
use uuid::Uuid;

use super::credentials::{Presented, unauthenticated};
use crate::access::{Rights, roles};
use crate::call::{Caller, Credentials};
use crate::problem::Problem;
use crate::{Console, clock, key, session};

/// A use is written down to this many milliseconds.
const TOUCH_EVERY: i64 = 60_000;

/// Whom the credentials belong to, if they are valid now; with no rights yet.
pub(super) async fn of(tx: &mut Tx, presented: &Presented) -> Result<(Caller, bool), Problem> {
    match presented {
        Presented::Token(text) => of_token(tx, text).await,
        Presented::Cookie(value) => of_session(tx, value).await,
    }
}

async fn of_token(tx: &mut Tx, text: &str) -> Result<(Caller, bool), Problem> {
    let now = clock::now();
    let found = store::token::by_digest(tx, key::token_digest(text)).await?.ok_or_else(unauthenticated)?;
    if found.revoked_at.is_some() || found.disabled != 0 || found.expires_at.is_some_and(|end| end <= now) {
        return Err(unauthenticated());
    }
    let stale = found.last_used_at.is_none_or(|last| now - last > TOUCH_EVERY);
    let caller = Caller {
        user: parse(&found.user_id)?,
        email: found.email,
        name: found.user_name,
        credentials: Credentials::Token {
            id: parse(&found.id)?,
            name: found.name,
            expires_at: found.expires_at,
        },
        only_project: found.project_id.as_deref().map(parse).transpose()?,
        scopes: roles::scopes(&found.scopes),
        rights: Rights::NONE,
        address: None,
        request_id: String::new(),
    };
    Ok((caller, stale))
}

async fn of_session(tx: &mut Tx, value: &str) -> Result<(Caller, bool), Problem> {
    let now = clock::now();
    let found = store::session::by_digest(tx, key::token_digest(value)).await?.ok_or_else(unauthenticated)?;
    if found.disabled != 0 || session::is_over(&found, now) {
        return Err(unauthenticated());
    }
    let stale = now - found.last_used_at > TOUCH_EVERY;
    let caller = Caller {
        user: parse(&found.user_id)?,
        email: found.email,
        name: found.user_name,
        credentials: Credentials::Session { id: parse(&found.id)?, expires_at: found.expires_at },
        only_project: None,
        scopes: Rights::ALL,
        rights: Rights::NONE,
        address: None,
        request_id: String::new(),
    };
    Ok((caller, stale))
}

/// Writes down the use beside the request: nobody waits for it, and a failure only makes the page less exact.
pub(super) fn touch(console: &Console, credentials: &Credentials) {
    let (db, credentials, now) = (console.db.clone(), credentials.clone(), clock::now());
    tokio::spawn(async move {
        let written: Result<(), store::StoreError> = db
            .write(move |tx| {
                Box::pin(async move {
                    match credentials {
                        Credentials::Token { id, .. } => store::token::touch(tx, &id.to_string(), now).await,
                        Credentials::Session { id, .. } => {
                            store::session::touch(tx, &id.to_string(), now).await
                        }
                    }
                })
            })
            .await;
        if let Err(e) = written {
            tracing::warn!(error = %e, "the last use of credentials was not written down");
        }
    });
}

fn parse(id: &str) -> Result<Uuid, Problem> {
    Uuid::parse_str(id).map_err(|_| Problem::internal("a stored id is not a UUID"))
}
