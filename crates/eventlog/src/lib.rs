//! The durable event log behind the gateway.
