//! What the pages for operators say is there, is there.

use std::path::Path;

fn read(path: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

/// The names of all settings below this table.
fn names(table: &toml::Table, below: &str, found: &mut Vec<String>) {
    for (name, value) in table {
        match value.as_table() {
            Some(inner) => names(inner, &format!("{below}{name}."), found),
            None => found.push(format!("{below}{name}")),
        }
    }
}

#[test]
fn the_gateways_page_names_every_setting_of_gateway_and_event_log() {
    let page = read("docs/gateway.md");
    let defaults: toml::Table = read("config.default.toml").parse().unwrap();
    let mut settings = Vec::new();
    for table in ["gateway", "event_log"] {
        names(defaults[table].as_table().unwrap(), "", &mut settings);
    }
    assert!(settings.len() > 40, "{settings:?}");
    // a row may give the table once: `kafka.tls.enabled`, `.ca_file`
    let is_named = |setting: &String| {
        let last = setting.rsplit('.').next().unwrap();
        page.contains(&format!("`{setting}`")) || page.contains(&format!("`.{last}`"))
    };
    let missing: Vec<_> = settings.iter().filter(|setting| !is_named(setting)).collect();
    assert!(missing.is_empty(), "not in docs/gateway.md: {missing:?}");
}

#[test]
fn the_gateways_page_has_the_defaults_and_no_others() {
    let page = read("docs/gateway.md");
    let defaults: toml::Table = read("config.default.toml").parse().unwrap();
    for (name, value) in defaults["gateway"].as_table().unwrap() {
        let row = format!("| `{name}` | {} |", value.as_integer().unwrap());
        assert!(page.contains(&row), "docs/gateway.md has no row {row}");
    }
}

/// A metric that an alert names must be one that the code counts.
#[test]
fn metrics_of_the_page_are_in_the_code() {
    let page = read("docs/gateway.md");
    let code: String = rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates"));
    let words = page.split(|c: char| !(c.is_ascii_lowercase() || c == '_'));
    let metrics: Vec<_> = words.filter(|word| word.starts_with("forebay_")).collect();
    assert!(metrics.len() > 15, "{metrics:?}");
    for metric in metrics {
        assert!(code.contains(&format!("\"{metric}\"")), "{metric} is in the page, not in the code");
    }
}

/// The text of all Rust files below.
fn rust_files(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            text.push_str(&rust_files(&path));
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            text.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
    text
}
