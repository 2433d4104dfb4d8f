//! Why a request is refused. Status numbers live at the HTTP edge.

use std::borrow::Cow;

use crate::payload::{self, Fault};

/// Why a request is refused, with one text for the sender and one for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The request is not well-formed HTTP, or its body broke off.
    Malformed {
        /// What is wrong with it.
        why: &'static str,
    },
    /// The content type asks for JSON and the body is none.
    NotJson {
        /// Where the first fault is, in bytes from the beginning.
        offset: usize,
        /// What was wrong there.
        why: &'static str,
    },
    /// JSON nested too deep.
    TooDeep,
    /// The trigger exists, and the key is missing, wrong or given more than once.
    Unauthorized,
    /// No such trigger.
    UnknownTrigger,
    /// The trigger is deactivated. A sender is told the same as for [`Rejection::UnknownTrigger`].
    Deactivated,
    /// Another method than POST.
    MethodNotAllowed,
    /// Head or body came too slowly.
    Timeout {
        /// Which of the two, and which limit.
        why: &'static str,
    },
    /// The body is larger than [`payload::MAX_BYTES`].
    TooLarge,
    /// The request line is too long.
    UriTooLong,
    /// The headers are too many or too long.
    HeadersTooLarge,
    /// A content encoding other than identity.
    UnsupportedEncoding,
    /// The trigger's own limit.
    RateLimited {
        /// After how many seconds the next request may pass.
        retry_after: u32,
    },
    /// A limit of ours, or a part that is not there. It never means "not stored".
    Unavailable {
        /// What is missing or full.
        cause: Unavailability,
        /// After how many seconds to try again; spread, so that senders do not come back all at once.
        retry_after: u32,
    },
    /// A fault of ours.
    Internal,
}

/// What made a request [`Rejection::Unavailable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unavailability {
    /// Too many connections.
    Connections,
    /// Too many requests wait for the log.
    Waiting,
    /// Too many body bytes are in flight.
    BodyBytes,
    /// The log did not acknowledge in time. The event may be stored all the same.
    NoAcknowledgement,
    /// The log takes no events.
    Log,
    /// The disk is full or nearly so.
    Disk,
    /// The registry of triggers was never loaded or is too old.
    Registry,
    /// This gateway is being stopped.
    Draining,
}

impl Unavailability {
    /// A name for metrics and logs, in kebab case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connections => "too-many-connections",
            Self::Waiting => "too-many-waiting",
            Self::BodyBytes => "too-many-body-bytes",
            Self::NoAcknowledgement => "no-acknowledgement",
            Self::Log => "log-unavailable",
            Self::Disk => "disk-full",
            Self::Registry => "registry-too-old",
            Self::Draining => "draining",
        }
    }
}

impl Rejection {
    /// The code that the sender sees, in kebab case. Where two causes must look the same from outside, they have
    /// the same code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "malformed-request",
            Self::NotJson { .. } => "not-json",
            Self::TooDeep => "too-deep",
            Self::Unauthorized => "unauthorized",
            Self::UnknownTrigger | Self::Deactivated => "unknown-trigger",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::Timeout { .. } => "timeout",
            Self::TooLarge => "too-large",
            Self::UriTooLong => "uri-too-long",
            Self::HeadersTooLarge => "headers-too-large",
            Self::UnsupportedEncoding => "unsupported-encoding",
            Self::RateLimited { .. } => "rate-limited",
            Self::Unavailable { .. } => "unavailable",
            Self::Internal => "internal",
        }
    }

    /// The cause for metrics and logs: the code, but finer where the sender is told less.
    pub fn cause(&self) -> &'static str {
        match self {
            Self::Deactivated => "deactivated",
            Self::Unavailable { cause, .. } => cause.as_str(),
            other => other.code(),
        }
    }

    /// What the sender is told: what to do about it.
    pub fn outside(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Malformed { why } => return Cow::Owned(format!("The request is malformed: {why}.")),
            Self::NotJson { offset, why } => {
                return Cow::Owned(format!(
                    "The body must be valid JSON, but is not at byte {offset}: {why}. Send JSON, or name \
                     another content type."
                ));
            }
            Self::TooDeep => {
                return Cow::Owned(format!(
                    "The JSON is nested deeper than {} arrays and objects. Send it flatter.",
                    payload::MAX_DEPTH
                ));
            }
            Self::Unauthorized => {
                "Send the API key of this webhook exactly once: as the query parameter flowxApiKey or in the \
                 X-Api-Key header."
            }
            Self::UnknownTrigger | Self::Deactivated => "There is no active webhook at this address.",
            Self::MethodNotAllowed => "Use POST.",
            Self::Timeout { .. } => "The request came too slowly. Send it again.",
            Self::TooLarge => "The body is larger than 1 MiB (1,048,576 bytes). Send less.",
            Self::UriTooLong => "The request line is longer than 8 KiB. Shorten the URL.",
            Self::HeadersTooLarge => "The headers are more than 200 or longer than 64 KiB. Send fewer.",
            Self::UnsupportedEncoding => "Send the body without a content encoding (identity).",
            Self::RateLimited { .. } => {
                "This webhook's rate limit is reached. Send again after the time in Retry-After."
            }
            Self::Unavailable { .. } => {
                "The request could not be confirmed at the moment. Send it again after the time in Retry-After; \
                 it may have been stored."
            }
            Self::Internal => "Something went wrong on our side. Send the request again.",
        })
    }

    /// What the log says: why.
    pub fn inside(&self) -> Cow<'static, str> {
        match self {
            Self::Malformed { why } | Self::Timeout { why } => Cow::Borrowed(why),
            Self::NotJson { offset, why } => Cow::Owned(format!("not JSON at byte {offset}: {why}")),
            Self::RateLimited { retry_after } => {
                Cow::Owned(format!("the trigger's rate limit, again in {retry_after} s"))
            }
            other => Cow::Borrowed(other.cause()),
        }
    }

    /// The seconds of `Retry-After`, where the answer has one.
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::RateLimited { retry_after } | Self::Unavailable { retry_after, .. } => Some(*retry_after),
            _ => None,
        }
    }
}

impl From<Fault> for Rejection {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotJson { offset, why } => Self::NotJson { offset, why },
            Fault::TooDeep => Self::TooDeep,
        }
    }
}
