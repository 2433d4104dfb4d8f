//! One webhook, from its head to the log's acknowledgement.

use bytes::Bytes;
use eventlog::{AppendError, Topic};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http::request::Parts;
use http::{Method, Request, Response};
use http_body::Body as _;
use http_body_util::Full;
use hyper::body::Incoming;
use std::pin::pin;
use std::sync::Arc;
use tokio::time::Instant;
use uuid::Uuid;
use webhook::{Address, KeyDigest, Presented, PresentedKey, Rejection, Unavailability, api_key, payload};

use crate::registry::Slot;
use crate::router::caught;
use crate::wire::{Late, Link};
use crate::{Gateway, clock, reply, request_id};

mod body;
mod event;
mod refusal;

use body::ReadBody;

/// How a log line names the address: never the address itself, which has the key in its query.
pub(crate) const PATH_TEMPLATE: &str =
    "/webhooks/incoming/{orgId}/{workspaceId}/{appId}/{resourceDefinitionId}";

/// What is known of a request before anything else is.
pub(crate) struct Arrival {
    pub(crate) id: Uuid,
    pub(crate) now_ms: i64,
}

impl Arrival {
    pub(crate) fn now() -> Self {
        let now_ms = clock::now_ms();
        Self { id: request_id::new(now_ms), now_ms }
    }

    fn unavailable(&self, gateway: &Gateway, cause: Unavailability) -> Rejection {
        gateway.unavailable(cause, self.id.as_u128())
    }
}

/// Answers a request under `/webhooks`.
pub(crate) async fn answer(
    gateway: &Gateway,
    link: &Link,
    request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    let arrival = Arrival::now();
    let (parts, mut body) = request.into_parts();
    let (outcome, body_ended) = match admit(gateway, &arrival, &parts) {
        Err(rejection) => (Err(rejection), body.is_end_stream()),
        Ok((slot, key)) => {
            let webhook = Webhook { gateway, link, arrival: &arrival, parts: &parts, slot: &slot, key: &key };
            let mut read = ReadBody::default();
            let taken = caught(pin!(webhook.take(&mut body, &mut read))).await;
            let outcome = taken.unwrap_or(Err(Rejection::Internal));
            if let Err(rejection) = &outcome {
                refusal::record(&webhook, rejection, &read);
            }
            (outcome, read.complete || body.is_end_stream())
        }
    };
    let mut response = match outcome {
        Ok(()) => {
            gateway.meters.accepted();
            reply::accepted(arrival.id)
        }
        Err(rejection) => refuse(gateway, &arrival, &rejection),
    };
    if !body_ended {
        // What is left of the body is thrown away while the connection is being closed.
        reply::close(&mut response);
    }
    response
}

/// Builds the answer to a refusal, counts it and logs it.
pub(crate) fn refuse(gateway: &Gateway, arrival: &Arrival, rejection: &Rejection) -> Response<Full<Bytes>> {
    let status = reply::status(rejection).as_u16();
    gateway.meters.refused(status, rejection.cause());
    if status >= 500 && gateway.may_warn(arrival.now_ms) {
        tracing::warn!(request = %arrival.id, path = PATH_TEMPLATE, status, cause = rejection.cause(), "refused");
    } else {
        tracing::debug!(request = %arrival.id, path = PATH_TEMPLATE, status, why = %rejection.inside(), "refused");
    }
    reply::refused(arrival.id, rejection)
}

/// Decides by the head alone whether the request may go on: its address, method and key.
fn admit<'a>(
    gateway: &Gateway,
    arrival: &Arrival,
    parts: &'a Parts,
) -> Result<(Arc<Slot>, PresentedKey<'a>), Rejection> {
    let address = Address::parse(parts.uri.path()).ok_or(Rejection::UnknownTrigger)?;
    if parts.method != Method::POST {
        return Err(Rejection::MethodNotAllowed);
    }
    if let Some(cause) = gateway.closed(arrival.now_ms) {
        return Err(arrival.unavailable(gateway, cause));
    }
    let headers = parts.headers.get_all(api_key::HEADER).iter().map(http::HeaderValue::as_bytes);
    let presented = api_key::presented(parts.uri.query(), headers);
    let slot = gateway.registry().slot(&address.data_source);
    let slot = slot.filter(|slot| slot.entry.address == address && slot.entry.linked);
    // The digest is computed and compared whatever was found, so that the time does not tell what was.
    let digest = match &presented {
        Presented::One(key) => key.digest(),
        Presented::None | Presented::Several => KeyDigest::of(""),
    };
    let right = match &slot {
        Some(slot) => slot.is_key(&digest, arrival.now_ms),
        None => digest.matches(&KeyDigest([0; 32])),
    };
    fail::fail_point!("gateway::after_key");
    match (slot, presented) {
        (None, _) => Err(Rejection::UnknownTrigger),
        (Some(slot), Presented::One(key)) if right => {
            if slot.entry.state == webhook::TriggerState::Active {
                Ok((slot, key))
            } else {
                slot.count_while_deactivated();
                Err(Rejection::Deactivated)
            }
        }
        (Some(slot), _) => {
            slot.count_wrong_key();
            Err(Rejection::Unauthorized)
        }
    }
}

/// A request with the right key for an active trigger.
struct Webhook<'a> {
    gateway: &'a Gateway,
    link: &'a Link,
    arrival: &'a Arrival,
    parts: &'a Parts,
    slot: &'a Slot,
    key: &'a PresentedKey<'a>,
}

impl Webhook<'_> {
    /// Reads the body and appends the event; `Ok` once it is durably in the log.
    async fn take(&self, body: &mut Incoming, read: &mut ReadBody) -> Result<(), Rejection> {
        self.slot.within_rate()?;
        self.check_head()?;
        if !self.gateway.log_is_ready() {
            return Err(self.unavailable(Unavailability::Log));
        }
        // Given back when this returns, or when the client hangs up and this is dropped.
        let mut share =
            self.gateway.usage.enter(&self.gateway.settings).map_err(|why| self.unavailable(why))?;
        body::read(self, body, &mut share, read).await?;
        let content_type = event::content_type(self);
        payload::judge(content_type.as_deref(), &read.bytes)?;
        self.append(event::record(self, content_type, read.bytes.clone())).await
    }

    fn check_head(&self) -> Result<(), Rejection> {
        let identity = |value: &http::HeaderValue| {
            value.as_bytes().split(|byte| *byte == b',').all(|coding| {
                let coding = coding.trim_ascii();
                coding.is_empty() || coding.eq_ignore_ascii_case(b"identity")
            })
        };
        if !self.parts.headers.get_all(CONTENT_ENCODING).iter().all(identity) {
            return Err(Rejection::UnsupportedEncoding);
        }
        match self.declared_length() {
            Some(length) if length > self.gateway.settings.body_bytes as u64 => Err(Rejection::TooLarge),
            _ => Ok(()),
        }
    }

    fn declared_length(&self) -> Option<u64> {
        self.parts.headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
    }

    async fn append(&self, record: eventlog::Record) -> Result<(), Rejection> {
        fail::fail_point!("gateway::before_append", |_| Err(Rejection::Internal));
        let gateway = self.gateway;
        let started = Instant::now();
        let append = gateway.log.append(Topic::WebhookEvents, record);
        // For tests only: a control that breaks the first invariant and must be found out.
        fail::fail_point!("gateway::control_ack_before_append", |_| Ok(()));
        let appended = self.link.within(append, started + gateway.settings.acknowledge_timeout).await;
        fail::fail_point!("gateway::after_append", |_| Err(Rejection::Internal));
        match appended {
            Ok(Ok(_)) => {
                gateway.meters.acknowledged(started.elapsed());
                Ok(())
            }
            Ok(Err(error)) => Err(self.append_failed(&error)),
            Err(Late) => {
                gateway.meters.append_failed("no-acknowledgement");
                Err(self.unavailable(Unavailability::NoAcknowledgement))
            }
        }
    }

    fn append_failed(&self, error: &AppendError) -> Rejection {
        self.gateway.meters.append_failed(error.reason());
        if self.gateway.may_warn(self.arrival.now_ms) {
            tracing::warn!(request = %self.arrival.id, %error, "the event log did not take an event");
        }
        match error {
            AppendError::Full => self.unavailable(Unavailability::Waiting),
            AppendError::DiskFull(_) => self.unavailable(Unavailability::Disk),
            AppendError::Unknown(_) => self.unavailable(Unavailability::NoAcknowledgement),
            AppendError::Closed | AppendError::Unavailable(_) => self.unavailable(Unavailability::Log),
            AppendError::TooLarge { .. } => Rejection::Internal,
        }
    }

    fn unavailable(&self, cause: Unavailability) -> Rejection {
        self.arrival.unavailable(self.gateway, cause)
    }
}
