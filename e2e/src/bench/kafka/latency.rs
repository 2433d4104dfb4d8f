//! From the request to the stored instance, at a steady rate below what the machine can do.
//!
//! An event's id holds the millisecond in which its request was accepted (UUID version 7), before it was sent to the
//! brokers; PostgreSQL knows when it committed the instance (`track_commit_timestamp`). The difference is longer than
//! what a caller sees between its 200 and the stored instance, by the time of the append.

use std::io;
use std::path::Path;
use std::time::Duration;

use super::Shape;
use crate::api::{Api, wait};
use crate::kafka::Brokers;
use crate::load::{Load, Summary};
use crate::sending::Sending;

/// Events a second.
pub(super) const RATE: u64 = 2_000;
const SECONDS: u64 = 100;
/// The first seconds do not count: both cores compile the broker's code, and what piled up meanwhile is worked off (20
/// seconds of them at this rate on two cores).
pub(super) const WARM_UP: u64 = 40;

/// What was found.
pub(super) struct Delay {
    pub(super) instances: u64,
    /// Events a second that were answered 200.
    pub(super) per_second: f64,
    /// Milliseconds at the middle, the 99th of a hundred, and the longest.
    pub(super) ms: (f64, f64, f64),
}

/// Measures with one gateway and one runner.
pub(super) fn measure(home: &Path, brokers: &Brokers) -> io::Result<Delay> {
    let shape = Shape::new(home, "delay", brokers)?;
    let (gateway, runner) = (shape.start("gateway", "gateway")?, shape.start("runner", "runner")?);
    let load = Load {
        address_file: gateway.options().address_file(),
        target: shape.target.clone(),
        connections: 32,
        seed: 7,
        first: 0,
        events: RATE * SECONDS,
        rate: RATE,
        ledger: home.join("delay-ledger"),
    };
    let sent: Summary = Sending::start(&load)?.wait()?;
    let api = Api::of(&runner);
    wait(Duration::from_secs(60), "the last instance", || {
        let text = api.plain("/metrics")?.text();
        Ok(crate::metrics::sum(&text, "forebay_instances_started_total").unwrap_or(0.0) as u64
            >= sent.accepted)
    })?;
    let said = shape.cluster.database().run(&figures())?;
    runner.stop()?;
    gateway.stop()?;
    let figures: Vec<f64> = said.split('|').filter_map(|figure| figure.parse().ok()).collect();
    let [instances, middle, late, longest] = figures[..] else {
        return Err(io::Error::other(format!(
            "no commit times: {said}; start PostgreSQL with track_commit_timestamp=on"
        )));
    };
    Ok(Delay {
        instances: instances as u64,
        per_second: sent.accepted as f64 / sent.seconds,
        ms: (middle, late, longest),
    })
}

/// The count and the figures of what was accepted after the warm-up.
fn figures() -> String {
    format!("{TIMES} WHERE accepted > (SELECT min(accepted) + {} FROM times)", WARM_UP * 1_000)
}

const TIMES: &str = "WITH times AS (
    SELECT ('x' || substr(replace(event_id::text, '-', ''), 1, 12))::bit(48)::bigint AS accepted,
           extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000 AS stored
    FROM process_instance WHERE event_id IS NOT NULL)
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY stored - accepted),
       percentile_cont(0.99) WITHIN GROUP (ORDER BY stored - accepted), max(stored - accepted)
FROM times";
