//! The JSON API of the console: everything that a person or a program can see and change (`/api/v1`).
//!
//! Folders are nouns, files are verbs or small ideas. A request passes [`router()`], the middleware in `guard`
//! (who is it, and may they: `access` holds the one table), an extractor (`call`, `body`) and a handler, which
//! reads or writes in one transaction of the store. Errors are `problem::Problem`s; status codes stand nowhere
//! else. The engine is never called on a stored instance: what runs is changed by command rows.

mod access;
pub mod archive;
mod audit;
mod body;
mod branch;
mod call;
mod check;
mod clock;
mod command;
mod commit;
mod data_source;
mod difference;
mod document;
mod elements;
mod etag;
mod event;
mod failed_trigger;
mod first_start;
mod guard;
mod guessing;
mod home;
mod hooks;
mod hourly;
mod incident;
mod instance;
mod key;
mod live;
mod me;
mod member;
mod operation;
mod organization;
mod page;
mod password;
mod policy;
mod posted;
mod problem;
mod process_definition;
mod project;
mod proxies;
mod removal;
mod resource;
mod router;
mod running;
mod secret;
mod selection;
mod server;
mod session;
mod sign_in_link;
mod snapshot;
mod stream;
mod token;
mod transfer;
mod trial;
mod trigger;
mod user;
mod visit;
mod work;

pub use access::{GRANTABLE, Level, OPERATIONS, Operation, ROLES, Right, Rights, Role};
pub use document::document;
pub use first_start::{FirstStart, FirstStarted, StartError, first_start, judge_preset_token};
pub use hooks::{BoxFuture, HookError, Hooks, PendingEvent, PendingOf};
pub use live::Live;
pub use proxies::TrustedProxies;
pub use router::router;
pub use secret::Secret;
pub use sign_in_link::{mint_sign_in_link, sign_in_url};
pub use token::{mint_token, passing_token};
pub use trigger::{UrlError, webhook_url};

use std::sync::Arc;

/// What the API works on. Shared by all requests.
pub struct Console {
    /// The store.
    pub db: store::Db,
    /// Encrypts the stored API keys.
    pub master_key: webhook::MasterKey,
    /// Where the outside reaches the gateway, without a slash at the end: `https://hooks.example.com`. Never
    /// taken from a request's `Host`.
    pub public_url: String,
    /// Whose word is taken for where a request comes from.
    pub trusted_proxies: TrustedProxies,
    /// What the rest of the process does for the API.
    pub hooks: Arc<dyn Hooks>,
    /// Open streams, and drafts that are being tried.
    pub live: Live,
}

impl std::fmt::Debug for Console {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Console").field("public_url", &self.public_url).finish_non_exhaustive()
    }
}
