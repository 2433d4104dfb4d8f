//! The configuration of a project: data sources, processes, commits, triggers.

use std::io;

use serde_json::{Value, json};

use super::{Api, Reply, Sent, text};

/// A project that was made for a test.
#[derive(Clone)]
pub struct Project {
    /// The API it was made through.
    pub api: Api,
    /// Its id.
    pub id: String,
}

/// The runtime registration of a data source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// Its id.
    pub id: String,
    /// The data source.
    pub data_source: String,
    /// `Active` or `Deactivated`.
    pub state: String,
    /// When its newest event came.
    pub last_event: Option<String>,
}

/// A webhook that is ready to be called.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// The data source.
    pub data_source: String,
    /// The trigger.
    pub trigger: String,
    /// The process definitions that are connected to it.
    pub definitions: Vec<String>,
    /// Path and query, key included.
    pub target: String,
}

impl Webhook {
    /// The API key.
    pub fn key(&self) -> &str {
        self.target.rsplit_once("flowxApiKey=").map_or("", |(_, key)| key)
    }

    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

impl Project {
    /// Makes a project.
    pub fn make(api: &Api, name: &str) -> io::Result<Self> {
        let made = api.post("projects", json!({ "name": name }))?;
        Ok(Self { api: api.clone(), id: text(&made, "id")? })
    }

    /// A path below the project.
    pub fn path(&self, rest: &str) -> String {
        format!("projects/{}/{rest}", self.id)
    }

    /// Makes a data source on `main`; its id.
    pub fn data_source(&self, name: &str) -> io::Result<String> {
        let made = self.api.post(&self.path("branches/main/data-sources"), json!({ "name": name }))?;
        text(&made, "resourceDefinitionId")
    }

    /// Makes a process definition on `main` with this BPMN; its id.
    pub fn process(&self, name: &str, bpmn: &str) -> io::Result<String> {
        let made = self.api.post(&self.path("branches/main/process-definitions"), json!({ "name": name }))?;
        let id = text(&made, "resourceDefinitionId")?;
        self.save(&id, bpmn)?.good()?;
        Ok(id)
    }

    /// Saves the BPMN of a process definition over whatever is there now.
    pub fn save(&self, id: &str, bpmn: &str) -> io::Result<Reply> {
        let path = self.path(&format!("branches/main/process-definitions/{id}/bpmn"));
        let tag = self.api.call("GET", &path, &Sent::Nothing)?.etag;
        self.api.call_if("PUT", &path, &Sent::Xml(bpmn.to_owned()), tag.as_deref())
    }

    /// Commits everything that is in progress on `main`.
    pub fn commit(&self, message: &str) -> io::Result<Reply> {
        let path = self.path("branches/main/commits");
        self.api.call("POST", &path, &Sent::Json(json!({ "message": message })))
    }

    /// All triggers.
    pub fn triggers(&self) -> io::Result<Vec<Trigger>> {
        let list = self.api.get(&self.path("triggers?limit=200"))?;
        let items = list.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
        items
            .iter()
            .map(|item| {
                Ok(Trigger {
                    id: text(item, "id")?,
                    data_source: text(item, "dataSourceId")?,
                    state: text(item, "state")?,
                    last_event: item["lastEventAt"].as_str().map(str::to_owned),
                })
            })
            .collect()
    }

    /// An action on a trigger: `activate`, `deactivate`, `reveal-url`, `reset-api-key`.
    pub fn act(&self, trigger: &str, action: &str) -> io::Result<Value> {
        self.api.post(&self.path(&format!("triggers/{trigger}/{action}")), json!({}))
    }

    /// Path and query of a trigger's URL, key included.
    pub fn target(&self, trigger: &str) -> io::Result<String> {
        let url = text(&self.act(trigger, "reveal-url")?, "url")?;
        let at = url.find("/webhooks/").ok_or_else(|| io::Error::other("no webhook URL"))?;
        Ok(url[at..].to_owned())
    }

    /// Makes a data source and these processes on it, commits and activates: the whole way to a webhook.
    pub fn webhook(&self, name: &str, processes: &[Draw<'_>]) -> io::Result<Webhook> {
        let data_source = self.data_source(name)?;
        let mut definitions = Vec::new();
        for (at, draw) in processes.iter().enumerate() {
            definitions.push(self.process(&format!("{name}-{at}"), &draw(&data_source))?);
        }
        self.commit(&format!("Connect {name}"))?.good()?;
        let trigger = self.trigger_of(&data_source)?;
        self.act(&trigger, "activate")?;
        let target = self.target(&trigger)?;
        Ok(Webhook { data_source, trigger, definitions, target })
    }

    /// The trigger of a data source.
    pub fn trigger_of(&self, data_source: &str) -> io::Result<String> {
        let mut triggers = self.triggers()?.into_iter();
        let found = triggers.find(|trigger| trigger.data_source == data_source);
        found
            .map(|trigger| trigger.id)
            .ok_or_else(|| io::Error::other(format!("no trigger of {data_source}")))
    }
}

/// Draws a process that starts on the data source of this id.
pub type Draw<'a> = &'a dyn Fn(&str) -> String;
