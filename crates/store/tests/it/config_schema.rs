//! The two migration folders say the same.

use std::path::Path;

/// A migration without comments and white space, in SQLite's words.
fn plain(folder: &str, file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(folder).join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("--"));
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ").replace("BYTEA", "BLOB")
}

fn files(folder: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(folder);
    let names = std::fs::read_dir(path).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn both_databases_have_the_same_tables() {
    assert_eq!(files("sqlite"), files("postgres"));
    for file in files("sqlite") {
        let (lite, pg) = (plain("sqlite", &file), plain("postgres", &file));
        for (one, other) in lite.split(';').zip(pg.split(';')) {
            assert_eq!(one, other, "{file}");
        }
        assert_eq!(lite, pg, "{file}");
    }
}
