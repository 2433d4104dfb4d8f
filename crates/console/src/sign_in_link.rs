//! One-time links that set a password and sign in: for new users, for a password that was forgotten, and for the
//! first start. The token stands in the URL's fragment, which browsers send to nobody.

pub(crate) mod create;
pub(crate) mod redeem;

use axum::http::StatusCode;
use store::{Db, StoreError, Tx};
use uuid::Uuid;

use crate::first_start::StartError;
use crate::problem::Problem;
use crate::secret::Secret;
use crate::{clock, key};

/// A link for somebody who never had a password may wait for them so long, in milliseconds.
const INVITE: i64 = 7 * 24 * 60 * 60 * 1000;
/// A link that replaces a password is good for so long.
const RESET: i64 = 24 * 60 * 60 * 1000;

/// The link that a token makes, for the page at `/sign-in`.
pub fn sign_in_url(public_url: &str, token: &Secret) -> Secret {
    Secret::new(format!("{public_url}/sign-in#{}", token.reveal()))
}

/// What is told of every link that cannot be used, whatever the reason is.
fn unknown() -> Problem {
    let detail = "This sign-in link was used, replaced, or is too old. An administrator can make a new one; so can `forebay sign-in-link` on the machine.";
    Problem::new(StatusCode::NOT_FOUND, "link-unknown", detail)
}

/// A new link's token for a user, and when it ends; in the transaction of its audit entry.
pub(crate) async fn make(
    tx: &mut Tx,
    user: &store::user::User,
    stamp: &store::user::Stamp,
) -> Result<(Secret, i64), Problem> {
    let token = key::new_link()?;
    let expires_at = stamp.at + if user.has_password == 0 { INVITE } else { RESET };
    let owner = Uuid::parse_str(&user.id).map_err(|_| Problem::internal("a stored id is not a UUID"))?;
    store::sign_in::make_link(tx, owner, key::token_digest(token.reveal()), stamp, expires_at).await?;
    Ok((token, expires_at))
}

/// A sign-in link for the user with this e-mail, or for the administrator who was made first. For the command line:
/// whoever reads the data folder may do this.
pub async fn mint_sign_in_link(db: &Db, public_url: &str, email: Option<&str>) -> Result<Secret, StartError> {
    let email = email.map(crate::user::looked_for);
    let token = db
        .write(move |tx| {
            Box::pin(async move {
                let found = match &email {
                    Some(email) => of_email(tx, email).await?,
                    None => store::user::administrator(tx).await?,
                };
                let user = match (found, email) {
                    (Some(user), _) => user,
                    (None, Some(email)) => return Err(StartError::NoUser(email)),
                    (None, None) => return Err(StartError::NotStarted),
                };
                if user.disabled != 0 {
                    return Err(StartError::Disabled(user.email));
                }
                let stamp = store::user::Stamp { user: None, at: clock::now() };
                let (token, _) = make(tx, &user, &stamp).await?;
                let entry = store::audit::NewEntry {
                    project: None,
                    stamp,
                    token: None,
                    session: None,
                    action: "sign-in-link.create",
                    target: &user.id,
                    detail: "{\"by\":\"command line\"}",
                    source_address: None,
                    request_id: None,
                };
                store::audit::append(tx, &entry).await?;
                Ok(token)
            })
        })
        .await?;
    Ok(sign_in_url(public_url, &token))
}

async fn of_email(tx: &mut Tx, email: &str) -> Result<Option<store::user::User>, StoreError> {
    let filter = store::user::Filter { email: Some(email.to_owned()), disabled: None };
    Ok(store::user::list(tx, &filter, "", 1).await?.into_iter().next())
}
