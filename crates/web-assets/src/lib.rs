//! The console's pages as they were built, each with its compressed copies. A leaf: it knows nothing of ours.

include!(concat!(env!("OUT_DIR"), "/table.rs"));

/// A built file.
#[derive(Clone, Copy)]
pub struct Asset {
    /// Its path below the site, without a slash at the beginning: `assets/index-BTCmX1.js`.
    pub path: &'static str,
    /// The first 128 bits of its SHA-256, in hex: its ETag.
    pub hash: &'static str,
    /// Its bytes.
    pub plain: &'static [u8],
    /// Compressed with brotli, where that is smaller.
    pub brotli: Option<&'static [u8]>,
    /// Compressed with gzip, where that is smaller.
    pub gzip: Option<&'static [u8]>,
}

impl Asset {
    /// Whether its name changes with its content, so that browsers may keep it for ever.
    pub fn is_immutable(&self) -> bool {
        self.path.starts_with("assets/")
    }

    /// Its media type, by the ending of its name.
    pub fn media_type(&self) -> &'static str {
        match self.path.rsplit('.').next() {
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            Some("woff2") => "font/woff2",
            Some("woff") => "font/woff",
            Some("json") => "application/json",
            Some("txt") => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        }
    }
}

impl std::fmt::Debug for Asset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Asset")
            .field("path", &self.path)
            .field("bytes", &self.plain.len())
            .finish_non_exhaustive()
    }
}

/// The file of this path (without a slash at the beginning), if there is one.
pub fn find(path: &str) -> Option<&'static Asset> {
    TABLE.binary_search_by(|asset| asset.path.cmp(path)).ok().and_then(|at| TABLE.get(at))
}

/// All files. Empty where the pages were not built.
pub fn all() -> &'static [Asset] {
    TABLE
}
