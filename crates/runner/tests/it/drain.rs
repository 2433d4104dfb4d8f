//! How fast the log is drained. Prints; what is asserted is only that everything was started.

use std::time::{Duration, Instant};

use eventlog::Topic;

use crate::processes;
use crate::world::{Process, World, now, until};

/// `FOREBAY_DRAIN_EVENTS=200000 cargo test --release -p runner drain -- --nocapture` for a figure.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drain_rate_of_a_condition_and_a_script() {
    let events: usize =
        std::env::var("FOREBAY_DRAIN_EVENTS").ok().and_then(|n| n.parse().ok()).unwrap_or(5_000);
    let mut world = World::new().await;
    world.settings.measure_ms = 1_000;
    world.settings.prune_ms = 60_000;
    if let Some(batch) = std::env::var("FOREBAY_DRAIN_BATCH").ok().and_then(|n| n.parse().ok()) {
        world.settings.batch_events = batch;
    }
    world.commit(&[Process::new(processes::decision(world.source))]).await;
    let filler = "x".repeat(950);
    world
        .post_many(
            (0..events).map(|n| format!(r#"{{"amount":{},"note":"{filler}","n":{n}}}"#, 101 + n % 900)),
        )
        .await;
    let (began, cpu) = (Instant::now(), cpu_seconds());
    let runner = world.start();
    while world.next_offset(Topic::WebhookEvents).await < i64::try_from(events).unwrap() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let (took, cpu) = (began.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    // counted after the commit
    until("all are counted", async || runner.status().completed == events as u64).await;
    runner.stop().await;
    println!(
        "drained {events} events of 1 KB in {took:.2} s: {:.0} completed instances/s, {:.1} CPU µs each ({} ms epoch)",
        events as f64 / took,
        cpu * 1e6 / events as f64,
        now(),
    );
}

/// CPU time of this process, user and system (Linux; 0 elsewhere).
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}
