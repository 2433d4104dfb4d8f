//! What ran: instances, failed triggers, events.

use std::io;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Api, Reply, Sent};

/// A process instance as the list shows it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Instance {
    /// Its id.
    pub id: String,
    /// The definition.
    pub process_definition_id: String,
    /// The event that started it.
    pub event_id: Option<String>,
    /// `active`, `incident`, `completed`, `terminated` or `cancelled`.
    pub status: String,
}

/// A failed trigger as the list shows it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FailedTrigger {
    /// Its id.
    pub id: String,
    /// `gateway`, `match` or `start`.
    pub stage: String,
    /// Why, in one word.
    pub cause_code: String,
    /// Why, in a sentence.
    pub cause: String,
    /// The event.
    pub event_id: String,
    /// The definition that did not start; `None` where none was reached.
    pub process_definition_id: Option<String>,
    /// `open`, `retrying` or `retried`.
    pub status: String,
}

impl FailedTrigger {
    /// Whether a retry has started it.
    pub fn is_retried(&self) -> bool {
        self.status == "retried"
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page<T> {
    items: Vec<T>,
    next_cursor: Option<String>,
}

impl Api {
    /// Walks through all items of a list, in pages of 200.
    pub fn each<T: DeserializeOwned>(
        &self,
        list: &str,
        see: &mut dyn FnMut(T) -> io::Result<()>,
    ) -> io::Result<()> {
        let mark = if list.contains('?') { '&' } else { '?' };
        let mut cursor = String::new();
        loop {
            let reply = self.call("GET", &format!("{list}{mark}limit=200{cursor}"), &Sent::Nothing)?;
            if reply.status != 200 {
                return Err(io::Error::other(format!("{list}: {}: {}", reply.status, reply.text())));
            }
            let page: Page<T> = serde_json::from_slice(&reply.body)
                .map_err(|error| io::Error::other(format!("{list}: {error}: {}", reply.text())))?;
            for item in page.items {
                see(item)?;
            }
            match page.next_cursor {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return Ok(()),
            }
        }
    }

    /// Walks through all instances of a project.
    pub fn each_instance(
        &self,
        project: &str,
        see: &mut dyn FnMut(Instance) -> io::Result<()>,
    ) -> io::Result<()> {
        self.each(&format!("projects/{project}/process-instances"), see)
    }

    /// All instances of a project.
    pub fn instances(&self, project: &str) -> io::Result<Vec<Instance>> {
        let mut all = Vec::new();
        self.each_instance(project, &mut |instance| {
            all.push(instance);
            Ok(())
        })?;
        Ok(all)
    }

    /// The instances that one event started.
    pub fn instances_of(&self, project: &str, event: &str) -> io::Result<Vec<Instance>> {
        let mut all = Vec::new();
        self.each(
            &format!("projects/{project}/process-instances?eventId={event}"),
            &mut |instance: Instance| {
                all.push(instance);
                Ok(())
            },
        )?;
        // a filter that the API does not know must not pass for an answer
        all.retain(|instance| instance.event_id.as_deref() == Some(event));
        Ok(all)
    }

    /// All failed triggers of a project.
    pub fn failed_triggers(&self, project: &str) -> io::Result<Vec<FailedTrigger>> {
        let mut all = Vec::new();
        self.each(&format!("projects/{project}/failed-triggers"), &mut |failed| {
            all.push(failed);
            Ok(())
        })?;
        Ok(all)
    }

    /// A variable of an instance, or the part of it that a JSON pointer names: the stored bytes.
    pub fn variable(&self, project: &str, instance: &str, name: &str, pointer: &str) -> io::Result<Reply> {
        let path =
            format!("projects/{project}/process-instances/{instance}/variables/{name}?pointer={pointer}");
        self.call("GET", &path, &Sent::Nothing)
    }

    /// The payload that started an instance, byte for byte.
    pub fn payload(&self, project: &str, instance: &str) -> io::Result<Vec<u8>> {
        let reply = self.variable(project, instance, "webhookData", "/payload")?;
        if reply.status == 200 {
            return Ok(reply.body);
        }
        Err(io::Error::other(format!("payload of {instance}: {}: {}", reply.status, reply.text())))
    }

    /// Whether the runner is not past this event yet. An event that the log does not have is not pending.
    pub fn is_pending(&self, project: &str, event: &str) -> io::Result<bool> {
        let reply = self.call("GET", &format!("projects/{project}/events/{event}"), &Sent::Nothing)?;
        match reply.status {
            200 => Ok(reply.json().get("state").and_then(serde_json::Value::as_str) == Some("pending")),
            404 => Ok(false),
            status => Err(io::Error::other(format!("event {event}: {status}: {}", reply.text()))),
        }
    }
}
