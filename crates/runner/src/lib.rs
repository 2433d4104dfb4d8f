//! The runner: takes accepted events from the event log and starts every process that is linked to them,
//! exactly once.
//!
//! A batch is one transaction of the store: starts, instances, histories, failed triggers, counters and the
//! log position become durable together or not at all, so a batch may be repeated as often as it takes. What
//! an event or a definition does wrong becomes a failed trigger; what the infrastructure does wrong is
//! retried for ever. The map: `webhooks` (the loop), `intake` (record → event), `definitions` (what
//! runs), `engines` (steps on threads of their own), `apply` (the transaction), `commands`, `operations`,
//! `failures`, `retention`, `watch`.

mod apply;
mod clock;
mod commands;
mod core;
mod definitions;
mod engines;
mod envelope;
mod failures;
mod intake;
mod lane;
mod operations;
mod outcome;
mod patience;
mod persist;
mod plan;
mod positions;
mod retention;
mod runner;
mod settings;
mod status;
mod subscription;
mod watch;
mod webhooks;

pub use clock::Clock;
pub use envelope::{HeadersError, record_headers, record_headers_json};
pub use runner::{Observer, Parts, Runner, start};
pub use settings::{Keep, Settings};
pub use status::Status;
