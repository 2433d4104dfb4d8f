//! `forebay.toml`: what stands beside the diagrams of an exported project. No key is ever in it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The name of the file.
pub(super) const NAME: &str = "forebay.toml";
/// The folder of the diagrams.
pub(super) const PROCESSES: &str = "processes";
/// The only format so far.
pub(super) const FORMAT: u32 = 1;
/// The largest such file that is read, in bytes.
pub(super) const MAX_BYTES: usize = 4 * 1024 * 1024;

const HEAD: &str = "\
# A project of Forebay, written by `forebay export`; `forebay import` reads it back. Diagrams stand in processes/.
# Ids tell an import what is the same thing under another name. Keys are not exported.

";

/// The whole file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct ProjectFile {
    /// [`FORMAT`].
    pub(super) format: u32,
    pub(super) project: Project,
    /// What ran when it was exported; an import never changes what runs.
    pub(super) active_policy: Option<Policy>,
    #[serde(default, rename = "data-source", skip_serializing_if = "Vec::is_empty")]
    pub(super) data_sources: Vec<DataSource>,
    #[serde(default, rename = "process", skip_serializing_if = "Vec::is_empty")]
    pub(super) processes: Vec<Process>,
}

/// The project.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Project {
    pub(super) id: Uuid,
    pub(super) name: String,
}

/// The active policy.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Policy {
    /// `latest` or `pinned`.
    pub(super) kind: String,
    pub(super) branch: String,
    /// The number of the pinned commit on that branch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) commit: Option<i64>,
}

/// An incoming webhook.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct DataSource {
    pub(super) id: Uuid,
    /// `incomingWebhook`.
    pub(super) r#type: String,
    pub(super) name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) description: String,
    /// Left out for the default list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) redacted_headers: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) idempotency_key: Option<String>,
}

/// A process definition.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Process {
    pub(super) id: Uuid,
    pub(super) name: String,
    /// Where its diagram stands, beside this file.
    pub(super) file: String,
}

impl ProjectFile {
    /// The text of the file.
    pub(super) fn to_text(&self) -> Result<String, toml::ser::Error> {
        Ok(format!("{HEAD}{}", toml::to_string(self)?))
    }
}
