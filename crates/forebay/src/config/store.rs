//! `[store]`

use std::fmt;

use serde::Deserialize;
use store::PgOptions;

/// Where the store is.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoreSettings {
    url: String,
    connections: u32,
}

impl StoreSettings {
    /// How to connect to PostgreSQL, or `None`: the store is a file in the data folder.
    pub(crate) fn postgres(&self) -> Option<PgOptions> {
        let options = PgOptions { connections: self.connections, ..PgOptions::new(&self.url) };
        (!self.url.is_empty()).then_some(options)
    }

    pub(super) fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        if let Some(Err(e)) = self.postgres().map(|options| options.check()) {
            faults.push(("url", e.to_string()));
        }
        if !(2..=1_000).contains(&self.connections) {
            faults.push(("connections", "must be from 2 to 1000".to_owned()));
        }
        faults
    }
}

// the URL holds the password
impl fmt::Debug for StoreSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreSettings").field("connections", &self.connections).finish_non_exhaustive()
    }
}
