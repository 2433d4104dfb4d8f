//! The topics of the log.

use std::fmt;

/// A named sequence of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// Accepted webhook requests: each starts the processes that are linked to its data source.
    WebhookEvents,
    /// Requests with the right key that were refused, for the operator's list of failed triggers.
    WebhookFailures,
}

impl Topic {
    /// All topics.
    pub const ALL: [Self; 2] = [Self::WebhookEvents, Self::WebhookFailures];

    /// The topic's name on a broker and in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::WebhookEvents => "forebay.webhook-events",
            Self::WebhookFailures => "forebay.webhook-failures",
        }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
