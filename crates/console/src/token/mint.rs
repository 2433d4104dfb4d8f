//! Tokens made outside of the API: on the command line and at start.

use store::{Db, StoreError};
use uuid::Uuid;

use crate::first_start::StartError;
use crate::secret::Secret;
use crate::{clock, key};

/// What a token of everything may do.
pub(crate) const ADMIN: &str = "admin";

/// Makes a token of the whole installation for the administrator who was made first. It is
/// shown this once. For the command line: whoever reads the data folder may do this.
pub async fn mint_token(db: &Db, name: &str) -> Result<Secret, StartError> {
    mint(db, name, None).await
}

async fn mint(db: &Db, name: &str, valid: Option<i64>) -> Result<Secret, StartError> {
    let name = webhook::ProjectName::parse(name)
        .map_err(|e| StartError::TokenName(e.to_string()))?
        .as_str()
        .to_owned();
    let token = key::new_token()?;
    let digest = key::token_digest(token.reveal());
    db.write(move |tx| {
        Box::pin(async move {
            let user = store::user::administrator(tx).await?.ok_or(StartError::NotStarted)?;
            let user = Uuid::parse_str(&user.id).map_err(|e| StoreError::Corrupt(e.to_string()))?;
            let now = clock::now();
            let id = insert_until(tx, (user, &name), digest, (now, valid.map(|valid| now + valid))).await?;
            let entry = store::audit::NewEntry {
                project: None,
                stamp: store::user::Stamp { user: Some(user), at: now },
                token: None,
                session: None,
                action: "token.create",
                target: &id.to_string(),
                detail: "{\"by\":\"command line\"}",
                source_address: None,
                request_id: None,
            };
            store::audit::append(tx, &entry).await?;
            Ok::<_, StartError>(())
        })
    })
    .await?;
    Ok(token)
}

/// How long a passing token is valid, in milliseconds: ten minutes.
const PASSING: i64 = 600_000;

/// Makes a token as [`mint_token`] does, but one that ends by itself: for a command line that speaks to the API itself.
pub async fn passing_token(db: &Db, name: &str) -> Result<Secret, StartError> {
    mint(db, name, Some(PASSING)).await
}

/// Keeps a token of everything.
pub(crate) async fn insert(
    tx: &mut store::Tx,
    (user, name): (Uuid, &str),
    sha256: [u8; 32],
    now: i64,
) -> Result<Uuid, StoreError> {
    insert_until(tx, (user, name), sha256, (now, None)).await
}

async fn insert_until(
    tx: &mut store::Tx,
    (user, name): (Uuid, &str),
    sha256: [u8; 32],
    (now, expires_at): (i64, Option<i64>),
) -> Result<Uuid, StoreError> {
    let id = Uuid::new_v4();
    let token = store::token::NewToken { id, user, project: None, name, sha256, scopes: ADMIN, expires_at };
    store::token::insert(tx, &token, now).await?;
    Ok(id)
}
