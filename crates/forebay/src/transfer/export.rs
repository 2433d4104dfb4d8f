//! A project out of a Forebay.

use std::path::PathBuf;

use clap::Args;
use console::archive::Archive;

use super::server::encode;
use super::{Error, Server, folder};
use crate::text::say;

/// What is exported, and where to.
#[derive(Args)]
#[group(skip)]
pub(crate) struct Export {
    /// The project: its name or id.
    project: String,
    /// A folder, or a file that ends in .tar.gz.
    to: PathBuf,
    /// The last commit of this branch.
    #[arg(long, default_value = "main", conflicts_with = "commit")]
    branch: String,
    /// This commit.
    #[arg(long, value_name = "ID")]
    commit: Option<String>,
    /// What is not committed too: the work in progress of the branch.
    #[arg(long, conflicts_with = "commit")]
    draft: bool,
}

/// Writes the project.
pub(crate) fn export(server: &Server, wish: &Export) -> Result<(), Error> {
    let project = server.project(&wish.project)?;
    let branch = format!("projects/{project}/branches/{}", encode(&wish.branch));
    let path = match (&wish.commit, wish.draft) {
        (_, true) => format!("{branch}/export"),
        (Some(commit), false) => format!("projects/{project}/commits/{}/export", encode(commit)),
        (None, false) => {
            let head = server.get(&branch)?.json()?["headCommitId"].as_str().map(str::to_owned);
            let head = head.ok_or_else(|| {
                Error::Refused(format!("{} has no commit yet: commit, or export with --draft", wish.branch))
            })?;
            format!("projects/{project}/commits/{head}/export")
        }
    };
    let bytes = server.get(&path)?.bytes;
    if folder::is_file_name(&wish.to) {
        folder::write_file(&wish.to, &bytes)?;
        say(&format!("Exported to {}.", wish.to.display()));
        return Ok(());
    }
    let archive = Archive::unpack(&bytes).map_err(|e| Error::Refused(e.to_string()))?;
    folder::write(&wish.to, &archive)?;
    say(&format!("Exported {} files to {}.", archive.files.len(), wish.to.display()));
    Ok(())
}
