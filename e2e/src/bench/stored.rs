//! Draining a backlog, and what an instance and a list cost when many are stored.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use super::backlog::{STARTED, count, fill};
use super::lists::{self, ListTimes};
use super::wrk;
use super::{NO_RUNNER, Settings, sample, sample_url};
use crate::api::Api;
use crate::proc_stat;
use crate::server::Server;

/// Events of a window whose cost is measured.
const WINDOW: u64 = 50_000;

/// What one window took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    /// Instances in the store when it began.
    pub(super) stored: u64,
    /// Instances of the window.
    pub(super) instances: u64,
    /// Completed instances per second.
    pub(super) per_second: f64,
    /// Microseconds of CPU of the whole process for one instance.
    pub(super) cpu_us: f64,
    /// Milliseconds to readiness with that many stored, with the backlog waiting.
    pub(super) start_ms: f64,
}

/// What was found.
pub(super) struct Stored {
    pub(super) windows: Vec<Window>,
    pub(super) lists: Vec<ListTimes>,
    /// Bytes of both files at the end.
    pub(super) bytes: u64,
    /// Resident bytes after the last drain.
    pub(super) resident: u64,
}

/// Fills the log without a runner and drains it, until `settings.stored` instances are there.
pub(super) fn measure(home: &Path, settings: &Settings) -> io::Result<Stored> {
    let script = wrk::script(home)?;
    let (options, server) = sample(home, "stored", "")?;
    let url_path = sample_url(&options)?;
    let path = url_path[url_path.find("/webhooks/").unwrap_or(0)..].to_owned();
    let project = sample_project(&Api::of(&server))?;
    server.stop()?;
    let (filling, draining) =
        (options.clone().config(NO_RUNNER), options.config("[event_log]\nmin_free_bytes = 1048576\n"));
    let mut windows: Vec<Window> = Vec::new();
    let mut stored = 0;
    // the first window warms up; then 10 k, and the full number
    let mut sizes = vec![10_000, WINDOW];
    let between = settings.stored.saturating_sub(10_000 + 2 * WINDOW);
    let fills = between.div_ceil(200_000);
    sizes.extend((0..fills).map(|at| between * (at + 1) / fills - between * at / fills));
    sizes.push(WINDOW);
    for size in sizes {
        let server = Server::start(&filling)?;
        let filled = fill(&server, &path, &script, (64, size))?;
        server.stop()?;
        let server = Server::start(&draining)?;
        let window = drain_window(&server, stored, filled)?;
        stored += filled;
        windows.push(window);
        server.stop()?;
    }
    lists::fill(&draining.data)?;
    let server = Server::start(&draining)?;
    let lists = lists::measure(&Api::of(&server), &project)?;
    let resident = proc_stat::resident(server.pid());
    let data = server.options().data.clone();
    server.stop()?;
    let size = |name: &str| std::fs::metadata(data.join(name)).map_or(0, |file| file.len());
    Ok(Stored { windows, lists, bytes: size("store.sqlite") + size("events.sqlite"), resident })
}

fn sample_project(api: &Api) -> io::Result<String> {
    let projects = api.get("projects")?;
    let id =
        projects["items"].as_array().and_then(|items| items.first()).and_then(|first| first["id"].as_str());
    id.map(str::to_owned).ok_or_else(|| io::Error::other("no sample project"))
}

/// Waits for the runner to be past everything.
pub(super) fn drain(server: &Server) -> io::Result<()> {
    Api::of(server).wait_drained(Duration::from_secs(600))
}

fn drain_window(server: &Server, stored: u64, instances: u64) -> io::Result<Window> {
    let api = Api::of(server);
    // from the first moment of the process: whatever it had done when it became ready counts with its time
    let begun = Instant::now() - server.started_in();
    while count(&api, STARTED, "")? < instances {
        if begun.elapsed() > Duration::from_secs(900) {
            return Err(io::Error::other(format!("{} of {instances} started", count(&api, STARTED, "")?)));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let took = begun.elapsed().as_secs_f64();
    let cpu = proc_stat::cpu(server.pid()).as_secs_f64();
    Ok(Window {
        stored,
        instances,
        per_second: instances as f64 / took,
        cpu_us: cpu * 1e6 / instances as f64,
        start_ms: server.started_in().as_secs_f64() * 1e3,
    })
}
