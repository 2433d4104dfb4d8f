//! The limits of the gateway.

use std::time::Duration;

use webhook::payload;

/// Every limit of the gateway. The defaults are the documented ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long a request's head may take: from accept on a new connection, from its first byte on a kept one.
    pub head_timeout: Duration,
    /// How long a body may take in all.
    pub body_timeout: Duration,
    /// The slowest a body may come, in bytes a second, after [`Settings::body_grace`].
    pub body_bytes_per_second: u64,
    /// How long a body may be slower than [`Settings::body_bytes_per_second`].
    pub body_grace: Duration,
    /// How long a connection may stay open between two requests.
    pub idle_timeout: Duration,
    /// How long a client may take nothing of an answer.
    pub write_timeout: Duration,
    /// How long the log may take to acknowledge.
    pub acknowledge_timeout: Duration,
    /// The largest body in bytes. Not more than [`payload::MAX_BYTES`]: the runner refuses larger ones.
    pub body_bytes: usize,
    /// The longest request line in bytes, without its line end.
    pub request_line_bytes: usize,
    /// The longest headers in all, in bytes, line ends included.
    pub headers_bytes: usize,
    /// The most headers.
    pub headers: usize,
    /// The most connections in all.
    pub connections: usize,
    /// The most connections from one address. As high as [`Settings::connections`] by default, since behind a
    /// proxy all come from one address.
    pub connections_per_address: usize,
    /// The most requests that are past the key check and not answered yet.
    pub waiting_requests: usize,
    /// The most bytes of bodies of those.
    pub waiting_body_bytes: usize,
    /// After an early answer: the most bytes that are read and thrown away before the connection is closed.
    pub linger_bytes: usize,
    /// After an early answer: the longest time of reading and throwing away.
    pub linger_timeout: Duration,
    /// How long the gateway may take to stop.
    pub drain_timeout: Duration,
    /// How long a stopping gateway still takes new requests on open connections; later ones are answered 503.
    pub drain_grace: Duration,
    /// How many refused requests are recorded for each trigger and cause in a minute; the others are counted.
    pub recorded_refusals_per_minute: u32,
    /// The longest `Retry-After` of a 503, in seconds; the shortest is 1.
    pub retry_after_seconds: u32,
    /// How old the registry may be.
    pub registry_max_staleness: Duration,
    /// How often the log is asked how it is.
    pub health_interval: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            head_timeout: Duration::from_secs(5),
            body_timeout: Duration::from_secs(10),
            body_bytes_per_second: 1024,
            body_grace: Duration::from_secs(5),
            idle_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_secs(10),
            acknowledge_timeout: Duration::from_millis(2500),
            body_bytes: payload::MAX_BYTES,
            request_line_bytes: 8 * 1024,
            headers_bytes: 64 * 1024,
            headers: 200,
            connections: 16_384,
            connections_per_address: 16_384,
            waiting_requests: 4096,
            waiting_body_bytes: 128 * 1024 * 1024,
            linger_bytes: 2 * 1024 * 1024,
            linger_timeout: Duration::from_secs(2),
            drain_timeout: Duration::from_secs(8),
            drain_grace: Duration::from_secs(5),
            recorded_refusals_per_minute: 60,
            retry_after_seconds: 10,
            registry_max_staleness: Duration::from_secs(24 * 60 * 60),
            health_interval: Duration::from_millis(100),
        }
    }
}
