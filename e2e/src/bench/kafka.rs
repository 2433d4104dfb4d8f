//! Forebay on Kafka and PostgreSQL: its gateway beside other producers, the drain of a backlog, and how long an event
//! takes from its request to the stored instance.

mod drain;
mod gate;
mod latency;
mod report;

use std::io;
use std::path::Path;

use super::{Settings, conditions};
use crate::api::{Api, Project};
use crate::cluster::Cluster;
use crate::kafka::Brokers;
use crate::postgres::Database;
use crate::processes;
use crate::server::{Options, Server};

/// What `BENCH_ONLY` may name.
const PARTS: [&str; 4] = ["gate", "delay", "drain", "pruning"];

/// Measures everything and returns the report as Markdown. PostgreSQL is the one that `FOREBAY_TEST_POSTGRES` names.
pub(super) fn measure(settings: &Settings) -> io::Result<String> {
    let home = tempfile::tempdir()?;
    let mut text = report::conditions(&conditions::read(home.path())?);
    let mut more = |part: String| {
        tell(&part);
        text.push_str(&part);
    };
    if let Some(other) = settings.only.as_deref().filter(|part| !PARTS.contains(part)) {
        return Err(io::Error::other(format!("BENCH_ONLY={other}: it may be {}", PARTS.join(", "))));
    }
    let is_wanted = |part: &str| settings.only.as_deref().is_none_or(|only| only == part);
    if is_wanted("gate") {
        for nodes in [1, 3] {
            let brokers = Brokers::start(&home.path().join(format!("brokers{nodes}")), nodes)?;
            more(report::gate(&gate::measure(home.path(), &brokers, settings)?));
        }
        more(report::WHO.to_owned());
    }
    // brokers of their own: nobody else's records are on the disk
    let brokers = Brokers::start(&home.path().join("brokers"), 1)?;
    if is_wanted("delay") {
        more(report::delay(&latency::measure(home.path(), &brokers)?));
    }
    if is_wanted("drain") {
        more(report::drains(&drain::measure(home.path(), &brokers, settings)?));
    }
    if is_wanted("pruning") {
        let database = Database::new("pruning")?.ok_or_else(|| io::Error::other("no PostgreSQL"))?;
        let found = super::pruned(home.path(), "PostgreSQL, embedded log", &[database.store()])?;
        more(super::report::pruning(&[found]));
    }
    Ok(text)
}

/// The whole takes half an hour: each part is shown when it is there.
#[allow(clippy::print_stderr, reason = "progress of a program that measures")]
fn tell(part: &str) {
    eprintln!("{part}");
}

/// Processes on these brokers and a database of their own, with one active webhook.
struct Shape {
    cluster: Cluster,
    /// Path and query of the webhook.
    target: String,
}

impl Shape {
    /// The sample process: a condition on `payload.amount`, a script, an end.
    fn new(home: &Path, name: &str, brokers: &Brokers) -> io::Result<Self> {
        let home = home.join(name);
        std::fs::create_dir_all(&home)?;
        let database = Database::new(name)?.ok_or_else(|| io::Error::other("no PostgreSQL"))?;
        let cluster = Cluster::on(&home, &brokers.topics(name), database)?;
        let console = cluster.start("console", "console")?;
        let target = webhook(&console)?;
        console.stop()?;
        Ok(Self { cluster, target })
    }

    fn start(&self, name: &str, role: &str) -> io::Result<Server> {
        Server::start(&quiet(self.cluster.options(name, role)))
    }
}

/// Makes the project of the measurement; path and query of its webhook.
fn webhook(console: &Server) -> io::Result<String> {
    let project = Project::make(&Api::of(console), "Measured")?;
    Ok(project.webhook("measured", &[&processes::branching])?.target)
}

/// Logs and disk limits as a measurement wants them.
fn quiet(options: Options) -> Options {
    options.env("FOREBAY_LOG__LEVEL", "warn").env("FOREBAY_EVENT_LOG__MIN_FREE_BYTES", "1048576")
}
