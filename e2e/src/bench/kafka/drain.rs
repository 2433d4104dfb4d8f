//! A backlog on Kafka that is worked off: into PostgreSQL by runners alone, into SQLite by one process for all.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use super::super::backlog::{STARTED, count, fill};
use super::super::{Settings, wrk};
use super::{Shape, quiet, webhook};
use crate::api::Api;
use crate::kafka::Brokers;
use crate::proc_stat;
use crate::server::{Options, Server};

/// What was found.
pub(super) struct Drain {
    pub(super) store: &'static str,
    pub(super) records: u64,
    pub(super) per_second: f64,
    /// Instances a second in the slowest and the fastest tenth of the backlog.
    pub(super) tenths: (f64, f64),
    /// Microseconds of CPU of the runners for one instance.
    pub(super) cpu_us: f64,
    /// Resident bytes of the runners after a tenth, and the most.
    pub(super) resident: (u64, u64),
}

/// Fills and drains: into PostgreSQL by one runner, then by two, and into SQLite by one process for all.
pub(super) fn measure(home: &Path, brokers: &Brokers, settings: &Settings) -> io::Result<Vec<Drain>> {
    let script = wrk::differing(home)?;
    let shape = Shape::new(home, "drain", brokers)?;
    let mut drains = Vec::new();
    for (store, names) in
        [("PostgreSQL, one runner", &["one"][..]), ("PostgreSQL, two runners", &["two", "three"][..])]
    {
        let gateway = shape.start("gateway", "gateway")?;
        let records = fill(&gateway, &shape.target, &script, (128, settings.drain))?;
        gateway.stop()?;
        let begun = Instant::now();
        let runners: Vec<Server> =
            names.iter().map(|name| shape.start(name, "runner")).collect::<io::Result<_>>()?;
        drains.push(drain(store, &runners, records, begun)?);
        for runner in runners {
            runner.stop()?;
        }
    }
    drop(shape);
    let options = quiet(Options::new(&home.join("sqlite")).envs(&brokers.topics("sqlite").log()));
    let idle = Server::start(&options.clone().config("roles = [\"gateway\", \"console\"]\n"))?;
    let target = webhook(&idle)?;
    let records = fill(&idle, &target, &script, (128, settings.drain / 4))?;
    idle.stop()?;
    let begun = Instant::now();
    let all = [Server::start(&options)?];
    drains.push(drain("SQLite", &all, records, begun)?);
    let [all] = all;
    all.stop()?;
    Ok(drains)
}

/// Waits until these servers have started all; `begun`: before they were started, which counts with their time.
fn drain(store: &'static str, servers: &[Server], records: u64, begun: Instant) -> io::Result<Drain> {
    let apis: Vec<Api> = servers.iter().map(Api::of).collect();
    let (mut marks, mut early, mut most) = (vec![0.0], 0, 0);
    loop {
        let started = apis.iter().map(|api| count(api, STARTED, "")).sum::<io::Result<u64>>()?;
        let resident = servers.iter().map(|server| proc_stat::resident(server.pid())).sum();
        most = most.max(resident);
        while started * 10 >= records * marks.len() as u64 && marks.len() <= 10 {
            marks.push(begun.elapsed().as_secs_f64());
            early = if marks.len() == 2 { resident } else { early };
        }
        if started >= records {
            break;
        }
        if begun.elapsed() > Duration::from_secs(1_800) {
            return Err(io::Error::other(format!("{started} of {records} started")));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let tenths = marks.windows(2).map(|pair| records as f64 / 10.0 / (pair[1] - pair[0]).max(1e-3));
    let fastest = tenths.clone().fold(0.0, f64::max);
    let slowest = tenths.fold(f64::INFINITY, f64::min);
    let cpu: Duration = servers.iter().map(|server| proc_stat::cpu(server.pid())).sum();
    Ok(Drain {
        store,
        records,
        per_second: records as f64 / marks.last().copied().unwrap_or(1.0),
        tenths: (slowest, fastest),
        cpu_us: cpu.as_secs_f64() * 1e6 / records as f64,
        resident: (early, most),
    })
}
