//! A project into a Forebay.

use std::path::PathBuf;

use clap::Args;
use serde_json::Value;

use super::server::encode;
use super::{Error, Server, folder};
use crate::text::say;

/// What is imported, and where to.
#[derive(Args)]
#[group(skip)]
pub(crate) struct Import {
    /// A folder or a .tar.gz that `forebay export` wrote.
    from: PathBuf,
    /// Update this project (its name or id) instead of making a new one.
    #[arg(long)]
    project: Option<String>,
    /// The branch whose work in progress is updated.
    #[arg(long, default_value = "main", requires = "project")]
    branch: String,
    /// Keep resources that the import does not have; else they are removed from the work in progress.
    #[arg(long, requires = "project")]
    keep_others: bool,
    /// Name of the new project [default: as exported].
    #[arg(long, conflicts_with = "project")]
    name: Option<String>,
    /// Workspace of the new project, where there are several.
    #[arg(long, value_name = "ID", conflicts_with = "project")]
    workspace: Option<String>,
    /// Show what would be added, changed and removed, and change nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Reads the project and sends it.
pub(crate) fn import(server: &Server, wish: &Import) -> Result<(), Error> {
    let archive = folder::read(&wish.from)?;
    let answer = match &wish.project {
        Some(project) => {
            let project = server.project(project)?;
            let path = format!("projects/{project}/branches/{}/import", encode(&wish.branch));
            let others = if wish.keep_others { "?keepOthers=true" } else { "" };
            let seen = server.post(&format!("{path}/preview{others}"), None, &archive)?;
            match wish.dry_run {
                true => seen,
                // between the look and the change somebody may save: then nothing is changed
                false => server.post(&format!("{path}{others}"), seen.etag.as_deref(), &archive)?,
            }
        }
        None => {
            let verb = if wish.dry_run { "projects/import/preview" } else { "projects/import" };
            let name = wish.name.iter().map(|name| format!("name={}", encode(name)));
            let workspace = wish.workspace.iter().map(|id| format!("workspaceId={}", encode(id)));
            let query = name.chain(workspace).collect::<Vec<_>>().join("&");
            server.post(&format!("{verb}?{query}"), None, &archive)?
        }
    };
    tell(&answer.json()?, wish.dry_run);
    Ok(())
}

fn tell(answer: &Value, dry_run: bool) {
    let text = |value: &Value, field: &str| value[field].as_str().unwrap_or_default().to_owned();
    let mut any = false;
    for resource in answer["resources"].as_array().into_iter().flatten() {
        let change = text(resource, "change");
        let sign = match change.as_str() {
            "added" => "+",
            "changed" => "~",
            "removed" => "-",
            _ => continue,
        };
        any = true;
        say(&format!("{sign} {change:8} {:20} {}", text(resource, "kind"), text(resource, "name")));
    }
    if !any {
        say("Nothing differs.");
    }
    let place = format!("project “{}”, branch {}", text(answer, "name"), text(answer, "branch"));
    if dry_run {
        say(&format!("This would go into the work in progress of {place}. Nothing was changed."));
    } else {
        let id = text(answer, "projectId");
        say(&format!("Imported into the work in progress of {place} ({id}). Commit it to let it run."));
    }
}
