//! The runtime registration of a data source.

/// Whether a trigger lets webhooks in. Stored and shown as text, so that further states fit later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TriggerState {
    /// Webhooks with the right key are accepted.
    Active,
    /// Webhooks with the right key are answered as if there were no such trigger, and counted.
    Deactivated,
}

impl TriggerState {
    /// The state as stored and shown: `Active` or `Deactivated`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Deactivated => "Deactivated",
        }
    }

    /// Reads what [`TriggerState::as_str`] wrote; `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "Active" => Some(Self::Active),
            "Deactivated" => Some(Self::Deactivated),
            _ => None,
        }
    }
}
