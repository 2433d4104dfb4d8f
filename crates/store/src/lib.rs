//! All SQL of Forebay: one text that SQLite and PostgreSQL run alike.
//!
//! A function takes a [`Scope`] (whose rows) and a [`Tx`] (in which transaction), so that a caller puts
//! several of them into one; [`Db::write`] and [`Db::read`] open it. Rules of the text:
//! `$1 … $n` in order, `ON CONFLICT`, `RETURNING`, multi-row `VALUES`; ids are text, times BIGINT
//! milliseconds, flags 0 or 1, JSON is text that no query looks into.

pub mod audit;
pub mod branch;
pub mod commit;
pub mod organization;
pub mod origin;
pub mod policy;
pub mod project;
pub mod resource;
pub mod role;
pub mod selection;
pub mod session;
pub mod sign_in;
pub mod token;
pub mod trigger;
pub mod user;
pub mod view;
pub mod work;

mod byte_order;
mod cursor;
mod db;
mod error;
mod migrate;
mod query;
mod row_group;
mod scope;

pub mod command;
pub mod count;
pub mod failed_trigger;
pub mod feed;
pub mod incident;
pub mod instance;
pub mod link;
pub mod marker;
pub mod operation;
pub mod position;
pub mod refusal;
pub mod retention;
pub mod server;
pub mod started_event;

pub use cursor::{Cursor, Page};
pub use db::postgres::{Pg, PgOptions};
pub use db::sqlite::{Options, back_up};
pub use db::{Bell, Claim, Db, Held, Session, Tx, Word};
pub use error::StoreError;
pub use row_group::Tally;
pub use scope::Scope;

/// The result of everything here.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
