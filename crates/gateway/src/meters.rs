//! The gateway's metrics.

use std::time::Duration;

use metrics::{Counter, Gauge, Histogram, counter, describe_counter, describe_gauge, describe_histogram};
use metrics::{gauge, histogram};

const REQUESTS: &str = "forebay_gateway_requests_total";

/// Handles that are used on every request, so that no name is looked up there.
#[derive(Debug)]
pub(crate) struct Meters {
    accepted: Counter,
    append_seconds: Histogram,
    pub(crate) waiting: Gauge,
    pub(crate) body_bytes: Gauge,
    pub(crate) connections: Gauge,
}

impl Meters {
    /// Registers everything with the recorder that is installed now; without one, nothing is measured.
    pub(crate) fn new() -> Self {
        describe_counter!(REQUESTS, "Answers to webhook requests, by status and cause");
        describe_counter!(
            "forebay_gateway_append_errors_total",
            "Events that the log did not take, by reason"
        );
        describe_counter!(
            "forebay_gateway_refusals_recorded_total",
            "Refused requests put on the failures topic"
        );
        describe_histogram!("forebay_gateway_append_seconds", "From append to the log's acknowledgement");
        describe_gauge!("forebay_gateway_requests_waiting", "Requests past the key check, not answered yet");
        describe_gauge!("forebay_gateway_body_bytes", "Bytes of their bodies");
        describe_gauge!("forebay_gateway_connections", "Open connections");
        Self {
            accepted: counter!(REQUESTS, "status" => "200", "cause" => "accepted"),
            append_seconds: histogram!("forebay_gateway_append_seconds"),
            waiting: gauge!("forebay_gateway_requests_waiting"),
            body_bytes: gauge!("forebay_gateway_body_bytes"),
            connections: gauge!("forebay_gateway_connections"),
        }
    }

    pub(crate) fn accepted(&self) {
        self.accepted.increment(1);
    }

    pub(crate) fn acknowledged(&self, after: Duration) {
        self.append_seconds.record(after.as_secs_f64());
    }

    pub(crate) fn refused(&self, status: u16, cause: &'static str) {
        counter!(REQUESTS, "status" => status.to_string(), "cause" => cause).increment(1);
    }

    pub(crate) fn append_failed(&self, reason: &'static str) {
        counter!("forebay_gateway_append_errors_total", "reason" => reason).increment(1);
    }

    pub(crate) fn refusal_recorded(&self) {
        counter!("forebay_gateway_refusals_recorded_total").increment(1);
    }
}
