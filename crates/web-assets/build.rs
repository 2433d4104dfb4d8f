//! Builds the pages of `web/` with npm where that is there, and writes the table of what was built for `lib.rs`.
//!
//! Without npm (or with `FOREBAY_SKIP_WEB=1`, for work on the Rust code alone) the crate still compiles: with the
//! pages of an earlier build, else with none, and a warning says so.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use sha2::{Digest as _, Sha256};

/// What a change of means that the pages are built anew. The folder of the build itself is not here: watching
/// what one writes makes every build dirty.
const WATCHED: &[&str] = &[
    "web/src",
    "web/public",
    "web/build",
    "web/index.html",
    "web/package.json",
    "web/package-lock.json",
    "web/tsconfig.json",
    "web/vite.config.ts",
    "web/postcss.config.js",
    "clients/typescript/src/schema.d.ts",
];

fn main() -> io::Result<()> {
    let root =
        PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../..").canonicalize()?;
    println!("cargo::rerun-if-env-changed=FOREBAY_SKIP_WEB");
    println!("cargo::rerun-if-changed=build.rs");
    for watched in WATCHED {
        println!("cargo::rerun-if-changed={}", root.join(watched).display());
    }
    let web = root.join("web");
    if env::var_os("FOREBAY_SKIP_WEB").is_none() {
        match build(&web) {
            Ok(()) => {}
            Err(Fault::NoNpm(why)) => {
                println!("cargo::warning=the console's pages were not built: npm: {why}")
            }
            // pages of an earlier build would hide it
            Err(Fault::Broken(why)) => println!("cargo::error=the console's pages cannot be built: {why}"),
        }
    }
    let dist = web.join("dist");
    if !dist.join("index.html").is_file() {
        println!(
            "cargo::warning=Forebay will have no pages, only its API: install Node 20 with npm and build again"
        );
    }
    let out = PathBuf::from(env::var("OUT_DIR").unwrap_or_default()).join("table.rs");
    fs::write(out, table(&dist)?)
}

/// Why there are no new pages.
enum Fault {
    /// There is no npm here.
    NoNpm(io::Error),
    /// npm said no.
    Broken(String),
}

/// `npm ci` where the lock file is not the one that was installed last, then `npm run build`.
fn build(web: &Path) -> Result<(), Fault> {
    let broken = |e: io::Error| Fault::Broken(format!("{}: {e}", web.display()));
    let lock = fs::read(web.join("package-lock.json")).map_err(broken)?;
    let stamp = web.join("node_modules/.forebay-lock");
    let hash = hex(&Sha256::digest(&lock));
    if fs::read_to_string(&stamp).ok().as_deref() != Some(hash.as_str()) {
        npm(web, &["ci", "--silent", "--no-audit", "--no-fund"])?;
        fs::write(&stamp, &hash).map_err(broken)?;
    }
    npm(web, &["run", "--silent", "build"])
}

fn npm(web: &Path, arguments: &[&str]) -> Result<(), Fault> {
    let output = Command::new("npm").args(arguments).current_dir(web).output();
    let output = output.map_err(Fault::NoNpm)?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).replace('\n', " | ");
    Err(Fault::Broken(format!(
        "npm {}: {}",
        arguments.join(" "),
        said.chars().take(4000).collect::<String>()
    )))
}

/// A sorted table of all built files, for a binary search.
fn table(dist: &Path) -> io::Result<String> {
    let mut paths = Vec::new();
    collect(dist, &mut paths)?;
    paths.sort();
    let mut table = String::from("pub(crate) static TABLE: &[Asset] = &[\n");
    for path in &paths {
        let name = path.strip_prefix(dist).unwrap_or(path).to_string_lossy().replace('\\', "/");
        let hash = &hex(&Sha256::digest(fs::read(path)?))[..32];
        let copy = |ending: &str| {
            let copy = PathBuf::from(format!("{}.{ending}", path.display()));
            if copy.is_file() { format!("Some(include_bytes!({copy:?}))") } else { "None".to_owned() }
        };
        let (brotli, gzip) = (copy("br"), copy("gz"));
        let _ = writeln!(
            table,
            "    Asset {{ path: {name:?}, hash: {hash:?}, plain: include_bytes!({path:?}), brotli: {brotli}, gzip: {gzip} }},"
        );
    }
    table.push_str("];\n");
    Ok(table)
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path().canonicalize()?;
        if path.is_dir() {
            collect(&path, paths)?;
        } else if !path.extension().is_some_and(|ending| ending == "br" || ending == "gz") {
            paths.push(path);
        }
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
