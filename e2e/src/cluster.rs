//! Forebay as several processes on one Kafka and one PostgreSQL.

use std::io;
use std::path::{Path, PathBuf};

use crate::kafka::Topics;
use crate::postgres::Database;
use crate::server::{Options, Server};

/// What the processes share: topics, a database, a master key, and a folder with a data folder for each.
#[derive(Debug)]
pub struct Cluster {
    home: PathBuf,
    parts: Vec<(String, String)>,
    database: Database,
}

impl Cluster {
    /// A new one on the run's Kafka and PostgreSQL; `None` where these are not there.
    pub fn new(home: &Path, name: &str) -> io::Result<Option<Self>> {
        let (Some(topics), Some(database)) = (Topics::new(name), Database::new(name)?) else {
            return Ok(None);
        };
        Self::on(home, &topics, database).map(Some)
    }

    /// One on these topics and this database.
    pub fn on(home: &Path, topics: &Topics, database: Database) -> io::Result<Self> {
        let key = home.join("master.key");
        std::fs::write(&key, [7; 32])?;
        let mut parts = topics.log();
        parts.push(database.store());
        parts.push(("FOREBAY_MASTER_KEY_FILE".to_owned(), key.to_string_lossy().into_owned()));
        Ok(Self { home: home.to_owned(), parts, database })
    }

    /// The database.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// How to start a process of this name, with roles separated by commas.
    pub fn options(&self, name: &str, roles: &str) -> Options {
        let options = Options::new(&self.home.join(name)).envs(&self.parts);
        Options { roles: roles.to_owned(), ..options }
    }

    /// Starts one and waits until it is ready.
    pub fn start(&self, name: &str, roles: &str) -> io::Result<Server> {
        Server::start(&self.options(name, roles))
    }
}
