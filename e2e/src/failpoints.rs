//! Every crash point of the product, found in its source, so that none can be forgotten.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The crates that have fail points.
const CRATES: [&str; 3] = ["eventlog", "gateway", "runner"];

/// The names of all fail points, sorted, each once.
pub fn all() -> io::Result<Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let mut names = Vec::new();
    for name in CRATES {
        collect(&root.join(name).join("src"), name, &mut names)?;
    }
    names.sort();
    names.dedup();
    Ok(names)
}

/// Those that are steps of the walk, not a control that breaks a promise on purpose.
pub fn steps() -> io::Result<Vec<String>> {
    // `eventlog::kafka` is where the client's log lines are said to come from
    let is_step = |name: &String| !name.contains("control") && name != "eventlog::kafka";
    Ok(all()?.into_iter().filter(is_step).collect())
}

/// Those whose only purpose is to break a promise, so that the checker can be seen to notice.
pub fn controls() -> io::Result<Vec<String>> {
    Ok(all()?.into_iter().filter(|name| name.contains("control")).collect())
}

fn collect(folder: &Path, owner: &str, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path: PathBuf = entry?.path();
        if path.is_dir() {
            collect(&path, owner, names)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path)?;
            let prefix = format!("\"{owner}::");
            // every string literal that is named like a fail point is one
            for found in text.split(&prefix).skip(1) {
                let name: String =
                    found.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                if found[name.len()..].starts_with('"') {
                    names.push(format!("{owner}::{name}"));
                }
            }
        }
    }
    Ok(())
}
