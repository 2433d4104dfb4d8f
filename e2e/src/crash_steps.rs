//! A crash, an error and a delay at every step of the walk, each followed by a restart, every other one with the
//! position in the log forgotten (RELIABILITY §5, bar 4).

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::api::{Api, Project};
use crate::failpoints;
use crate::load::{self, Load};
use crate::processes;
use crate::random::Random;
use crate::sending;
use crate::server::{Options, Server};
use crate::store_file;
use crate::verify::{Check, Verdict};

/// What a fail point does; `{n}` is how many passes go well before.
const ACTIONS: [&str; 4] = [
    // the step panics, once
    "{n}*off->1*panic(by design)->off",
    // the step fails, three times
    "{n}*off->3*return->off",
    // the step is slow
    "{n}*off->2*sleep(150)->off",
    // the process is killed in the middle of the step
    "{n}*off->1*sleep(60000)->off",
];

/// How often the whole is counted in between; it is at the end too.
const CASES_BETWEEN_COUNTS: u64 = 4 * ACTIONS.len() as u64;

/// What a panic of ours says.
const BY_DESIGN: &str = "by design";

/// Events of each case.
const EVENTS: u64 = 40;

/// What came of it.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// Every step that was tried.
    pub steps: Vec<String>,
    /// Those of them whose panic was seen in the log: that the walk really came by.
    pub reached: Vec<String>,
    /// Servers that were started with a fault, and killed.
    pub cases: u64,
    /// The count after all of them.
    pub verdict: Verdict,
}

/// Where to go, and how.
pub struct Walk<'a> {
    /// Holds the data folder `data`.
    pub home: &'a Path,
    /// Variables that name the parts that are not embedded.
    pub parts: &'a [(String, String)],
    /// Which steps to try.
    pub steps: Vec<String>,
    /// Forgets how far the log was applied. The server is stopped meanwhile.
    pub forget: &'a dyn Fn() -> io::Result<()>,
    /// Bodies and moments follow from it.
    pub seed: u64,
    /// How often each step is tried with each action.
    pub rounds: u64,
}

/// All steps on embedded parts, in a folder below `home`.
pub fn embedded(home: &Path, seed: u64, rounds: u64) -> io::Result<Outcome> {
    let forget = || store_file::wipe_positions(&home.join("data"));
    let steps = failpoints::steps()?;
    run(Walk { home, parts: &[], steps, forget: &forget, seed, rounds })
}

/// Goes through all steps and actions. Stops at the first step after which something is lost or double.
pub fn run(walk: Walk<'_>) -> io::Result<Outcome> {
    let Walk { home, parts, steps, forget, seed, rounds } = walk;
    let plain = Options::new(&home.join("data")).envs(parts);
    let server = Server::start(&plain)?;
    let project = Project::make(&Api::of(&server), "Steps")?;
    let webhook = project.webhook("hook", &[&processes::straight, &processes::branching])?;
    server.stop()?;
    let mut load = Load {
        address_file: plain.address_file(),
        target: webhook.target,
        connections: 4,
        seed,
        first: 0,
        events: EVENTS,
        rate: 0,
        ledger: home.join("ledger"),
    };
    let check = Check {
        project: project.id,
        definitions: webhook.definitions,
        ledger: load.ledger.clone(),
        seed,
        one_in: 7,
    };
    let mut random = Random::new(seed);
    let mut outcome = Outcome { steps, reached: Vec::new(), cases: 0, verdict: Verdict::default() };
    for step in outcome.steps.iter().cycle().take(outcome.steps.len() * rounds as usize) {
        let panics = panics_in(&plain);
        for action in ACTIONS {
            // a batch of the runner takes many events: it comes by less often
            let most = if step.starts_with("runner") { 3 } else { 12 };
            let action = action.replace("{n}", &(1 + random.below(most)).to_string());
            one_case(&plain.clone().failpoints(&format!("{step}={action}")), &load)?;
            load.first += EVENTS;
            outcome.cases += 1;
            if outcome.cases.is_multiple_of(2) {
                forget()?;
            }
        }
        if panics_in(&plain) > panics && !outcome.reached.contains(step) {
            outcome.reached.push(step.clone());
        }
        if !outcome.cases.is_multiple_of(CASES_BETWEEN_COUNTS) {
            continue;
        }
        // all that was ever accepted must be there, once
        outcome.verdict = counted(&plain, &check, step)?;
    }
    outcome.verdict = counted(&plain, &check, "the last step")?;
    Ok(outcome)
}

/// The count by a server without faults; an error where something is lost or double.
fn counted(plain: &Options, check: &Check, step: &str) -> io::Result<Verdict> {
    let server = Server::start(plain)?;
    let verdict = sending::verify(&plain.address_file(), check)
        .map_err(|error| io::Error::other(format!("after the faults at {step}: {error}")))?;
    server.kill();
    if verdict.is_good() {
        return Ok(verdict);
    }
    Err(io::Error::other(format!("after the faults at {step}: {verdict:?}")))
}

/// How many panics of ours the log has so far.
fn panics_in(options: &Options) -> usize {
    let log = std::fs::read(&options.log).unwrap_or_default();
    String::from_utf8_lossy(&log).matches(BY_DESIGN).count()
}

/// One server with one fault: load on it until all is sent, it has ended or time is up; then SIGKILL.
fn one_case(options: &Options, load: &Load) -> io::Result<()> {
    let Ok(mut server) = Server::start(options) else {
        // the step is part of the start: that is a crash like any other
        return Ok(());
    };
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let sending = scope.spawn(|| load::run(load, &stop));
        let begun = Instant::now();
        while !sending.is_finished()
            && server.ended().is_none()
            && begun.elapsed() < Duration::from_millis(700)
        {
            std::thread::sleep(Duration::from_millis(5));
        }
        // let the runner come to the step too
        std::thread::sleep(Duration::from_millis(60));
        stop.store(true, Ordering::Relaxed);
        server.kill();
        sending.join().unwrap_or_else(|_| Err(io::Error::other("the sender panicked"))).map(drop)
    })
}
