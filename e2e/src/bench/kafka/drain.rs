//! A backlog on Kafka that is worked off: into PostgreSQL by a runner alone, into SQLite by one process for all.

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
    /// Microseconds of CPU of the runner for one instance.
    pub(super) cpu_us: f64,
    /// Resident bytes after a tenth, and the most.
    pub(super) resident: (u64, u64),
}

/// Fills and drains for both stores.
pub(super) fn measure(home: &Path, brokers: &Brokers, settings: &Settings) -> io::Result<Vec<Drain>> {
    let script = wrk::differing(home)?;
    let shape = Shape::new(home, "drain", brokers)?;
    let gateway = shape.start("gateway")?;
    let records = fill(&gateway, &shape.target, &script, (128, settings.drain))?;
    gateway.stop()?;
    let runner = shape.start("runner")?;
    let into_postgres = drain("PostgreSQL", &runner, records)?;
    runner.stop()?;
    drop(shape);
    let options = quiet(Options::new(&home.join("sqlite")).envs(&brokers.topics("sqlite").log()));
    let idle = Server::start(&options.clone().config("roles = [\"gateway\", \"console\"]\n"))?;
    let target = webhook(&idle)?;
    let records = fill(&idle, &target, &script, (128, settings.drain / 4))?;
    idle.stop()?;
    let all = Server::start(&options)?;
    let into_sqlite = drain("SQLite", &all, records)?;
    all.stop()?;
    Ok(vec![into_postgres, into_sqlite])
}

fn drain(store: &'static str, server: &Server, records: u64) -> io::Result<Drain> {
    let api = Api::of(server);
    // what it had done when it became ready counts with its time
    let begun = Instant::now() - server.started_in();
    let (mut marks, mut early, mut most) = (vec![0.0], 0, 0);
    loop {
        let started = count(&api, STARTED, "")?;
        let resident = proc_stat::resident(server.pid());
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
    Ok(Drain {
        store,
        records,
        per_second: records as f64 / marks.last().copied().unwrap_or(1.0),
        tenths: (slowest, fastest),
        cpu_us: proc_stat::cpu(server.pid()).as_secs_f64() * 1e6 / records as f64,
        resident: (early, most),
    })
}
