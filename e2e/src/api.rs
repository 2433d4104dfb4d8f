//! A client of the console's API: what a person at the console does, and nothing that they cannot.

mod person;
mod project;
mod runtime;

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;
use ureq::http;

pub use person::PASSWORD;
pub use project::{Draw, Project, Trigger, Webhook};
pub use runtime::{FailedTrigger, Instance};

use crate::metrics;
use crate::server::{Server, TOKEN, authority};

/// One answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The entity tag, where there is one.
    pub etag: Option<String>,
    /// The header fields.
    pub headers: http::HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as JSON; `null` where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON where the status is 2xx, else an error that shows both.
    pub fn good(self) -> io::Result<Value> {
        if self.status / 100 == 2 {
            return Ok(self.json());
        }
        Err(io::Error::other(format!("{}: {}", self.status, self.text())))
    }
}

/// What goes into a request's body.
#[derive(Clone, Debug)]
pub enum Sent {
    /// No body.
    Nothing,
    /// JSON.
    Json(Value),
    /// BPMN XML.
    Xml(String),
}

/// The API of one server.
#[derive(Clone)]
pub struct Api {
    agent: ureq::Agent,
    base: String,
    /// `http://host:port` of the server whose metrics tell the lag.
    runner: String,
    token: String,
}

impl Api {
    /// The API of this server, with the token of [`TOKEN`].
    pub fn of(server: &Server) -> Self {
        Self::at(&server.base(), TOKEN)
    }

    /// The API of the server that an address file names.
    pub fn at_file(address_file: &Path, token: &str) -> io::Result<Self> {
        let authority =
            authority(address_file).ok_or_else(|| io::Error::other("no server: no address file"))?;
        Ok(Self::at(&format!("http://{authority}"), token))
    }

    /// The API below `base` (`http://host:port`), with this bearer token.
    pub fn at(base: &str, token: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(180)))
            .build();
        Self {
            agent: config.new_agent(),
            base: base.to_owned(),
            runner: base.to_owned(),
            token: token.to_owned(),
        }
    }

    /// The same with another token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: token.to_owned(), ..self.clone() }
    }

    /// The same, where another process is the runner.
    #[must_use]
    pub fn with_runner(&self, authority: &str) -> Self {
        Self { runner: format!("http://{authority}"), ..self.clone() }
    }

    /// One request to a path below `/api/v1/`.
    pub fn call(&self, method: &str, path: &str, sent: &Sent) -> io::Result<Reply> {
        self.call_if(method, path, sent, None)
    }

    /// One request with an `If-Match`.
    pub fn call_if(
        &self,
        method: &str,
        path: &str,
        sent: &Sent,
        if_match: Option<&str>,
    ) -> io::Result<Reply> {
        let mut request = http::Request::builder()
            .method(method)
            .uri(format!("{}/api/v1/{path}", self.base))
            .header("authorization", format!("Bearer {}", self.token));
        if let Some(tag) = if_match {
            request = request.header("if-match", tag);
        }
        let body = match sent {
            Sent::Nothing => Vec::new(),
            Sent::Json(value) => {
                request = request.header("content-type", "application/json");
                value.to_string().into_bytes()
            }
            Sent::Xml(text) => {
                request = request.header("content-type", "application/xml");
                text.clone().into_bytes()
            }
        };
        self.send(request, body)
    }

    /// `http://host:port` of the server.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// `host:port` of the server.
    pub fn authority(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// The bearer token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// `GET` of a path below `/api/v1/`, as JSON.
    pub fn get(&self, path: &str) -> io::Result<Value> {
        self.call("GET", path, &Sent::Nothing)?.good().map_err(|error| named(path, &error))
    }

    /// `POST` of JSON to a path below `/api/v1/`, as JSON.
    pub fn post(&self, path: &str, body: Value) -> io::Result<Value> {
        self.call("POST", path, &Sent::Json(body))?.good().map_err(|error| named(path, &error))
    }

    /// `GET` of any path of the server, without credentials.
    pub fn plain(&self, path: &str) -> io::Result<Reply> {
        self.send(http::Request::builder().uri(format!("{}{path}", self.base)), Vec::new())
    }

    /// How many records the runner is behind; infinite where it has not measured it yet (its first second).
    pub fn lag(&self) -> io::Result<f64> {
        Ok(metrics::sum(&self.metrics()?, LAG).unwrap_or(f64::INFINITY))
    }

    /// The runner's metrics.
    pub fn metrics(&self) -> io::Result<String> {
        let metrics = http::Request::builder().uri(format!("{}/metrics", self.runner));
        Ok(self.send(metrics, Vec::new())?.text())
    }

    /// Waits until the runner is past this event and all before it.
    pub fn wait_past(&self, project: &str, event: &str, patience: Duration) -> io::Result<()> {
        wait(patience, "the runner is behind", || Ok(!self.is_pending(project, event)?))
    }

    /// Waits until the runner is past everything that was accepted. The lag is measured once a second, so a zero
    /// counts from the second measurement on.
    pub fn wait_drained(&self, patience: Duration) -> io::Result<()> {
        std::thread::sleep(Duration::from_millis(1200));
        wait(patience, "the runner is behind", || Ok(self.lag()? == 0.0))
    }

    fn send(&self, request: http::request::Builder, body: Vec<u8>) -> io::Result<Reply> {
        let request = request.body(body).map_err(io::Error::other)?;
        let response = self.agent.run(request).map_err(io::Error::other)?;
        let (head, mut body) = response.into_parts();
        let body = body.with_config().limit(64 << 20).read_to_vec().map_err(io::Error::other)?;
        let etag = head.headers.get("etag").and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        Ok(Reply { status: head.status.as_u16(), etag, headers: head.headers, body })
    }
}

/// The metric that says how far the runner is behind.
const LAG: &str = "forebay_lag_records";

/// Polls until `holds`, or fails with `what` after `patience`.
pub fn wait(patience: Duration, what: &str, mut holds: impl FnMut() -> io::Result<bool>) -> io::Result<()> {
    let begun = Instant::now();
    while !holds()? {
        if begun.elapsed() > patience {
            return Err(io::Error::other(format!("{what}, still after {patience:?}")));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn named(path: &str, error: &io::Error) -> io::Error {
    io::Error::other(format!("{path}: {error}"))
}

/// A string field of a JSON object.
fn text(value: &Value, field: &str) -> io::Result<String> {
    let found = value.get(field).and_then(Value::as_str).map(str::to_owned);
    found.ok_or_else(|| io::Error::other(format!("no field {field} in {value}")))
}
