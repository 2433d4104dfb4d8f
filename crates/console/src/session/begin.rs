//! Signing in with e-mail and password.

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Begun, SignedIn, start};
use crate::body::Body;
use crate::me::Me;
use crate::password::{self, PasswordText};
use crate::problem::Problem;
use crate::visit::{Visit, Visitor};
use crate::{Console, clock, guessing, user};

/// Who signs in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SignIn {
    /// Upper and lower case are the same.
    email: String,
    password: PasswordText,
}

/// What a failed sign-in is told, whatever the reason is.
fn refused() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "sign-in-failed",
        "E-mail or password is wrong, or this user may not sign in. An administrator can make a new sign-in link.",
    )
}

/// Signs in and sets the session's cookie: `HttpOnly`, `SameSite=Lax`; with the prefix `__Host-` and `Secure` where
/// the console is reached by https. The session ends after 12 hours without use, and after 7 days.
#[utoipa::path(post, path = "/session", operation_id = "signIn", tag = "Access", request_body = SignIn,
    responses((status = 200, body = Me), (status = 401, description = "`sign-in-failed`: the same whatever the reason is"),
        (status = 403, description = "`cross-site`: sent by a page of somebody else"),
        (status = 429, description = "`too-many-attempts`: wrong passwords of late; see `Retry-After`")))]
pub(crate) async fn begin(visitor: Visitor, Body(new): Body<SignIn>) -> Result<SignedIn, Problem> {
    let Visitor { console, visit } = visitor;
    let email = user::looked_for(&new.email);
    let account = admit(&console, &email, &visit).await?;
    let kept = account.as_ref().filter(|one| one.disabled == 0).and_then(|one| one.password_hash.clone());
    let right = password::verify(new.password, kept.clone()).await?;
    let owner = account.map(|one| one.id);
    let begun = console
        .db
        .write(move |tx| Box::pin(async move { finish(tx, (&email, owner, kept), right, &visit).await }))
        .await?;
    begun.map(|begun| begun.answer(&console.public_url)).ok_or_else(refused)
}

/// The account, if it may be tried now.
async fn admit(
    console: &Console,
    email: &str,
    visit: &Visit,
) -> Result<Option<store::user::Account>, Problem> {
    let (email, address) = (email.to_owned(), visit.address.clone());
    console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let account = store::user::account(tx, &email).await?;
                let known = match (&account, &address) {
                    (Some(account), Some(address)) => {
                        store::session::known_address(tx, id(&account.id)?, address).await?
                    }
                    _ => false,
                };
                guessing::attempt(tx, (&email, address.as_deref()), known, clock::now()).await?;
                Ok::<_, Problem>(account)
            })
        })
        .await
}

/// Begins the session, or writes down that somebody tried. An e-mail that nobody has leaves no entry: strangers must
/// not be able to fill a table.
async fn finish(
    tx: &mut store::Tx,
    (email, owner, kept): (&str, Option<String>, Option<String>),
    right: bool,
    visit: &Visit,
) -> Result<Option<Begun>, Problem> {
    let Some(owner) = owner.as_deref().map(id).transpose()? else {
        metrics::counter!("forebay_sign_ins_refused_total").increment(1);
        // as long a wait for the disk as the entry about a known user takes
        guessing::note_unknown(tx, clock::now()).await?;
        return Ok(None);
    };
    // between the check and now the password or the user may have been changed
    let now = store::user::account_of(tx, owner).await?;
    let same = now.is_some_and(|now| now.disabled == 0 && now.password_hash == kept);
    let found = store::user::read(tx, owner).await?;
    match found.filter(|_| right && same) {
        Some(user) => {
            guessing::succeeded(tx, email, visit.address.as_deref()).await?;
            start(tx, &user, visit, "session.begin").await.map(Some)
        }
        None => {
            metrics::counter!("forebay_sign_ins_refused_total").increment(1);
            visit.audit(tx, (None, clock::now()), ("session.refuse", owner), None).await?;
            Ok(None)
        }
    }
}

fn id(text: &str) -> Result<Uuid, Problem> {
    Uuid::parse_str(text).map_err(|_| Problem::internal("a stored id is not a UUID"))
}
