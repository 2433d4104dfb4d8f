//! Starts processes for accepted events.
