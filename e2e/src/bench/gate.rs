//! The gate: a bare responder, the gateway alone and everything in one process, in turn.

use std::io;
use std::path::Path;
use std::process::Command;

use super::responder::{self, Responder};
use super::wrk::{self, Measured};
use super::{NO_RUNNER, Settings, median, sample, sample_url};
use crate::proc_stat;
use crate::server::{Options, Server, tool};

/// The numbers of connections.
pub(super) const CONNECTIONS: [usize; 4] = [1, 32, 128, 512];

/// What was found at one number of connections.
pub(super) struct Row {
    pub(super) connections: usize,
    pub(super) bare: Measured,
    pub(super) gateway: Measured,
    pub(super) whole: Measured,
}

/// All of it, and the memory that it took.
pub(super) struct Gate {
    pub(super) rows: Vec<Row>,
    /// The most resident memory of the gateway alone under this load, in bytes.
    pub(super) gateway_peak: u64,
    /// The most resident memory of the process that does everything.
    pub(super) whole_peak: u64,
}

/// Start and idle memory.
pub(super) struct Idle {
    /// Milliseconds to readiness on an empty folder (the sample is made then).
    pub(super) first_start: f64,
    /// Milliseconds to readiness on that folder again.
    pub(super) next_start: f64,
    /// Resident bytes two seconds after the start.
    pub(super) resident: u64,
}

/// Start-up time and memory without load: the middle of five.
pub(super) fn idle(home: &Path) -> io::Result<Idle> {
    let (mut first, mut next, mut resident) = (Vec::new(), Vec::new(), 0);
    for round in 0..5 {
        let options = Options::new(&home.join(format!("idle-{round}"))).with_sample();
        let server = Server::start(&options)?;
        first.push(server.started_in().as_secs_f64() * 1e3);
        server.stop()?;
        let server = Server::start(&options)?;
        next.push(server.started_in().as_secs_f64() * 1e3);
        std::thread::sleep(std::time::Duration::from_millis(if round == 4 { 2000 } else { 0 }));
        resident = proc_stat::resident(server.pid());
        server.stop()?;
    }
    Ok(Idle { first_start: median(first), next_start: median(next), resident })
}

/// Measures all numbers of connections; each server is warmed up before.
pub(super) fn measure(home: &Path, settings: &Settings) -> io::Result<Gate> {
    let script = wrk::script(home)?;
    let bare = Responder::start(tool("bare")?, &[&responder::threads()])?;
    // the gateway alone runs on a folder that a whole server has prepared
    let (options, prepared) = sample(home, "gate", "")?;
    prepared.stop()?;
    let gateway = Server::start(&options.config(NO_RUNNER))?;
    let gateway_url = sample_url(gateway.options())?;
    let (_, whole) = sample(home, "whole", "[event_log]\nmin_free_bytes = 1048576\n")?;
    let whole_url = sample_url(whole.options())?;
    let targets = [(bare.url.as_str(), bare.pid()), (&gateway_url, gateway.pid()), (&whole_url, whole.pid())];
    for (url, pid) in targets {
        wrk::run(url, &script, (32, 2), pid)?;
    }
    let mut rows = Vec::new();
    for connections in CONNECTIONS {
        let mut found: [Vec<Measured>; 3] = Default::default();
        for _ in 0..settings.rounds {
            for (at, (url, pid)) in targets.iter().enumerate() {
                found[at].push(wrk::run(url, &script, (connections, settings.seconds), *pid)?);
                // what the runner and the disk have left to do must not slow down the next one
                if at == 2 {
                    super::stored::drain(&whole)?;
                    Command::new("sync").status()?;
                }
            }
        }
        let [bare, gateway, whole] = found.map(|runs| middle(&runs));
        rows.push(Row { connections, bare, gateway, whole });
    }
    Ok(Gate {
        rows,
        gateway_peak: proc_stat::peak_resident(gateway.pid()),
        whole_peak: proc_stat::peak_resident(whole.pid()),
    })
}

/// Each figure's median.
pub(super) fn middle(runs: &[Measured]) -> Measured {
    let of = |figure: &dyn Fn(&Measured) -> f64| median(runs.iter().map(figure).collect());
    Measured {
        per_second: of(&|run| run.per_second),
        p50: of(&|run| run.p50),
        p99: of(&|run| run.p99),
        bad: runs.iter().map(|run| run.bad).sum(),
        server_cores: of(&|run| run.server_cores),
        wrk_cores: of(&|run| run.wrk_cores),
    }
}
