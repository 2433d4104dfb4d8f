//! Where the built programs are.

use std::io;
use std::path::{Path, PathBuf};

/// The `forebay` to test: `FOREBAY_BIN`, or the one in the folder that this program was built into.
pub fn forebay() -> io::Result<PathBuf> {
    match std::env::var_os("FOREBAY_BIN") {
        Some(path) => existing(PathBuf::from(path)),
        None => tool("forebay"),
    }
}

/// A program of this workspace, from the folder that this program was built into (`target/release`, also for a
/// test, which stands in `target/release/deps`).
pub fn tool(name: &str) -> io::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own.parent().unwrap_or(Path::new("."));
    let folder = if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder };
    existing(folder.join(name))
}

fn existing(path: PathBuf) -> io::Result<PathBuf> {
    if path.is_file() {
        return Ok(path);
    }
    Err(io::Error::other(format!(
        "{} is missing: cargo build --release -p forebay --features failpoints && cargo build --release -p e2e",
        path.display()
    )))
}
