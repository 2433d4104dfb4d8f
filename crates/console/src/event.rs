//! Events: what became of an accepted request.

pub(crate) mod list;
pub(crate) mod read;
pub(crate) mod recorded;

pub(crate) use list::recent;

/// What is known of an event that the runner is past.
struct Parts {
    /// A failed trigger of the stages *match* or *start* that no retry has started.
    has_open: bool,
    has_started: bool,
    is_duplicate: bool,
    has_retried: bool,
}

impl Parts {
    fn state(&self) -> &'static str {
        if self.has_open {
            "failed"
        } else if self.has_started {
            "started"
        } else if self.is_duplicate {
            "duplicate"
        } else if self.has_retried {
            "started"
        } else {
            "refused"
        }
    }
}
