//! The record of a request that had the right key and was refused.

use bytes::Bytes;
use eventlog::{Record, Topic};
use webhook::event::REFUSED_BODY_BYTES;
use webhook::{RefusedRequest, Rejection};

use super::body::ReadBody;
use super::{Webhook, event};
use crate::registry::Budget;
use crate::reply;

/// Puts a refusal on the topic of failures, within the trigger's budget. The answer does not wait for it: a
/// refusal is for the operator to see, not a promise to the sender.
pub(super) fn record(webhook: &Webhook<'_>, rejection: &Rejection, read: &ReadBody) {
    let gateway = webhook.gateway;
    if !Budget::concerns(rejection) {
        return;
    }
    let per_minute = gateway.settings.recorded_refusals_per_minute;
    if !webhook.slot.budget().take(rejection, webhook.arrival.now_ms, per_minute) {
        return;
    }
    let kept = read.bytes.slice(..read.bytes.len().min(REFUSED_BODY_BYTES));
    let request = RefusedRequest {
        truncated: !read.complete || kept.len() < read.bytes.len(),
        event: event::event(webhook, event::content_type(webhook), &kept),
        status: reply::status(rejection).as_u16(),
        cause: rejection.cause().to_owned(),
    };
    let record = Record {
        headers: event::owned(request.headers()),
        id: request.event.id,
        time: request.event.time,
        // A copy: the slice would keep the whole body in memory.
        value: Bytes::copy_from_slice(&kept),
    };
    // The append has begun and belongs to the log; nobody waits for its end.
    drop(gateway.log.append(Topic::WebhookFailures, record));
    gateway.meters.refusal_recorded();
}
