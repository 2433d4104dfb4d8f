//! How fast it is, side by side with a bare responder in one run, and under which conditions that was measured.

mod backlog;
mod conditions;
mod gate;
mod kafka;
mod lists;
mod pruning;
mod report;
mod responder;
mod stored;
mod wrk;

use std::io;
use std::path::Path;

use crate::server::{Options, Server};

/// What can be made shorter, by environment variables.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `BENCH_SECONDS`: seconds of each measurement of the gate.
    pub seconds: u64,
    /// `BENCH_ROUNDS`: how often each is measured, bare and gateway in turn.
    pub rounds: usize,
    /// `BENCH_STORED`: instances in the store at which the cost of one more is measured again.
    pub stored: u64,
    /// `BENCH_DRAIN`: records of the backlog on Kafka that is drained.
    pub drain: u64,
    /// `BENCH_ONLY`: one part of `make bench-kafka` (`gate`, `delay`, `drain` or `pruning`) or of `make bench` (`pruning`);
    /// nothing is written then.
    pub only: Option<String>,
    /// `BENCH_WRITE=1`: write our part of `docs/BENCHMARKS.md`.
    pub write: bool,
}

impl Settings {
    /// As the environment says.
    pub fn from_env() -> Self {
        let number = |name: &str, default| {
            std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok()).unwrap_or(default)
        };
        let only = std::env::var("BENCH_ONLY").ok().filter(|part| !part.is_empty());
        Self {
            seconds: number("BENCH_SECONDS", 6),
            rounds: number("BENCH_ROUNDS", 3) as usize,
            stored: number("BENCH_STORED", 1_000_000),
            drain: number("BENCH_DRAIN", 2_000_000),
            write: only.is_none() && number("BENCH_WRITE", 0) == 1,
            only,
        }
    }
}

/// Measures everything and returns the report as Markdown.
pub fn run(settings: Settings) -> io::Result<String> {
    wrk::present()?;
    let home = tempfile::tempdir()?;
    let conditions = conditions::read(home.path())?;
    match settings.only.as_deref() {
        None => {}
        Some("pruning") => return Ok(report::pruning(&[pruned(home.path(), "SQLite", &[])?])),
        Some(other) => return Err(io::Error::other(format!("BENCH_ONLY={other}: it may be pruning"))),
    }
    let idle = gate::idle(home.path())?;
    let gate = gate::measure(home.path(), &settings)?;
    let stored = stored::measure(home.path(), &settings)?;
    let pruning = pruned(home.path(), "SQLite", &[])?;
    let mut text = report::markdown(&conditions, &idle, &gate, &stored);
    text.push_str(&report::pruning(&[pruning]));
    if settings.write {
        keep("make bench", &text)?;
    }
    Ok(text)
}

/// The same for Forebay on Kafka and PostgreSQL, beside other producers.
pub fn run_kafka(settings: Settings) -> io::Result<String> {
    wrk::present()?;
    let text = kafka::measure(&settings)?;
    if settings.write {
        keep("make bench-kafka", &text)?;
    }
    Ok(text)
}

/// Puts one command's part of `docs/BENCHMARKS.md` in the place of its last one; the other parts stay.
fn keep(command: &str, text: &str) -> io::Result<()> {
    let file = crate::journal::root().join("docs/BENCHMARKS.md");
    let before = std::fs::read_to_string(&file).unwrap_or_default();
    let (begin, end) = (format!("<!-- {command} -->\n"), format!("<!-- end of {command} -->\n"));
    let part = format!("{begin}{}\n{end}", text.trim_end());
    let now = match (before.find(&begin), before.find(&end)) {
        (Some(from), Some(to)) => format!("{}{part}{}", &before[..from], &before[to + end.len()..]),
        _ => format!("{before}{part}"),
    };
    std::fs::write(file, now)
}

/// What pruning costs a process that does everything, on this store.
fn pruned(home: &Path, store: &'static str, parts: &[(String, String)]) -> io::Result<pruning::Pruning> {
    let options = Options::new(&home.join("pruning")).with_sample();
    Server::start(&options.clone().envs(parts).envs(&pruning::past()?))?.stop()?;
    let site = pruning::Site {
        store,
        gateway: options.clone().config(NO_RUNNER).envs(parts),
        whole: options.config(ROOM).envs(parts),
    };
    pruning::measure(home, &site)
}

/// A server with the sample project in a folder of this name.
fn sample(home: &Path, name: &str, config: &str) -> io::Result<(Options, Server)> {
    let options = Options::new(&home.join(name)).with_sample().config(config);
    let server = Server::start(&options)?;
    Ok((options, server))
}

/// Without the runner: events are accepted and stay in the log.
const NO_RUNNER: &str = "roles = [\"gateway\", \"console\"]\n[event_log]\nmin_free_bytes = 1048576\n";

/// Everything, on a disk that may be rather full.
const ROOM: &str = "[event_log]\nmin_free_bytes = 1048576\n";

/// The full URL of the sample's webhook.
fn sample_url(options: &Options) -> io::Result<String> {
    let output = std::process::Command::new(crate::server::forebay()?)
        .args(["url", "orders", "--data"])
        .arg(&options.data)
        .envs(options.env.iter().map(|(name, value)| (name, value)))
        .output()?;
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The middle one.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
