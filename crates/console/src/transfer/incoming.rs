//! What an archive holds, checked as strictly as what comes through the API.

use std::collections::{HashMap, HashSet};

use store::resource::{Content, Kind, WebhookSettings};
use uuid::Uuid;
use webhook::{ProjectName, ResourceName};

use super::project_file::{self, DataSource, Process, ProjectFile};
use crate::archive::Archive;
use crate::data_source::settings;
use crate::problem::{Fields, Problem};

/// The most resources that one import may bring.
const MAX_RESOURCES: usize = 1_000;

/// A resource of an archive.
#[derive(Clone, Debug)]
pub(super) struct Incoming {
    /// Its id where it was exported.
    pub(super) id: Uuid,
    pub(super) kind: Kind,
    pub(super) content: Content,
}

/// A project of an archive.
#[derive(Clone, Debug)]
pub(super) struct IncomingProject {
    pub(super) name: ProjectName,
    pub(super) resources: Vec<Incoming>,
}

/// Reads the archive: 422 with every fault, each naming its place in the file.
pub(super) fn read(bytes: &[u8]) -> Result<IncomingProject, Problem> {
    let mut archive = Archive::unpack(bytes)?;
    let (folder, file) = project_file(&mut archive)?;
    let mut fields = Fields::default();
    if file.data_sources.len() + file.processes.len() > MAX_RESOURCES {
        fields.add("", "length", "an import may bring at most 1000 resources");
        return fields.finish(None);
    }
    let name = fields.name("project.name", ProjectName::parse(&file.project.name));
    let mut resources = Vec::new();
    for (at, source) in file.data_sources.into_iter().enumerate() {
        resources.extend(data_source(&mut fields, &format!("data-source/{at}"), source));
    }
    for (at, process) in file.processes.into_iter().enumerate() {
        let xml = archive.files.remove(&format!("{folder}{}", process.file));
        resources.extend(process_definition(&mut fields, &format!("process/{at}"), process, xml));
    }
    refuse_doubles(&mut fields, &resources);
    fields.finish(name.map(|name| IncomingProject { name, resources }))
}

fn unreadable(detail: String) -> Problem {
    Problem::field(project_file::NAME, "unreadable", detail)
}

/// The project file, in the archive itself or in the one folder that it has.
fn project_file(archive: &mut Archive) -> Result<(String, ProjectFile), Problem> {
    let mut found: Vec<String> = archive
        .files
        .keys()
        .filter_map(|path| path.strip_suffix(project_file::NAME))
        .filter(|folder| folder.is_empty() || (folder.ends_with('/') && folder.matches('/').count() == 1))
        .map(str::to_owned)
        .collect();
    // the archive's own comes first in the order of the paths' lengths
    found.sort_by_key(String::len);
    let folder = match found.as_slice() {
        [one] => one.clone(),
        [first, ..] if first.is_empty() => String::new(),
        [] => {
            return Err(unreadable(
                "the archive has no forebay.toml: `forebay export` writes one".to_owned(),
            ));
        }
        _ => return Err(unreadable("the archive has several projects: import one at a time".to_owned())),
    };
    let bytes = archive.files.remove(&format!("{folder}{}", project_file::NAME)).unwrap_or_default();
    if bytes.len() > project_file::MAX_BYTES {
        return Err(unreadable("forebay.toml has more than 4 MiB".to_owned()));
    }
    let text = String::from_utf8(bytes).map_err(|_| unreadable("forebay.toml is not UTF-8".to_owned()))?;
    let file: ProjectFile = toml::from_str(&text).map_err(|e| {
        let shown: String = e.message().chars().take(300).collect();
        let line = e.span().map(|span| 1 + text[..span.start.min(text.len())].matches('\n').count());
        unreadable(match line {
            Some(line) => format!("forebay.toml, line {line}: {shown}"),
            None => format!("forebay.toml: {shown}"),
        })
    })?;
    if file.format != project_file::FORMAT {
        return Err(unreadable(format!(
            "forebay.toml has format {}, but this Forebay reads format 1: use the Forebay that wrote it, or a newer one",
            file.format
        )));
    }
    Ok((folder, file))
}

fn data_source(fields: &mut Fields, place: &str, source: DataSource) -> Option<Incoming> {
    let mut own = Fields::default();
    if source.r#type != "incomingWebhook" {
        own.add("type", "unknown", "must be incomingWebhook");
    }
    let name = own.name("name", ResourceName::parse(&source.name));
    let settings = WebhookSettings {
        description: settings::description(&mut own, &source.description).unwrap_or_default(),
        redacted_headers: source.redacted_headers.and_then(|names| settings::redacted(&mut own, &names)),
        idempotency_key: settings::idempotency(&mut own, source.idempotency_key.as_deref()).flatten(),
    };
    fields.within(place, own);
    let name = name?;
    let content = Content {
        name: name.as_str().to_owned(),
        name_folded: name.folded(),
        settings: settings.to_text().ok()?,
        bpmn: None,
    };
    Some(Incoming { id: source.id, kind: Kind::DataSource, content })
}

fn process_definition(
    fields: &mut Fields,
    place: &str,
    process: Process,
    xml: Option<Vec<u8>>,
) -> Option<Incoming> {
    let mut own = Fields::default();
    let name = own.name("name", ResourceName::parse(&process.name));
    match xml.as_deref().map(bpmn::read) {
        None => own.add("file", "missing", format!("the archive has no file {}", clip(&process.file))),
        Some(Err(e)) => own.add("file", "unreadable", format!("{}: {e}", clip(&process.file))),
        Some(Ok(_)) => {}
    }
    fields.within(place, own);
    let name = name?;
    let content = Content {
        name: name.as_str().to_owned(),
        name_folded: name.folded(),
        settings: crate::process_definition::SETTINGS.to_owned(),
        bpmn: xml,
    };
    Some(Incoming { id: process.id, kind: Kind::ProcessDefinition, content })
}

fn clip(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(100).collect()
}

fn refuse_doubles(fields: &mut Fields, resources: &[Incoming]) {
    let mut ids = HashSet::new();
    let mut names = HashMap::new();
    for resource in resources {
        if !ids.insert(resource.id) {
            fields.add("id", "twice", format!("two resources have the id {}", resource.id));
        }
        if let Some(other) =
            names.insert((resource.kind, &resource.content.name_folded), &resource.content.name)
        {
            let message = format!("two resources have one name: “{other}” and “{}”", resource.content.name);
            fields.add("name", "twice", message);
        }
    }
}
