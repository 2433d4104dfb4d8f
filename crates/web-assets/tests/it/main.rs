//! What was built and compiled in.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

/// Where the pages were not built there is nothing to test; that is said.
fn built() -> bool {
    if web_assets::all().is_empty() {
        eprintln!("skipped: the pages were not built: npm is missing");
        assert!(std::env::var("FOREBAY_STRICT").as_deref() != Ok("1"), "skipped: the pages were not built");
        return false;
    }
    true
}

#[test]
fn every_file_is_found_by_its_path_and_no_other() {
    for asset in web_assets::all() {
        assert_eq!(web_assets::find(asset.path).unwrap().hash, asset.hash);
        assert!(web_assets::find(&format!("/{}", asset.path)).is_none());
        assert!(!asset.path.ends_with(".br") && !asset.path.ends_with(".gz"), "{asset:?}");
    }
    assert!(web_assets::find("").is_none());
    assert!(web_assets::find("assets/../index.html").is_none());
}

#[test]
fn scripts_are_compressed_and_the_first_load_is_small() {
    if !built() {
        return;
    }
    let index = std::str::from_utf8(web_assets::find("index.html").unwrap().plain).unwrap();
    let scripts = web_assets::all().iter().filter(|asset| asset.path.ends_with(".js"));
    let first: usize = scripts
        .inspect(|asset| {
            assert!(asset.brotli.is_some() && asset.gzip.is_some() || asset.plain.len() < 200, "{asset:?}")
        })
        .filter(|asset| index.contains(asset.path))
        .map(|asset| asset.brotli.unwrap_or(asset.plain).len())
        .sum();
    assert!((1..=200 * 1024).contains(&first), "the first load has {first} bytes of JavaScript");
    assert!(!index.contains("<script>"), "a script in the page itself would need a weaker policy");
}
