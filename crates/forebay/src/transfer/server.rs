//! The API that a project comes from or goes to.

use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::Response;
use ureq::tls::{RootCerts, TlsConfig};

use super::Error;

/// Larger than any archive that the API gives.
const MAX_ANSWER: u64 = 160 * 1024 * 1024;

/// A running Forebay.
pub(crate) struct Server {
    url: String,
    token: String,
    agent: Agent,
}

/// What an operation answered.
pub(super) struct Answer {
    pub(super) etag: Option<String>,
    pub(super) bytes: Vec<u8>,
}

impl Answer {
    /// The answer as JSON.
    pub(super) fn json(&self) -> Result<Value, Error> {
        serde_json::from_slice(&self.bytes).map_err(|e| {
            Error::Refused(format!("the answer is no JSON: {e}. Is this the address of a Forebay?"))
        })
    }
}

impl Server {
    /// The Forebay at this address, and the token that is shown to it.
    pub(crate) fn new(url: &str, token: String) -> Self {
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(300)))
            .tls_config(tls)
            .build()
            .new_agent();
        Server { url: url.trim_end_matches('/').to_owned(), token, agent }
    }

    /// GET below `/api/v1/`.
    pub(super) fn get(&self, path: &str) -> Result<Answer, Error> {
        let request = self.agent.get(self.address(path)).header("authorization", self.bearer());
        self.finish(request.call())
    }

    /// POST of an archive below `/api/v1/`.
    pub(super) fn post(&self, path: &str, if_match: Option<&str>, archive: &[u8]) -> Result<Answer, Error> {
        let mut request = self
            .agent
            .post(self.address(path))
            .header("authorization", self.bearer())
            .header("content-type", "application/gzip");
        if let Some(tag) = if_match {
            request = request.header("if-match", tag);
        }
        self.finish(request.send(archive))
    }

    /// The id of the project with this id or name.
    pub(super) fn project(&self, wanted: &str) -> Result<String, Error> {
        let mut cursor = String::new();
        let mut found = Vec::new();
        loop {
            let page = self.get(&format!("projects?limit=200{cursor}"))?.json()?;
            for item in page["items"].as_array().into_iter().flatten() {
                let (id, name) = (item["id"].as_str(), item["name"].as_str());
                if id == Some(wanted) {
                    return Ok(wanted.to_owned());
                }
                if name == Some(wanted) {
                    found.extend(id.map(str::to_owned));
                }
            }
            match page["nextCursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        match found.len() {
            1 => Ok(found.remove(0)),
            0 => Err(Error::Refused(format!(
                "there is no project “{wanted}” here, or the token may not see it"
            ))),
            _ => Err(Error::Refused(format!(
                "several projects are named “{wanted}”: say the id, one of {}",
                found.join(", ")
            ))),
        }
    }

    fn address(&self, path: &str) -> String {
        format!("{}/api/v1/{path}", self.url)
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    fn finish(&self, answer: Result<Response<ureq::Body>, ureq::Error>) -> Result<Answer, Error> {
        let unreachable =
            |e: ureq::Error| Error::Unreachable { server: self.url.clone(), cause: e.to_string() };
        let mut response = answer.map_err(unreachable)?;
        let bytes = response.body_mut().with_config().limit(MAX_ANSWER).read_to_vec().map_err(unreachable)?;
        if !response.status().is_success() {
            return Err(Error::Refused(refusal(response.status().as_u16(), &bytes)));
        }
        let etag = response.headers().get("etag").and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        Ok(Answer { etag, bytes })
    }
}

/// What a refusal says, for a terminal: its text, each field, and what blocks.
fn refusal(status: u16, bytes: &[u8]) -> String {
    let Ok(problem) = serde_json::from_slice::<Value>(bytes) else {
        return format!("the server answered {status}. Is this the address of a Forebay?");
    };
    let mut text = problem["detail"].as_str().unwrap_or("the server refused it").to_owned();
    let errors = problem["errors"].as_array().into_iter().flatten();
    for error in errors {
        let (field, message) = (error["field"].as_str(), error["message"].as_str());
        text.push_str(&format!("\n  {}: {}", field.unwrap_or_default(), message.unwrap_or_default()));
    }
    if let Some(code) = problem["code"].as_str() {
        text.push_str(&format!(" ({code})"));
    }
    text
}

/// A text as one part of a path or query.
pub(super) fn encode(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
