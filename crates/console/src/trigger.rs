//! Triggers: the runtime registrations of data sources.

pub(crate) mod activate;
pub(crate) mod change;
pub(crate) mod list;
pub(crate) mod requests;
pub(crate) mod reset;
pub(crate) mod reveal;
mod show;
pub(crate) mod test_event;
mod url;

pub(crate) use test_event::Sender;
pub use url::{UrlError, webhook_url};

use axum::Json;
use axum::http::{HeaderName, HeaderValue, header};
use serde::Serialize;
use store::{Scope, Tx};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::etag;
use crate::hourly::Hour;
use crate::problem::Problem;

/// A trigger, as *Manage Triggers* lists it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Trigger {
    id: String,
    /// The data source; its name is the event's name.
    data_source_id: String,
    name: String,
    /// `Webhook`.
    r#type: &'static str,
    /// `Active` or `Deactivated`.
    state: String,
    /// Whether the running commit connects it to a process; if not, its URL answers 404.
    linked: bool,
    location: Location,
    /// Requests a second; `null` for no limit.
    #[schema(required)]
    rate_limit: Option<i64>,
    /// Requests with the right key since it was deactivated.
    refused_since_deactivated: i64,
    state_changed_at: String,
    created_at: String,
    /// When its newest event was accepted, or refused although its key was right; of events that other producers
    /// wrote, with ids that do not sort by time, the one with the greatest id. `null` for none that is still kept.
    #[schema(required)]
    last_event_at: Option<String>,
    /// Its API keys, without the keys.
    keys: Vec<ApiKeySummary>,
    /// The last 24 hours, the running one too, the oldest first.
    hours: Vec<Hour>,
}

/// Where a trigger comes from.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Location {
    /// The project's name.
    project: String,
    /// The branch that the active policy names.
    branch: String,
}

/// What may be shown of a key.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApiKeySummary {
    created_at: String,
    /// `null` for no end.
    #[schema(required)]
    valid_until: Option<String>,
    /// `null` for never.
    #[schema(required)]
    last_used_at: Option<String>,
}

/// A webhook's URL, with its key.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WebhookUrl {
    /// The whole URL, with the key as `flowxApiKey`.
    url: String,
    /// The same without the key, for a sender that puts it into an `X-Api-Key` header.
    url_without_key: String,
    /// The key alone.
    api_key: String,
}

/// A trigger with its tag.
type Tagged = ([(HeaderName, HeaderValue); 1], Json<Trigger>);

async fn tagged(tx: &mut Tx, scope: &Scope, id: Uuid) -> Result<Tagged, Problem> {
    let row = store::trigger::read(tx, scope, id).await?;
    let tag = etag::tag(&row.revision.to_string());
    let location = show::location(tx, scope).await?;
    Ok(([(header::ETAG, tag)], Json(show::trigger(tx, scope, &location, row).await?)))
}
