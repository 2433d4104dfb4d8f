//! A database of one's own on the run's PostgreSQL server, and the server's crash.

use std::io;
use std::path::PathBuf;
use std::process::Command;

use crate::journal;

/// The variable that names the store.
pub const STORE: &str = "FOREBAY_STORE__URL";

/// A database that is dropped with this.
#[derive(Debug)]
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    /// A new one on the server that `FOREBAY_TEST_POSTGRES` names (`postgres://user@host:port/database`); `None`
    /// where nothing is named.
    pub fn new(name: &str) -> io::Result<Option<Self>> {
        let Ok(server) = std::env::var("FOREBAY_TEST_POSTGRES") else { return Ok(None) };
        let name = format!("{name}_{}", std::process::id());
        psql(&server, &format!("CREATE DATABASE {name}"))?;
        Ok(Some(Self { server, name }))
    }

    /// Its URL.
    pub fn url(&self) -> String {
        let host = self.server.rsplit_once('/').map_or(self.server.as_str(), |(host, _)| host);
        format!("{host}/{}", self.name)
    }

    /// The variable that makes it a server's store.
    pub fn store(&self) -> (String, String) {
        (STORE.to_owned(), self.url())
    }

    /// Makes the database take no writes, or take them again, and ends all connections to it.
    pub fn set_read_only(&self, read_only: bool) -> io::Result<()> {
        let state = if read_only { "on" } else { "off" };
        let name = &self.name;
        // through another database: this one's sessions are read-only while it is
        psql(&self.server, &format!("ALTER DATABASE {name} SET default_transaction_read_only = {state}"))?;
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ";
        psql(&self.server, &format!("{end}'{name}'")).map(drop)
    }

    /// Runs a statement in it and gives what it prints, without heads.
    pub fn run(&self, sql: &str) -> io::Result<String> {
        psql(&self.url(), sql)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let _ = psql(&self.server, &format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

fn psql(url: &str, sql: &str) -> io::Result<String> {
    let output = Command::new("psql")
        .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql, url])
        .output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Err(io::Error::other(format!("psql: {}", String::from_utf8_lossy(&output.stderr))))
}

/// The run's server, for those who may crash it.
#[derive(Debug)]
pub struct Server(PathBuf);

impl Server {
    /// The server of the folder that `FOREBAY_TEST_POSTGRES_DIR` names.
    pub fn of_run() -> Option<Self> {
        std::env::var_os("FOREBAY_TEST_POSTGRES_DIR").map(|folder| Self(folder.into()))
    }

    /// SIGKILL to all its processes at once, as a power cut would end them.
    pub fn kill(&self) -> io::Result<()> {
        self.script("kill")
    }

    /// Starts it again on its old port; it recovers by itself.
    pub fn start_again(&self) -> io::Result<()> {
        self.script("again")
    }

    /// Copies it as it is now, while it runs: what a standby has that gets nothing from now on.
    pub fn copy(&self) -> io::Result<()> {
        self.script("copy")
    }

    /// SIGKILL as in [`Server::kill`]; then the copy stands in its place. What was committed after [`Server::copy`] is gone.
    pub fn fail_over(&self) -> io::Result<()> {
        self.script("failover")
    }

    fn script(&self, verb: &str) -> io::Result<()> {
        let script = journal::root().join(".ci/postgres");
        let output = Command::new("bash").arg(script).arg(verb).arg(&self.0).output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(io::Error::other(format!("postgres {verb}: {}", String::from_utf8_lossy(&output.stderr))))
    }
}
