//! The gate on Kafka: our gateway, a plain producer with two lingers, Go, and a responder without Kafka, in turn.

use std::io;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use super::super::gate::{CONNECTIONS, middle};
use super::super::responder::{self, Responder};
use super::super::wrk::{self, Measured};
use super::super::{Settings, median};
use super::Shape;
use crate::journal;
use crate::kafka::Brokers;
use crate::proc_stat;
use crate::server::tool;

/// Seconds of load before anything counts: a JVM is several times slower in its first ones.
const WARM_UP: u64 = 12;

/// What was found for one program.
pub(super) struct Program {
    pub(super) name: &'static str,
    /// One for each number of connections, with the brokers' cores.
    pub(super) rows: Vec<(usize, Measured, f64)>,
    /// Its most resident memory.
    pub(super) peak: u64,
}

/// What was found with so many brokers.
pub(super) struct Gate {
    pub(super) brokers: usize,
    pub(super) programs: Vec<Program>,
    /// Resident memory of all brokers at the end.
    pub(super) brokers_resident: u64,
}

/// Name, URL and process.
type Target = (&'static str, String, u32);

/// Measures all programs at all numbers of connections.
pub(super) fn measure(home: &Path, brokers: &Brokers, settings: &Settings) -> io::Result<Gate> {
    let script = wrk::differing(home)?;
    let shape = Shape::new(home, &format!("gate{}", brokers.nodes()), brokers)?;
    let gateway = shape.start("gateway", "gateway")?;
    let others = others(home, brokers)?;
    let mut targets = vec![("Forebay's gateway", gateway.base() + &shape.target, gateway.pid())];
    targets.extend(others.iter().map(|(name, other)| (*name, other.url.clone(), other.pid())));
    for (_, url, pid) in &targets {
        wrk::run(url, &script, (64, WARM_UP * brokers.nodes() as u64 / 2), *pid)?;
    }
    let mut programs: Vec<Program> =
        targets.iter().map(|(name, ..)| Program { name, rows: Vec::new(), peak: 0 }).collect();
    for connections in CONNECTIONS {
        let mut found = vec![Vec::new(); targets.len()];
        for _ in 0..settings.rounds {
            for (at, target) in targets.iter().enumerate() {
                found[at].push(one(brokers, target, &script, (connections, settings.seconds))?);
            }
        }
        for (program, runs) in programs.iter_mut().zip(found) {
            let cores = median(runs.iter().map(|(_, cores)| *cores).collect());
            let runs: Vec<Measured> = runs.into_iter().map(|(run, _)| run).collect();
            program.rows.push((connections, middle(&runs), cores));
        }
    }
    for (program, (_, _, pid)) in programs.iter_mut().zip(&targets) {
        program.peak = proc_stat::peak_resident(*pid);
    }
    gateway.stop()?;
    Ok(Gate { brokers: brokers.nodes(), programs, brokers_resident: brokers.resident() })
}

fn one(brokers: &Brokers, target: &Target, script: &Path, load: (usize, u64)) -> io::Result<(Measured, f64)> {
    let (_, url, pid) = target;
    let (begun, before) = (Instant::now(), brokers.cpu());
    let run = wrk::run(url, script, load, *pid)?;
    let cores = (brokers.cpu() - before).as_secs_f64() / begun.elapsed().as_secs_f64();
    Ok((run, cores))
}

/// Who is measured beside us, each on a topic of its own.
fn others(home: &Path, brokers: &Brokers) -> io::Result<Vec<(&'static str, Responder)>> {
    let plain = |topic: &str, linger| Responder::start(tool("peer")?, &[brokers.bootstrap(), topic, linger]);
    Ok(vec![
        ("FutureProducer, linger 5 ms (its default)", plain("peer-default", "5")?),
        ("FutureProducer, linger 0", plain("peer-zero", "0")?),
        ("Go, franz-go ProduceSync", Responder::start(go(home)?, &[brokers.bootstrap(), "peer-go"])?),
        ("responder without Kafka", Responder::start(tool("bare")?, &[&responder::threads()])?),
    ])
}

/// Builds the peer in Go.
fn go(home: &Path) -> io::Result<std::path::PathBuf> {
    let program = home.join("franz");
    let mut command = Command::new("go");
    command.args(["build", "-o"]).arg(&program).arg(".");
    let built = command.current_dir(journal::root().join("e2e/peers/franz")).output()?;
    if built.status.success() {
        return Ok(program);
    }
    Err(io::Error::other(format!("go build: {}", String::from_utf8_lossy(&built.stderr))))
}
