//! Log lines and metrics.

use std::io::IsTerminal;
use std::time::Duration;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, LogSettings};

/// Log lines go to standard error: readable on a terminal, one JSON object a line otherwise.
pub(crate) fn start_log(settings: &LogSettings) {
    let filter = EnvFilter::try_new(&settings.level).unwrap_or_else(|_| EnvFilter::new("info"));
    let readable = match settings.format {
        LogFormat::Text => true,
        LogFormat::Json => false,
        LogFormat::Auto => std::io::stderr().is_terminal(),
    };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // a second start in one process (tests) keeps the first log
    let _ = if readable {
        builder.with_ansi(std::io::stderr().is_terminal()).with_target(false).compact().try_init()
    } else {
        builder.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init()
    };
}

/// Bounds of the histograms, in seconds: from one fsync of a fast disk to the answer's deadline.
const SECONDS: &[f64] =
    &[0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// How often samples are summed up.
const UPKEEP: Duration = Duration::from_secs(1);

/// Sums up the samples of the histograms for ever: each waits in memory until then, and nobody may ask for the
/// metrics.
pub(crate) async fn keep_up(metrics: PrometheusHandle) {
    let mut every = tokio::time::interval(UPKEEP);
    loop {
        every.tick().await;
        metrics.run_upkeep();
    }
}

/// Starts counting; the handle renders the text for Prometheus.
pub(crate) fn start_metrics() -> Result<PrometheusHandle, metrics_exporter_prometheus::BuildError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)?
        .install_recorder()
}
