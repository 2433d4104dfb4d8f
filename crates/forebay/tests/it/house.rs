//! The house rules of ARCHITECTURE.md: rows, who may use what, sizes. Each failure says which rule and why.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::spanned::Spanned;
use syn::visit::Visit;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Which of our crates each may name. Rows point downward; roles never import each other; the gateway
/// never imports engine or bpmn, since links are rows that a commit stores.
const DIRECTIONS: &[(&str, &[&str])] = &[
    ("webhook", &[]),
    ("bpmn", &[]),
    ("engine", &["bpmn"]),
    ("script", &["bpmn", "engine"]),
    ("store", &["webhook"]),
    ("eventlog", &[]),
    ("gateway", &["webhook", "eventlog"]),
    ("runner", &["webhook", "bpmn", "engine", "script", "store", "eventlog"]),
    ("console", &["webhook", "bpmn", "engine", "script", "store", "eventlog"]),
    ("web-assets", &[]),
    ("forebay", &["webhook", "script", "store", "eventlog", "gateway", "runner", "console", "web-assets"]),
    ("e2e", &[]),
];

/// Libraries that only one place may touch, so that they can be replaced there.
const ONLY: &[(&str, &[&str])] = &[
    ("sqlx", &["store"]),
    // e2e damages the files of a stopped server, as no API would
    ("rusqlite", &["eventlog", "e2e"]),
    // e2e measures a plain producer beside ours
    ("rdkafka", &["eventlog", "e2e"]),
    ("rquickjs", &["script"]),
    ("axum", &["console", "forebay", "e2e"]),
    ("hyper", &["gateway", "e2e"]),
];

/// Rules crates know no runtime, clock, randomness, database, broker, HTTP or C library.
const RULES: &[&str] = &["webhook", "bpmn", "engine"];
const NOT_IN_RULES: &[&str] = &[
    "tokio",
    "futures",
    "getrandom",
    "rand",
    "sqlx",
    "rusqlite",
    "rdkafka",
    "rquickjs",
    "axum",
    "hyper",
    "http",
    "ring",
    "reqwest",
    "ureq",
];
const NOT_SAID_IN_RULES: &[&str] = &[
    "SystemTime",
    "Instant::now",
    "std::fs",
    "std::net",
    "std::env",
    "std::thread",
    "async fn",
    "Timestamp::now",
    "now_v7",
    "new_v4",
];

struct Dependencies {
    /// Package → names of its ordinary dependencies.
    of: BTreeMap<String, BTreeSet<String>>,
}

fn dependencies() -> Dependencies {
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap();
    let of = metadata
        .packages
        .iter()
        .map(|p| {
            let names = p
                .dependencies
                .iter()
                .filter(|d| d.kind == cargo_metadata::DependencyKind::Normal)
                .map(|d| d.name.clone())
                .collect();
            (p.name.to_string(), names)
        })
        .collect();
    Dependencies { of }
}

/// Product files of a package: everything under `src`, and `build.rs`.
fn sources(package: &str) -> Vec<PathBuf> {
    let folder = if package == "e2e" { root().join("e2e") } else { root().join("crates").join(package) };
    let mut found = Vec::new();
    let mut open = vec![folder.join("src")];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_crate_is_in_the_rows_and_points_downward() {
    let dependencies = dependencies();
    let ours: BTreeSet<&str> = DIRECTIONS.iter().map(|(name, _)| *name).collect();
    let mut faults = Vec::new();
    for (package, names) in &dependencies.of {
        let Some((_, allowed)) = DIRECTIONS.iter().find(|(name, _)| name == package) else {
            faults.push(format!("{package} stands in no row: give it one in DIRECTIONS and ARCHITECTURE.md"));
            continue;
        };
        for name in names.iter().filter(|n| ours.contains(n.as_str())) {
            if !allowed.contains(&name.as_str()) {
                faults.push(format!("{package} must not depend on {name}"));
            }
        }
        for (library, places) in ONLY {
            if names.contains(*library) && !places.contains(&package.as_str()) {
                faults.push(format!("{library} belongs to {places:?} only, not to {package}"));
            }
        }
        if RULES.contains(&package.as_str()) {
            faults.extend(
                NOT_IN_RULES
                    .iter()
                    .filter(|n| names.contains(**n))
                    .map(|n| format!("{package} is rules: no {n}")),
            );
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn the_longest_path_is_at_most_five_edges() {
    let dependencies = dependencies();
    fn depth(of: &Dependencies, package: &str) -> usize {
        let ours = |n: &&String| of.of.contains_key(n.as_str());
        of.of[package].iter().filter(ours).map(|n| 1 + depth(of, n)).max().unwrap_or(0)
    }
    for package in dependencies.of.keys() {
        let edges = depth(&dependencies, package);
        assert!(edges <= 5, "{package} stands {edges} edges above the ground");
    }
}

#[test]
fn rules_are_pure_and_json_stays_text() {
    let mut faults = Vec::new();
    for package in RULES {
        for file in sources(package) {
            let text = std::fs::read_to_string(&file).unwrap();
            let said = NOT_SAID_IN_RULES.iter().filter(|word| text.contains(**word));
            faults.extend(said.map(|word| format!("{}: rules crates have no {word}", file.display())));
        }
    }
    for package in ["engine", "store", "runner"] {
        for file in sources(package) {
            let text = std::fs::read_to_string(&file).unwrap();
            if text.contains("serde_json::Value") || text.contains("serde_json::{Value") {
                faults.push(format!("{}: a Value loses numbers, keys and order", file.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn sql_stands_in_the_store_only() {
    let mut faults = Vec::new();
    for (package, _) in DIRECTIONS.iter().filter(|(n, _)| !["store", "eventlog", "e2e"].contains(n)) {
        for file in sources(package) {
            let text = std::fs::read_to_string(&file).unwrap();
            for word in ["SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM"] {
                if text.lines().any(|l| !l.trim_start().starts_with("//") && l.contains(word)) {
                    faults.push(format!("{}: {word}", file.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Lengths of all functions of a file, and their parameters.
#[derive(Default)]
struct Functions {
    found: Vec<(String, usize, usize)>,
}

impl Functions {
    fn add(&mut self, signature: &syn::Signature, span: proc_macro2::Span) {
        let lines = span.end().line - signature.span().start().line + 1;
        self.found.push((
            signature.ident.to_string(),
            lines,
            signature.inputs.iter().filter(|i| matches!(i, syn::FnArg::Typed(_))).count(),
        ));
    }
}

impl<'a> Visit<'a> for Functions {
    fn visit_item_fn(&mut self, f: &'a syn::ItemFn) {
        self.add(&f.sig, f.block.span());
        syn::visit::visit_item_fn(self, f);
    }

    fn visit_impl_item_fn(&mut self, f: &'a syn::ImplItemFn) {
        self.add(&f.sig, f.block.span());
        syn::visit::visit_impl_item_fn(self, f);
    }
}

fn at(sorted: &[usize], percent: usize) -> usize {
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)]
}

#[test]
fn files_and_functions_keep_their_sizes() {
    let (mut files, mut functions, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    for (package, _) in DIRECTIONS {
        for file in sources(package) {
            let text = std::fs::read_to_string(&file).unwrap();
            let lines = text.lines().count();
            if lines > 500 {
                faults.push(format!("{}: {lines} lines, at most 500", file.display()));
            }
            files.push(lines);
            let mut visitor = Functions::default();
            visitor.visit_file(&syn::parse_file(&text).unwrap());
            for (name, lines, parameters) in visitor.found {
                if lines > 80 {
                    faults.push(format!("{}: {name} has {lines} lines, at most 80", file.display()));
                }
                if parameters > 5 {
                    faults.push(format!("{}: {name} takes {parameters} parameters", file.display()));
                }
                functions.push(lines);
            }
        }
    }
    files.sort_unstable();
    functions.sort_unstable();
    let found = (at(&files, 50), at(&files, 90), at(&functions, 95));
    println!(
        "files: {}, median {}, p90 {}; functions: {}, p95 {}",
        files.len(),
        found.0,
        found.1,
        functions.len(),
        found.2
    );
    if found.0 > 120 || found.1 > 350 || found.2 > 50 {
        faults
            .push(format!("median, p90 of files and p95 of functions are {found:?}, at most (120, 350, 50)"));
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// The files of the pages, tests aside.
fn pages() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join("web/src")];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                open.push(path);
            } else if (name.ends_with(".ts") || name.ends_with(".tsx")) && !name.contains(".test.") {
                found.push(path);
            }
        }
    }
    found
}

/// The lengths of their functions are kept by oxlint (`web/.oxlintrc.json`).
#[test]
fn the_pages_keep_the_sizes_of_files() {
    let (mut files, mut faults) = (Vec::new(), Vec::new());
    for path in pages() {
        let lines = std::fs::read_to_string(&path).unwrap().lines().count();
        if lines > 500 {
            faults.push(format!("{}: {lines} lines, at most 500", path.display()));
        }
        files.push(lines);
    }
    files.sort_unstable();
    let found = (at(&files, 50), at(&files, 90));
    println!("pages: {}, median {}, p90 {}", files.len(), found.0, found.1);
    if found.0 > 120 || found.1 > 350 {
        faults.push(format!("median and p90 of the pages' files are {found:?}, at most (120, 350)"));
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn test_files_stay_readable() {
    let mut faults = Vec::new();
    for (package, _) in DIRECTIONS {
        let folder = if *package == "e2e" {
            root().join("e2e/tests/it")
        } else {
            root().join("crates").join(package).join("tests/it")
        };
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "rs") {
                let lines = std::fs::read_to_string(&path).unwrap().lines().count();
                if lines > 600 {
                    faults.push(format!("{}: {lines} lines, at most 600", path.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn both_migration_folders_say_the_same() {
    let folder = |name: &str| root().join("migrations").join(name);
    let names = |name: &str| -> BTreeSet<String> {
        std::fs::read_dir(folder(name))
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
    // comments aside, and with PostgreSQL's word for bytes
    let text = |database: &str, file: &str| -> String {
        let whole = std::fs::read_to_string(folder(database).join(file)).unwrap();
        let lines = whole.lines().filter(|l| !l.trim_start().starts_with("--") && !l.trim().is_empty());
        lines.map(|l| l.replace(" BYTEA", " BLOB") + "\n").collect()
    };
    for file in names("sqlite") {
        assert_eq!(text("sqlite", &file), text("postgres", &file), "{file}");
    }
}

#[test]
fn the_rules_find_a_planted_fault() {
    let mut visitor = Functions::default();
    let long = format!("fn long(a: u8, b: u8) {{\n{}}}", "    let _ = 1;\n".repeat(90));
    visitor.visit_file(&syn::parse_file(&long).unwrap());
    assert_eq!(visitor.found, [("long".to_owned(), 92, 2)]);
}
