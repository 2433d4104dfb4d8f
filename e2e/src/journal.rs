//! Where long runs leave what they found: one JSON line a run, with the commit of the code that ran.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

/// The root of the checkout.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// The commit of the checkout, with `+` where files differ from it.
pub fn commit() -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").arg("-C").arg(root()).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let hash = git(&["rev-parse", "HEAD"]).unwrap_or_else(|| "unknown".to_owned());
    let changed =
        git(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|text| !text.is_empty());
    if changed { hash + "+" } else { hash }
}

/// Appends a run of a bar to `chaos/results/<bar>.jsonl`.
pub fn append(bar: &str, run: Value) -> io::Result<()> {
    let folder = root().join("chaos/results");
    fs::create_dir_all(&folder)?;
    let at = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let line = json!({ "bar": bar, "at": at, "commit": commit(), "run": run });
    let mut file = OpenOptions::new().create(true).append(true).open(folder.join(format!("{bar}.jsonl")))?;
    writeln!(file, "{line}")
}
