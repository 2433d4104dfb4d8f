//! A project as a folder: `forebay.toml` and `processes/*.bpmn`, beside whatever else people keep there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use console::archive::Archive;

use super::Error;

/// The file that makes a folder a project.
const PROJECT: &str = "forebay.toml";
/// The ending of diagrams.
const DIAGRAM: &str = "bpmn";
/// How deep diagrams may stand below the folder.
const DEPTH: usize = 4;

/// Whether a path means one file rather than a folder.
pub(super) fn is_file_name(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.ends_with(".tar.gz") || name.ends_with(".tgz")
}

fn file(path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
    move |source| Error::File { path: path.to_owned(), source }
}

fn content(path: &Path, cause: impl Into<String>) -> Error {
    Error::Content { path: path.to_owned(), cause: cause.into() }
}

/// Writes a file through a draft beside it, so that a cut leaves the old one.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".part");
    let draft = PathBuf::from(draft);
    fs::write(&draft, bytes).map_err(file(&draft))?;
    fs::rename(&draft, path).map_err(file(path))
}

/// Writes an archive's files into a folder; diagrams that the archive does not have any more are removed. A folder that holds
/// something else is refused.
pub(super) fn write(folder: &Path, archive: &Archive) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(file(folder))?;
    let empty = fs::read_dir(folder).map_err(file(folder))?.next().is_none();
    if !empty && !folder.join(PROJECT).is_file() && !folder.join(".git").exists() {
        return Err(content(folder, "is not empty and holds no exported project: name another folder"));
    }
    let processes = folder.join("processes");
    for (path, bytes) in &archive.files {
        let target = folder.join(path);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(file(parent))?;
        }
        // what is the same stays untouched, with its time
        if fs::read(&target).ok().as_ref() != Some(bytes) {
            write_file(&target, bytes)?;
        }
    }
    for entry in fs::read_dir(&processes).into_iter().flatten() {
        let path = entry.map_err(file(&processes))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let ours = path.extension().is_some_and(|ending| ending == DIAGRAM);
        if ours && path.is_file() && !archive.files.contains_key(&format!("processes/{name}")) {
            fs::remove_file(&path).map_err(file(&path))?;
        }
    }
    Ok(())
}

/// Reads a folder, or an archive that stands in a file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    if path.is_file() {
        return fs::read(path).map_err(file(path));
    }
    if !path.join(PROJECT).exists() {
        return Err(content(path, "there is no forebay.toml: `forebay export` writes one"));
    }
    let mut archive = Archive::default();
    archive.files.insert(PROJECT.to_owned(), regular(&path.join(PROJECT))?);
    collect(path, "", 0, &mut archive)?;
    archive.pack().map_err(|e| content(path, e.to_string()))
}

fn collect(folder: &Path, below: &str, depth: usize, archive: &mut Archive) -> Result<(), Error> {
    for entry in fs::read_dir(folder).map_err(file(folder))? {
        let entry = entry.map_err(file(folder))?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(file(folder))?);
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if kind.is_dir() && depth < DEPTH && !name.starts_with('.') {
            collect(&path, &format!("{below}{name}/"), depth + 1, archive)?;
        } else if path.extension().is_some_and(|ending| ending == DIAGRAM) && !kind.is_dir() {
            archive.files.insert(format!("{below}{name}"), regular(&path)?);
        }
    }
    Ok(())
}

/// The content of a file that is one: a link could lead to something that is nobody's business.
fn regular(path: &Path) -> Result<Vec<u8>, Error> {
    let kind = fs::symlink_metadata(path).map_err(file(path))?.file_type();
    if !kind.is_file() {
        return Err(content(path, "is a link, not a file; links are not followed"));
    }
    fs::read(path).map_err(file(path))
}
