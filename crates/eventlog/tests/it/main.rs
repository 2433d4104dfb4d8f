//! Tests of `eventlog`.
