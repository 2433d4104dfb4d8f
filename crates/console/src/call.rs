//! A request that passed the guard: who asks, in which project, about which thing.

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use store::audit::NewEntry;
use store::resource::{Draft, Kind, Place};
use store::user::Stamp;
use store::{Page, Scope, Tx};
use uuid::Uuid;

use crate::access::{Right, Rights};
use crate::page::{ListQuery, bad_cursor};
use crate::problem::Problem;
use crate::selection::{self, ResourceReference};
use crate::{Console, clock};

/// What the caller presented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Credentials {
    /// A session's cookie.
    Session { id: Uuid, expires_at: i64 },
    /// A bearer token.
    Token { id: Uuid, name: String, expires_at: Option<i64> },
}

impl Credentials {
    /// The session, if it is one.
    pub(crate) fn session(&self) -> Option<Uuid> {
        match self {
            Credentials::Session { id, .. } => Some(*id),
            Credentials::Token { .. } => None,
        }
    }

    /// The token, if it is one.
    pub(crate) fn token(&self) -> Option<Uuid> {
        match self {
            Credentials::Session { .. } => None,
            Credentials::Token { id, .. } => Some(*id),
        }
    }
}

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) user: Uuid,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) credentials: Credentials,
    /// The only project that the credentials open.
    pub(crate) only_project: Option<Uuid>,
    /// What the credentials may do at most, whatever the user may.
    pub(crate) scopes: Rights,
    /// What the user may do with these credentials where this request acts.
    pub(crate) rights: Rights,
    /// From where the request comes.
    pub(crate) address: Option<String>,
    pub(crate) request_id: String,
}

impl Caller {
    /// Whether the caller may do this where this request acts: in its project, or on what else its path names.
    pub(crate) fn may(&self, right: Right) -> bool {
        matches!(right, Right::Public | Right::SignedIn) || self.rights.has(right)
    }

    /// Writes an audit entry into the transaction of the change that it tells of.
    pub(crate) async fn audit(
        &self,
        tx: &mut Tx,
        (project, at): (Option<Uuid>, i64),
        (action, target): (&str, &str),
        detail: serde_json::Value,
    ) -> Result<(), Problem> {
        let detail = detail.to_string();
        let entry = NewEntry {
            project,
            stamp: Stamp { user: Some(self.user), at },
            token: self.credentials.token(),
            session: self.credentials.session(),
            action,
            target,
            detail: &detail,
            source_address: self.address.as_deref(),
            request_id: Some(&self.request_id),
        };
        Ok(store::audit::append(tx, &entry).await?)
    }
}

/// Who does something now, and in which project: goes into a transaction.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    pub(crate) scope: Scope,
    pub(crate) caller: Caller,
    pub(crate) at: i64,
}

impl Act {
    /// Who and when, for the rows.
    pub(crate) fn stamp(&self) -> Stamp {
        Stamp { user: Some(self.caller.user), at: self.at }
    }

    /// Writes the audit entry of a change into its own transaction.
    pub(crate) async fn audit(
        &self,
        tx: &mut Tx,
        action: &str,
        target: &str,
        detail: serde_json::Value,
    ) -> Result<(), Problem> {
        self.caller.audit(tx, (Some(self.scope.project), self.at), (action, target), detail).await
    }
}

/// A request outside of any project.
pub(crate) struct Site {
    pub(crate) console: Arc<Console>,
    pub(crate) caller: Caller,
    parameters: Vec<(String, String)>,
}

impl Site {
    /// A path parameter that is a UUID. What is none is unknown: 404.
    pub(crate) fn id(&self, name: &str) -> Result<Uuid, Problem> {
        let found = self.parameters.iter().find(|(key, _)| key == name);
        canonical(found.map_or("", |(_, value)| value))
    }

    /// A path parameter as it came; not for the store.
    pub(crate) fn text(&self, name: &str) -> Result<&str, Problem> {
        let found = self.parameters.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).ok_or_else(Problem::not_found)
    }
}

impl FromRequestParts<Arc<Console>> for Site {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, console: &Arc<Console>) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Caller>().cloned();
        let caller = caller.ok_or_else(|| Problem::internal("a handler ran without the guard"))?;
        let raw = RawPathParams::from_request_parts(parts, console).await;
        let raw = raw.map_err(|_| Problem::not_found())?;
        let parameters = raw.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        Ok(Site { console: Arc::clone(console), caller, parameters })
    }
}

/// A request in a project that exists and that the caller may see.
pub(crate) struct Call {
    pub(crate) console: Arc<Console>,
    pub(crate) caller: Caller,
    pub(crate) scope: Scope,
    parameters: Vec<(String, String)>,
}

impl Call {
    /// A path parameter that is a UUID. What is none is unknown: 404.
    pub(crate) fn id(&self, name: &str) -> Result<Uuid, Problem> {
        canonical(self.parameter(name)?)
    }

    /// A path parameter that is text.
    pub(crate) fn text(&self, name: &str) -> Result<String, Problem> {
        let text = self.parameter(name)?;
        // No row holds such a text, and PostgreSQL would not take the question.
        if text.chars().any(char::is_control) { Err(Problem::not_found()) } else { Ok(text.to_owned()) }
    }

    /// A path parameter as it came; not for the store.
    pub(crate) fn parameter(&self, name: &str) -> Result<&str, Problem> {
        let found = self.parameters.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).ok_or_else(Problem::not_found)
    }

    /// For a change: who, when, where.
    pub(crate) fn act(&self) -> Act {
        Act { scope: self.scope, caller: self.caller.clone(), at: clock::now() }
    }
}

/// Only the usual form is an id: one thing has one address.
pub(crate) fn canonical(text: &str) -> Result<Uuid, Problem> {
    match Uuid::parse_str(text) {
        Ok(id) if id.to_string() == text => Ok(id),
        _ => Err(Problem::not_found()),
    }
}

impl FromRequestParts<Arc<Console>> for Call {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, console: &Arc<Console>) -> Result<Self, Problem> {
        let Site { console, caller, parameters } = Site::from_request_parts(parts, console).await?;
        let scope = parts.extensions.get::<Scope>().copied();
        let scope = scope.ok_or_else(|| Problem::internal("a handler of a project ran outside of one"))?;
        Ok(Call { console, caller, scope, parameters })
    }
}

/// The branch that a path names.
pub(crate) async fn branch(tx: &mut Tx, scope: &Scope, name: &str) -> Result<store::branch::Branch, Problem> {
    store::branch::by_name(tx, scope, name).await?.ok_or_else(Problem::not_found)
}

/// The draft that a path names, with what it is connected with.
pub(crate) async fn connected(call: &Call, kind: Kind) -> Result<Connected, Problem> {
    let (scope, name, id) = (call.scope, call.text("branch")?, call.id("resourceDefinitionId")?);
    selection::catch_up(&call.console.db, scope).await?;
    call.console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let branch = branch(tx, &scope, &name).await?;
                let place = Place { branch: &branch.id, kind, id, expected: None };
                let draft = store::resource::read(tx, &scope, &place).await?;
                let others = selection::of(tx, &scope, &branch.id, (kind, &draft.id)).await?;
                Ok::<_, Problem>((draft, others))
            })
        })
        .await
}

/// A draft, and what it is connected with.
pub(crate) type Connected = (Draft, Vec<ResourceReference>);

/// A page of the drafts of one kind in the branch that a path names, with what each is connected with.
pub(crate) async fn drafts(call: &Call, kind: Kind, query: &ListQuery) -> Result<Page<Connected>, Problem> {
    let paging = query.paging()?;
    let (scope, name) = (call.scope, call.text("branch")?);
    let (time, id) = match paging.after_or("") {
        "" => (i64::MAX, String::new()),
        place => {
            let (time, id) = place.split_once('/').ok_or_else(bad_cursor)?;
            (time.parse().map_err(|_| bad_cursor())?, id.to_owned())
        }
    };
    selection::catch_up(&call.console.db, scope).await?;
    call.console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let branch = branch(tx, &scope, &name).await?;
                let before = (time, id.as_str());
                let rows =
                    store::resource::list(tx, &scope, (&branch.id, kind), before, paging.rows()).await?;
                let page = paging.cut(rows, |row| format!("{}/{}", row.created_at, row.id));
                let mut others = selection::of_all(tx, &scope, (&branch.id, kind)).await?;
                Ok::<_, Problem>(page.map(|draft| {
                    let own = others.remove(&draft.id).unwrap_or_default();
                    (draft, own)
                }))
            })
        })
        .await
}
