//! Sessions of people in a browser: an `HttpOnly` cookie whose hash is stored.

pub(crate) mod begin;
pub(crate) mod end;
pub(crate) mod list;

use axum::Json;
use axum::http::{HeaderName, HeaderValue, header};
use serde::Serialize;
use store::session::{NewSession, Session as Row};
use store::{Tx, user::User};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Rights;
use crate::call::{Caller, Credentials};
use crate::me::{self, Me};
use crate::problem::Problem;
use crate::secret::Secret;
use crate::visit::Visit;
use crate::{clock, guard, key};

/// A session ends so long after its last use.
pub(crate) const IDLE: i64 = 12 * 60 * 60 * 1000;
/// A session ends so long after it began, however much it is used.
const LIFETIME: i64 = 7 * 24 * 60 * 60 * 1000;
/// What is kept of a browser's name for itself, in characters.
const MOST_AGENT: usize = 200;

/// A session, as its user sees it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Session {
    id: String,
    /// Whether it is the one of this request.
    current: bool,
    /// The address it was begun from.
    #[schema(required)]
    source_address: Option<String>,
    /// What the browser says it is.
    #[schema(required)]
    user_agent: Option<String>,
    created_at: String,
    /// To the minute.
    last_used_at: String,
    /// When it ends at the latest; 12 hours without use end it too.
    expires_at: String,
}

impl Session {
    fn of(row: Row, current: Option<Uuid>) -> Session {
        Session {
            current: current.is_some_and(|id| id.to_string() == row.id),
            id: row.id,
            source_address: row.source_address,
            user_agent: row.user_agent,
            created_at: clock::show(row.created_at),
            last_used_at: clock::show(row.last_used_at),
            expires_at: clock::show(row.expires_at),
        }
    }
}

/// Whether a session has ended by itself.
pub(crate) fn is_over(session: &Row, now: i64) -> bool {
    now >= session.expires_at || now - session.last_used_at >= IDLE
}

/// A session that has just begun: what its first answer carries.
pub(crate) struct Begun {
    value: Secret,
    me: Me,
}

/// The answer of a sign-in: the cookie and the user.
pub(crate) type SignedIn = ([(HeaderName, HeaderValue); 1], Json<Me>);

impl Begun {
    /// With the cookie.
    pub(crate) fn answer(self, public_url: &str) -> SignedIn {
        let cookie = cookie(public_url, self.value.reveal(), LIFETIME / 1000);
        ([(header::SET_COOKIE, cookie)], Json(self.me))
    }
}

fn cookie(public_url: &str, value: &str, max_age: i64) -> HeaderValue {
    let secure = if public_url.starts_with("https://") { "; Secure" } else { "" };
    let name = guard::cookie_name(public_url);
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}");
    let mut value = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}

/// Begins a session of a user, in the transaction that let them in, with its audit entry.
pub(crate) async fn start(tx: &mut Tx, user: &User, visit: &Visit, action: &str) -> Result<Begun, Problem> {
    let (id, value, now) = (Uuid::now_v7(), key::new_session()?, clock::now());
    let owner = Uuid::parse_str(&user.id).map_err(|_| Problem::internal("a stored id is not a UUID"))?;
    let agent: Option<String> = visit
        .agent
        .as_deref()
        .map(|text| text.chars().filter(|c| !c.is_control()).take(MOST_AGENT).collect());
    let new = NewSession {
        id,
        user: owner,
        sha256: key::token_digest(value.reveal()),
        source_address: visit.address.as_deref(),
        user_agent: agent.as_deref(),
        now,
        expires_at: now + LIFETIME,
    };
    store::session::sweep(tx, owner, now, now - IDLE).await?;
    store::session::insert(tx, &new).await?;
    store::user::signed_in(tx, owner, now).await?;
    visit.audit(tx, (Some(owner), now), (action, owner), Some(id)).await?;
    let caller = Caller {
        user: owner,
        email: user.email.clone(),
        name: user.name.clone(),
        credentials: Credentials::Session { id, expires_at: new.expires_at },
        only_project: None,
        scopes: Rights::ALL,
        rights: Rights::NONE,
        address: None,
        request_id: String::new(),
    };
    let given = store::role::of_user(tx, owner, me::MOST_ROLES).await?;
    Ok(Begun { value, me: me::show(caller, given) })
}
