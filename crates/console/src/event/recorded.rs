//! What an earlier event gave to its processes.

use engine::Event;
use store::{Scope, Tx};
use uuid::Uuid;
use webhook::EventRecord;

use crate::failed_trigger::record_headers;
use crate::problem::Problem;

/// The text of `webhookData` of an event that is kept: with a failed trigger, or at the start of an instance.
pub(crate) async fn webhook_data(tx: &mut Tx, scope: &Scope, event: &str) -> Result<String, Problem> {
    let unknown = || Problem::field("eventId", "unknown", "no event of this id is kept in this project");
    if event.len() > 512 || event.chars().any(char::is_control) {
        return Err(unknown());
    }
    for started in store::view::event::started(tx, scope, event).await? {
        let Ok(instance) = Uuid::parse_str(&started.instance_id) else { continue };
        let first = store::view::instance::history(tx, scope, instance, 0, 1).await?;
        let Some(step) = first.first() else { continue };
        let events: Vec<Event> = serde_json::from_str(&step.events)
            .map_err(|e| Problem::internal(format!("a stored history is not readable: {e}")))?;
        let data = events.iter().find_map(|event| match event {
            Event::Started { variables, .. } => variables.get("webhookData"),
            _ => None,
        });
        if let Some(data) = data {
            return Ok(data.to_owned());
        }
    }
    for failed in store::view::failed_trigger::of_event(tx, scope, event).await? {
        let Ok(id) = Uuid::parse_str(&failed.id) else { continue };
        let sent = store::view::failed_trigger::sent(tx, scope, id).await?;
        let Some(headers) = record_headers(&sent.record_headers) else { continue };
        let record = match failed.stage.as_str() {
            "gateway" => {
                webhook::RefusedRequest::decode(&headers, &sent.payload).map(|refused| refused.event)
            }
            _ => EventRecord::decode(&headers, &sent.payload),
        };
        if let Ok(Ok(data)) = record.map(|record| record.webhook_data()) {
            return Ok(data);
        }
    }
    Err(unknown())
}
