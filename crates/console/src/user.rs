//! People who use the console.

pub(crate) mod change;
pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod password;

use axum::Json;
use axum::http::{HeaderName, HeaderValue, header};
use serde::Serialize;
use unicode_normalization::UnicodeNormalization as _;
use utoipa::ToSchema;

use crate::problem::Fields;
use crate::{clock, etag};

/// The longest e-mail, in bytes (RFC 5321, 4.5.3.1).
const MOST_EMAIL: usize = 254;

/// A user.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    id: String,
    /// In small letters.
    email: String,
    name: String,
    /// Whether they may not sign in; their tokens are refused too.
    disabled: bool,
    /// Whether a password was set: before, only a sign-in link lets them in.
    has_password: bool,
    created_at: String,
    /// When the password was set.
    #[schema(required)]
    password_changed_at: Option<String>,
    /// When they last signed in with a password or a link.
    #[schema(required)]
    signed_in_at: Option<String>,
}

impl From<store::user::User> for User {
    fn from(row: store::user::User) -> Self {
        User {
            id: row.id,
            email: row.email,
            name: row.name,
            disabled: row.disabled != 0,
            has_password: row.has_password != 0,
            created_at: clock::show(row.created_at),
            password_changed_at: clock::show_some(row.password_changed_at),
            signed_in_at: clock::show_some(row.signed_in_at),
        }
    }
}

/// A user with their tag.
type Tagged = ([(HeaderName, HeaderValue); 1], Json<User>);

fn tagged(row: store::user::User) -> Tagged {
    ([(header::ETAG, etag::tag(&row.revision.to_string()))], Json(row.into()))
}

/// The form in which two e-mails that differ only in case are equal.
pub(crate) fn fold_email(text: &str) -> String {
    text.trim().nfc().collect::<String>().to_lowercase()
}

/// The same of an e-mail that is looked for. What no row can hold becomes the empty text, which none has: PostgreSQL
/// would not take the question.
pub(crate) fn looked_for(text: &str) -> String {
    let folded = fold_email(text);
    if folded.len() > MOST_EMAIL || folded.contains(char::is_control) { String::new() } else { folded }
}

/// An e-mail to be stored, or its fault noted. Whether it reaches somebody only a mail can tell.
fn email(fields: &mut Fields, text: &str) -> Option<String> {
    let folded = fold_email(text);
    let (local, domain) = folded.rsplit_once('@').unwrap_or_default();
    let strange = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';' | '"');
    let hidden = webhook::ProjectName::parse(&folded.chars().take(100).collect::<String>()).is_err();
    if folded.len() > MOST_EMAIL
        || local.is_empty()
        || domain.is_empty()
        || folded.contains(strange)
        || hidden
    {
        let message =
            "must be an e-mail address such as ada@example.com, at most 254 bytes, with printable characters";
        fields.add("email", "email", message);
        return None;
    }
    Some(folded)
}
