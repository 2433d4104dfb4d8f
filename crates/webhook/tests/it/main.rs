//! Tests of `webhook`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod address;
mod api_key;
mod event;
mod headers;
mod idempotency;
mod json;
mod name;
mod payload;
mod rejection;
mod shape;
