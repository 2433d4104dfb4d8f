//! Bearer tokens: of people for their programs, and those made outside of the API.

pub(crate) mod create;
pub(crate) mod list;
mod mint;
pub(crate) mod revoke;

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock;

pub(crate) use mint::{ADMIN, insert};
pub use mint::{mint_token, passing_token};

/// A token, without its text, which was shown when it was made.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Token {
    id: String,
    name: String,
    /// The user it acts for: it can never do more than they.
    user_id: String,
    email: String,
    /// The only project that it opens; `null` for all that its user sees.
    #[schema(required)]
    project_id: Option<String>,
    /// Names of rights; `admin` is everything that its user may.
    scopes: Vec<String>,
    created_at: String,
    /// `null` for never.
    #[schema(required)]
    expires_at: Option<String>,
    #[schema(required)]
    revoked_at: Option<String>,
    /// To the minute.
    #[schema(required)]
    last_used_at: Option<String>,
}

impl From<store::token::Listed> for Token {
    fn from(row: store::token::Listed) -> Self {
        Token {
            id: row.id,
            name: row.name,
            user_id: row.user_id,
            email: row.email,
            project_id: row.project_id,
            scopes: row.scopes.split(' ').map(str::to_owned).collect(),
            created_at: clock::show(row.created_at),
            expires_at: clock::show_some(row.expires_at),
            revoked_at: clock::show_some(row.revoked_at),
            last_used_at: clock::show_some(row.last_used_at),
        }
    }
}
