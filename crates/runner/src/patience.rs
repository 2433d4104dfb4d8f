//! Trying again: infrastructure faults are waited out, for ever, and logged once for each change.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};

use crate::core::{Core, Trouble};

/// A row of attempts of one part of the runner.
pub(crate) struct Patience<'a> {
    core: &'a Core,
    part: &'static str,
    delays: backon::ExponentialBackoff,
    failing: bool,
}

/// The runner is asked to stop: what did not work is left to the next one.
#[derive(Debug)]
pub(crate) struct Stopped;

impl<'a> Patience<'a> {
    pub(crate) fn new(core: &'a Core, part: &'static str) -> Self {
        Self { core, part, delays: delays(), failing: false }
    }

    /// Notes the fault and waits before the next attempt.
    pub(crate) async fn wait_out(&mut self, trouble: &Trouble) -> Result<(), Stopped> {
        self.failing = true;
        metrics::counter!("forebay_runner_retries_total", "part" => self.part).increment(1);
        if self.core.health.trouble(self.part, trouble.to_string()) {
            tracing::error!(part = self.part, %trouble, "does not work now; trying again until it does");
        } else {
            tracing::debug!(part = self.part, %trouble, "still does not work");
        }
        let delay = self.delays.next().unwrap_or(Duration::from_secs(5));
        let milliseconds = u64::try_from(delay.as_millis()).unwrap_or(5_000);
        if self.core.pause(milliseconds).await { Ok(()) } else { Err(Stopped) }
    }

    /// Notes that it works.
    pub(crate) fn succeeded(&mut self) {
        if std::mem::take(&mut self.failing) {
            self.delays = delays();
            if self.core.health.well(self.part) {
                tracing::info!(part = self.part, "works again");
            }
        }
    }
}

impl Drop for Patience<'_> {
    fn drop(&mut self) {
        if self.failing {
            self.core.health.well(self.part);
        }
    }
}

fn delays() -> backon::ExponentialBackoff {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(20))
        .with_max_delay(Duration::from_secs(5))
        .with_factor(2.0)
        .with_jitter()
        .without_max_times()
        .build()
}
