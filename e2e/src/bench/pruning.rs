//! What the removal of old rows costs those who work meanwhile: requests, and a backlog that is worked off.
//!
//! The old rows are real ones: a server whose clock is forty days behind (Debian's libfaketime) makes them, so everything
//! they have is older than what is kept.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::backlog::{STARTED, count, fill};
use super::{median, sample_url, wrk};
use crate::api::Api;
use crate::server::{Options, Server};

/// Where it is measured: one folder, and one process that does everything.
///
/// The log is the embedded one on both stores, since librdkafka does not start under a clock that was set back.
pub(super) struct Site {
    pub(super) store: &'static str,
    /// A server that only accepts.
    pub(super) gateway: Options,
    /// One that works too.
    pub(super) whole: Options,
}

/// What was found: without pruning and with it.
pub(super) struct Pruning {
    pub(super) store: &'static str,
    /// Old events, each with an instance, its history and the note that it was started.
    pub(super) old: u64,
    pub(super) without: Speed,
    pub(super) with: Speed,
}

/// Of one round, or the median of some.
pub(super) struct Speed {
    /// Requests a second that were answered 200 while a runner works.
    pub(super) accepted: f64,
    /// Instances a second of a backlog.
    pub(super) drained: f64,
    /// Rows a second that were removed meanwhile.
    pub(super) removed: f64,
}

/// Events of the past.
const OLD: u64 = 400_000;
/// Events of a backlog.
const BACKLOG: u64 = 120_000;
/// Rounds of each.
const ROUNDS: usize = 3;
/// Connections and seconds of a load.
const LOAD: (usize, u64) = (32, 5);

/// The clock of the past.
pub(super) fn past() -> io::Result<Vec<(String, String)>> {
    let library = faketime()?.to_string_lossy().into_owned();
    let variables = [("LD_PRELOAD", library.as_str()), ("FAKETIME", "-40d"), ("DONT_FAKE_MONOTONIC", "1")];
    Ok(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

fn faketime() -> io::Result<PathBuf> {
    let libraries = std::fs::read_dir("/usr/lib")?.filter_map(Result::ok);
    libraries
        .map(|entry| entry.path().join("faketime/libfaketimeMT.so.1"))
        .find(|file| file.exists())
        .ok_or_else(|| io::Error::other("libfaketime is missing: apt-get install faketime"))
}

/// Makes the old rows and measures.
pub(super) fn measure(home: &Path, site: &Site) -> io::Result<Pruning> {
    let script = wrk::script(home)?;
    let past = past()?;
    let gateway = Server::start(&site.gateway.clone().envs(&past))?;
    let url = sample_url(&site.gateway)?;
    let target = url.get(url.find("/webhooks/").unwrap_or(0)..).unwrap_or_default();
    let old = fill(&gateway, target, &script, (64, OLD))?;
    gateway.stop()?;
    let whole = Server::start(&site.whole.clone().envs(&past))?;
    drain(&Api::of(&whole), old)?;
    whole.stop()?;
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        without.push(round(site, target, &script, "86400000")?);
        with.push(round(site, target, &script, "10")?);
    }
    Ok(Pruning { store: site.store, old, without: middle(&without), with: middle(&with) })
}

fn round(site: &Site, target: &str, script: &Path, prune_ms: &str) -> io::Result<Speed> {
    let gateway = Server::start(&site.gateway)?;
    let backlog = fill(&gateway, target, script, (64, BACKLOG))?;
    gateway.stop()?;
    let begun = Instant::now();
    let whole = Server::start(&site.whole.clone().env("FOREBAY_RUNNER__PRUNE_MS", prune_ms))?;
    let api = Api::of(&whole);
    drain(&api, backlog)?;
    let drained = backlog as f64 / begun.elapsed().as_secs_f64();
    let url = format!("{}{target}", whole.base());
    let accepted = wrk::run(&url, script, LOAD, whole.pid())?.per_second;
    let removed = count(&api, "forebay_pruned_total", "")? as f64 / begun.elapsed().as_secs_f64();
    // what waits still is not the next round's
    api.wait_drained(Duration::from_secs(600))?;
    whole.stop()?;
    Ok(Speed { accepted, drained, removed })
}

fn middle(rounds: &[Speed]) -> Speed {
    let of = |figure: &dyn Fn(&Speed) -> f64| median(rounds.iter().map(figure).collect());
    Speed {
        accepted: of(&|round| round.accepted),
        drained: of(&|round| round.drained),
        removed: of(&|round| round.removed),
    }
}

/// Waits until so many are started.
fn drain(api: &Api, events: u64) -> io::Result<()> {
    let begun = Instant::now();
    while count(api, STARTED, "")? < events {
        if begun.elapsed() > Duration::from_secs(600) {
            return Err(io::Error::other("a backlog is not worked off"));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}
