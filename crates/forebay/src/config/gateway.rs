//! `[gateway]`: the limits of the HTTP edge as they stand in the file, and as the gateway takes them.

use std::time::Duration;

use serde::Deserialize;

/// The raw form: milliseconds and bytes as plain numbers.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GatewaySettings {
    head_timeout_ms: u64,
    body_timeout_ms: u64,
    body_bytes_per_second: u64,
    body_grace_ms: u64,
    idle_timeout_ms: u64,
    write_timeout_ms: u64,
    acknowledge_timeout_ms: u64,
    body_bytes: usize,
    request_line_bytes: usize,
    headers_bytes: usize,
    headers: usize,
    connections: usize,
    connections_per_address: usize,
    waiting_requests: usize,
    waiting_body_bytes: usize,
    linger_bytes: usize,
    linger_timeout_ms: u64,
    drain_timeout_ms: u64,
    drain_grace_ms: u64,
    recorded_refusals_per_minute: u32,
    retry_after_seconds: u32,
    registry_max_staleness_ms: u64,
    health_interval_ms: u64,
}

impl GatewaySettings {
    /// The longest wait for the log.
    pub(super) fn acknowledge_timeout(&self) -> Duration {
        Duration::from_millis(self.acknowledge_timeout_ms)
    }

    /// What is out of range, by setting.
    pub(super) fn faults(&self) -> Vec<(&'static str, String)> {
        let limits = [
            ("head_timeout_ms", self.head_timeout_ms, 1, 600_000),
            ("body_timeout_ms", self.body_timeout_ms, 1, 600_000),
            ("idle_timeout_ms", self.idle_timeout_ms, 1, 3_600_000),
            ("write_timeout_ms", self.write_timeout_ms, 1, 600_000),
            ("acknowledge_timeout_ms", self.acknowledge_timeout_ms, 10, 60_000),
            ("body_bytes", self.body_bytes as u64, 1, webhook::payload::MAX_BYTES as u64),
            ("request_line_bytes", self.request_line_bytes as u64, 512, 65_536),
            ("headers_bytes", self.headers_bytes as u64, 1_024, 1 << 20),
            ("headers", self.headers as u64, 8, 1_000),
            ("connections", self.connections as u64, 1, 1_000_000),
            ("connections_per_address", self.connections_per_address as u64, 1, 1_000_000),
            ("waiting_requests", self.waiting_requests as u64, 1, 1_000_000),
            ("waiting_body_bytes", self.waiting_body_bytes as u64, self.body_bytes as u64, 1 << 40),
            ("drain_timeout_ms", self.drain_timeout_ms, 1, 9_000),
            ("drain_grace_ms", self.drain_grace_ms, 0, self.drain_timeout_ms),
            ("retry_after_seconds", u64::from(self.retry_after_seconds), 1, 3_600),
            ("registry_max_staleness_ms", self.registry_max_staleness_ms, 1_000, 1 << 40),
            ("health_interval_ms", self.health_interval_ms, 10, 60_000),
        ];
        let out = limits.iter().filter(|(_, value, least, most)| !(least..=most).contains(&value));
        out.map(|(name, value, least, most)| (*name, format!("is {value}, must be from {least} to {most}")))
            .collect()
    }
}

impl From<GatewaySettings> for gateway::Settings {
    fn from(raw: GatewaySettings) -> Self {
        let ms = Duration::from_millis;
        gateway::Settings {
            head_timeout: ms(raw.head_timeout_ms),
            body_timeout: ms(raw.body_timeout_ms),
            body_bytes_per_second: raw.body_bytes_per_second,
            body_grace: ms(raw.body_grace_ms),
            idle_timeout: ms(raw.idle_timeout_ms),
            write_timeout: ms(raw.write_timeout_ms),
            acknowledge_timeout: ms(raw.acknowledge_timeout_ms),
            body_bytes: raw.body_bytes,
            request_line_bytes: raw.request_line_bytes,
            headers_bytes: raw.headers_bytes,
            headers: raw.headers,
            connections: raw.connections,
            connections_per_address: raw.connections_per_address,
            waiting_requests: raw.waiting_requests,
            waiting_body_bytes: raw.waiting_body_bytes,
            linger_bytes: raw.linger_bytes,
            linger_timeout: ms(raw.linger_timeout_ms),
            drain_timeout: ms(raw.drain_timeout_ms),
            drain_grace: ms(raw.drain_grace_ms),
            recorded_refusals_per_minute: raw.recorded_refusals_per_minute,
            retry_after_seconds: raw.retry_after_seconds,
            registry_max_staleness: ms(raw.registry_max_staleness_ms),
            health_interval: ms(raw.health_interval_ms),
        }
    }
}
