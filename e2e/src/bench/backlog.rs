//! A backlog: events that are accepted while nobody starts them.

use std::io;
use std::path::Path;

use super::wrk;
use crate::api::Api;
use crate::metrics;
use crate::server::Server;

/// Instances that were started, by the runner's own count.
pub(super) const STARTED: &str = "forebay_instances_started_total";
/// Requests, by the gateway's own count.
const REQUESTS: &str = "forebay_gateway_requests_total";

/// Posts with so many connections until at least so many events are accepted; how many are.
pub(super) fn fill(server: &Server, target: &str, script: &Path, load: (usize, u64)) -> io::Result<u64> {
    let (connections, events) = load;
    let url = format!("{}{target}", server.base());
    let api = Api::of(server);
    loop {
        // wrk's last answers are cut off by its end: the gateway knows the number
        let accepted = count(&api, REQUESTS, "status=\"200\"")?;
        let missing = events.saturating_sub(accepted);
        if missing == 0 {
            return Ok(accepted);
        }
        wrk::run(&url, script, (connections, (missing / 40_000).clamp(1, 20)), server.pid())?;
    }
}

/// A server's own count.
pub(super) fn count(api: &Api, name: &str, label: &str) -> io::Result<u64> {
    let text = api.plain("/metrics")?.text();
    Ok(metrics::sum_where(&text, name, label).unwrap_or(0.0) as u64)
}
