//! Data sources: incoming webhooks in a branch's work in progress.

pub(crate) mod change;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod read;
pub(crate) mod settings;
pub(crate) mod shape;

use axum::Json;
use axum::http::{HeaderName, HeaderValue, header};
use serde::Serialize;
use store::resource::{Content, Draft, Kind, WebhookSettings};
use utoipa::ToSchema;

use crate::call::Connected;
use crate::problem::Problem;
use crate::selection::ResourceReference;
use crate::{clock, etag};

const KIND: Kind = Kind::DataSource;

/// An incoming webhook.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DataSource {
    /// The same in all branches and commits; the last part of the webhook's URL.
    resource_definition_id: String,
    /// `incomingWebhook`.
    r#type: &'static str,
    name: String,
    /// Purpose or context; may be empty.
    description: String,
    /// The headers whose values are not stored.
    redacted_headers: Vec<String>,
    /// Where the sender's own id of an event stands: `header:X-GitHub-Delivery` or `pointer:/id`; `null` for nowhere.
    #[schema(required)]
    idempotency_key: Option<String>,
    /// The processes of the branch's work in progress that start on it, by name.
    used_by: Vec<ResourceReference>,
    created_at: String,
    updated_at: String,
}

/// A data source with its tag.
type Tagged = ([(HeaderName, HeaderValue); 1], Json<DataSource>);

fn tagged(one: Connected) -> Result<Tagged, Problem> {
    Ok(([(header::ETAG, etag::tag(&one.0.version))], Json(shown(one)?)))
}

/// The settings of an incoming webhook.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Settings {
    /// Purpose or context; may be empty.
    pub(crate) description: String,
    /// The headers whose values are not stored.
    pub(crate) redacted_headers: Vec<String>,
    /// Where the sender's own id of an event stands; `null` for nowhere.
    #[schema(required)]
    pub(crate) idempotency_key: Option<String>,
}

impl From<WebhookSettings> for Settings {
    fn from(settings: WebhookSettings) -> Self {
        let default = || webhook::headers::DEFAULT_REDACTED.iter().map(|&name| name.to_owned()).collect();
        Settings {
            description: settings.description,
            redacted_headers: settings.redacted_headers.unwrap_or_else(default),
            idempotency_key: settings.idempotency_key,
        }
    }
}

fn shown((draft, used_by): Connected) -> Result<DataSource, Problem> {
    let settings = Settings::from(WebhookSettings::from_text(&draft.settings)?);
    Ok(DataSource {
        resource_definition_id: draft.id,
        r#type: "incomingWebhook",
        name: draft.name,
        description: settings.description,
        redacted_headers: settings.redacted_headers,
        idempotency_key: settings.idempotency_key,
        used_by,
        created_at: clock::show(draft.created_at),
        updated_at: clock::show(draft.updated_at),
    })
}

/// The headers that a data source hides.
pub(crate) fn redacted(draft: Draft) -> Result<Vec<String>, Problem> {
    Ok(Settings::from(WebhookSettings::from_text(&draft.settings)?).redacted_headers)
}

fn content(name: &webhook::ResourceName, settings: &WebhookSettings) -> Result<Content, Problem> {
    Ok(Content {
        name: name.as_str().to_owned(),
        name_folded: name.folded(),
        settings: settings.to_text()?,
        bpmn: None,
    })
}
