//! The HTTP edge that accepts webhooks.
//!
//! One request walks through the files like this: `accept` takes the connection, `wire` checks every byte
//! of the head before the HTTP library sees it, `router` tells webhooks from everything else, `receive`
//! checks key, limits and body and appends the event to the log, `reply` builds the answer.
//!
//! The gateway knows no database: what it needs to know of triggers stands in the [`Registry`], which somebody
//! else keeps up to date, and what it counts comes out of [`Gateway::take_counts`].

mod accept;
mod clock;
mod gateway;
mod limits;
mod meters;
mod receive;
mod registry;
mod reply;
mod request_id;
mod router;
mod settings;
mod wire;

pub use accept::{Drained, serve};
pub use gateway::{Gateway, Readiness};
pub use registry::{Entry, Registry, TriggerCounts};
pub use settings::Settings;
