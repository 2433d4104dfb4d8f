//! The long form of the reliability bars: `make chaos BARS="1 4 cluster" EVENTS=200000 KILLS=20 MINUTES=60`.
//!
//! Each run ends with a line in `chaos/results/<bar>.jsonl`. The controls, which must fail, follow every bar 1: where
//! the checker does not find what they break, its other verdicts are worth nothing.
#![allow(clippy::print_stdout, reason = "a program that reports")]

use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use e2e::cluster::Cluster;
use e2e::kafka::{Brokers, Topics};
use e2e::postgres::{Database, Server as Postgres};
use e2e::siege::Siege;
use e2e::torture::{Outcome, Plan};
use e2e::{crash_steps, journal, random, reliability, store_file};
use serde_json::json;

struct Settings {
    bars: Vec<String>,
    events: u64,
    kills: u64,
    rate: u64,
    minutes: u64,
}

fn settings() -> Settings {
    let number =
        |name: &str, default| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let bars = std::env::var("BARS").unwrap_or_default();
    let bars = if bars.trim().is_empty() { "1 4 cluster".to_owned() } else { bars };
    Settings {
        bars: bars.split_whitespace().map(str::to_owned).collect(),
        events: number("EVENTS", 200_000),
        kills: number("KILLS", 20),
        rate: number("RATE", 3_000),
        minutes: number("MINUTES", 0),
    }
}

fn main() -> io::Result<ExitCode> {
    let settings = settings();
    let begun = Instant::now();
    let mut good = true;
    loop {
        for bar in &settings.bars {
            good &= match bar.as_str() {
                "1" => kills(&settings)? && controls(&settings)?,
                "4" => steps()?,
                "cluster" => siege(&settings, 1)? && cluster_control()?,
                "cluster3" => siege(&settings, 3)?,
                other => {
                    println!(
                        "{other} has no long form here: 1 (kill -9), 4 (crash at every step), cluster and cluster3 have"
                    );
                    false
                }
            };
            reliability::write()?;
        }
        if !good || begun.elapsed() >= Duration::from_secs(60 * settings.minutes) {
            return Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
    }
}

/// Bar 1: kills under load, fan-out to two processes.
fn kills(settings: &Settings) -> io::Result<bool> {
    let home = tempfile::tempdir()?;
    let plan = Plan {
        home: home.path(),
        parts: &[],
        events: settings.events,
        kills: settings.kills,
        connections: 64,
        seed: random::seed("kill -9"),
        one_in: 100,
        failpoints: "",
        between: &|_| Ok(()),
    };
    let outcome = plan.run()?;
    let good = outcome.verdict.is_good();
    report("bar 1, kill -9", &outcome, plan.seed, good, "nothing lost, nothing double");
    journal::append("1", json!({ "seed": plan.seed, "good": good, "outcome": outcome }))?;
    Ok(good)
}

/// The two runs that must fail.
fn controls(settings: &Settings) -> io::Result<bool> {
    let events = (settings.events / 10).clamp(2_000, 20_000);
    let rewound = |data: &Path| {
        store_file::drop_started_event_once(data)?;
        store_file::wipe_positions(data)
    };
    let no_index = control("unique index dropped, position forgotten", events, "", &rewound)?;
    let early = control(
        "acknowledged before the append",
        events,
        "gateway::control_ack_before_append=return;eventlog::before_commit=sleep(20)",
        &|_: &Path| Ok(()),
    )?;
    Ok(no_index.verdict.duplicate > 0 && early.verdict.lost > 0)
}

fn control(
    name: &str,
    events: u64,
    failpoints: &str,
    between: &dyn Fn(&Path) -> io::Result<()>,
) -> io::Result<Outcome> {
    let home = tempfile::tempdir()?;
    let seed = random::seed(name);
    let plan = Plan {
        home: home.path(),
        parts: &[],
        events,
        kills: 2,
        connections: 64,
        seed,
        one_in: 0,
        failpoints,
        between,
    };
    broken("1-controls", name, &plan)
}

/// Runs what breaks a promise and writes down whether the checker found it.
fn broken(bar: &str, name: &str, plan: &Plan<'_>) -> io::Result<Outcome> {
    let (outcome, seed) = (plan.run()?, plan.seed);
    let found = outcome.verdict.lost + outcome.verdict.duplicate > 0;
    report(&format!("control, {name}"), &outcome, seed, found, "the checker found the broken promise");
    journal::append(bar, json!({ "control": name, "seed": seed, "found": found, "outcome": outcome }))?;
    Ok(outcome)
}

/// Two gateways, two runners, a console, one broker or three, PostgreSQL: everything that can be killed is, in turn.
fn siege(settings: &Settings, nodes: usize) -> io::Result<bool> {
    let home = tempfile::tempdir()?;
    let brokers = match nodes {
        1 => Brokers::of_run(),
        _ => Some(Brokers::start(&home.path().join("kafka"), nodes)?),
    };
    let name = if nodes == 1 { "cluster".to_owned() } else { format!("cluster{nodes}") };
    let (Some(postgres), Some(brokers)) = (Postgres::of_run(), brokers) else {
        println!("{name}: no Kafka and PostgreSQL to besiege (make chaos starts both)");
        return Ok(false);
    };
    let Some(database) = Database::new(&format!("siege{nodes}"))? else { return Ok(false) };
    let cluster = Cluster::on(home.path(), &brokers.topics("siege"), database)?;
    let siege = Siege {
        home: home.path(),
        cluster: &cluster,
        servers: (&brokers, &postgres),
        events: settings.events,
        faults: settings.kills,
        rate: settings.rate,
        seed: random::seed("siege"),
    };
    let outcome = siege.run()?;
    let verdict = &outcome.verdict;
    let good = verdict.is_good();
    println!("{name}: {} faults, {} of them kill -9: {:?}", settings.kills, outcome.kills, outcome.faults);
    println!("  {verdict:?}");
    println!(
        "  {:.0} s under load, settled in {:.0} s, seed {}",
        outcome.seconds, outcome.settled_seconds, siege.seed
    );
    journal::append(&name, json!({ "seed": siege.seed, "good": good, "outcome": outcome }))?;
    Ok(good)
}

/// The run on Kafka and PostgreSQL that must fail.
fn cluster_control() -> io::Result<bool> {
    let name = "unique index of PostgreSQL dropped, positions forgotten";
    let (home, seed) = (tempfile::tempdir()?, random::seed(name));
    let (Some(topics), Some(database)) = (Topics::new("control"), Database::new("control")?) else {
        return Ok(false);
    };
    let mut parts = topics.log();
    parts.push(database.store());
    let plan = Plan {
        home: home.path(),
        parts: &parts,
        events: 20_000,
        kills: 2,
        connections: 64,
        seed,
        one_in: 0,
        failpoints: "",
        between: &|_| {
            database.run("DROP INDEX IF EXISTS started_event_once")?;
            database.run("DELETE FROM log_position").map(drop)
        },
    };
    Ok(broken("cluster-controls", name, &plan)?.verdict.duplicate > 0)
}

/// Bar 4: crash, error and delay at every step, three times over.
fn steps() -> io::Result<bool> {
    let home = tempfile::tempdir()?;
    let seed = random::seed("crash at every step");
    let outcome = crash_steps::embedded(home.path(), seed, 3)?;
    let good = outcome.verdict.is_good();
    println!("bar 4, crash at every step: {} steps, {} faults", outcome.steps.len(), outcome.cases);
    println!("  {:?}", outcome.verdict);
    journal::append("4", json!({ "seed": seed, "good": good, "outcome": outcome }))?;
    Ok(good)
}

fn report(name: &str, outcome: &Outcome, seed: u64, good: bool, meaning: &str) {
    let verdict = &outcome.verdict;
    let slowest = outcome.ready_ms.iter().max().unwrap_or(&0);
    println!("{name}");
    println!("  events {}   200s {}   no answer {}", verdict.sent, verdict.accepted, verdict.unanswered);
    println!(
        "  kills {} under load, {} at start   ready again in at most {slowest} ms",
        outcome.kills.0, outcome.kills.1
    );
    println!("  instances {}   payloads compared {}", verdict.instances, verdict.bytes_compared);
    println!(
        "  lost {}   set aside {}   duplicate {}   changed {}   unknown {}",
        verdict.lost, verdict.set_aside, verdict.duplicate, verdict.bytes_wrong, verdict.unknown
    );
    println!("  seed {seed}   commit {}", journal::commit());
    println!("  {}: {meaning}", if good { "yes" } else { "NO" });
}
