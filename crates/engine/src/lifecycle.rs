//! The legal transitions of a token at an element, all on one screen.
//!
//! ```text
//!   Entered ──► Waiting ──► Executed ──► (left)
//!   Entered | Waiting | Executed ──► Incident
//!   Incident ──► Entered, or Executed if the work was done and only the way on was at fault
//! ```
//!
//! An element that neither waits nor writes leaves straight from *Entered*.

use serde::{Deserialize, Serialize};

use crate::event::Outcome;

/// Where a token stands in its visit of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TokenState {
    /// Arrived, not run: only inside a step.
    Entered,
    /// Waits.
    Waiting(Wait),
    /// Has done its work and must leave: only inside a step.
    Executed,
    /// Stands at an open incident.
    Incident {
        /// Number of the incident.
        number: u64,
        /// True if the work was done: a retry then only leaves, it does not work again.
        leaving: bool,
    },
}

/// What a token waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Wait {
    /// The other incoming flows of a parallel gateway.
    Join,
    /// The tokens inside a subprocess.
    Scope,
    /// A step that ran out of element visits: runs on when that incident is retried.
    Budget,
}

/// What a token does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transition {
    Wait(Wait),
    Execute,
    Fail { number: u64, leaving: bool },
    Retry,
}

impl TokenState {
    /// The state after `transition`; `None` if it is not legal from here.
    pub(crate) fn after(self, transition: Transition) -> Option<TokenState> {
        use TokenState::{Entered, Executed, Incident, Waiting};
        match (self, transition) {
            (Entered, Transition::Wait(wait)) => Some(Waiting(wait)),
            (Entered | Waiting(Wait::Scope), Transition::Execute) => Some(Executed),
            (Entered | Waiting(Wait::Join | Wait::Budget), Transition::Fail { number, leaving: false }) => {
                Some(Incident { number, leaving: false })
            }
            (Executed, Transition::Fail { number, leaving: true }) => {
                Some(Incident { number, leaving: true })
            }
            (Incident { leaving: false, .. } | Waiting(Wait::Budget), Transition::Retry) => Some(Entered),
            (Incident { leaving: true, .. }, Transition::Retry) => Some(Executed),
            _ => None,
        }
    }

    /// True if a token in this state may leave in this way.
    pub(crate) fn may_leave(self, outcome: Outcome) -> bool {
        match outcome {
            Outcome::Completed => {
                matches!(self, TokenState::Entered | TokenState::Executed | TokenState::Waiting(Wait::Scope))
            }
            Outcome::Joined => self == TokenState::Waiting(Wait::Join),
            // Whatever a token does, its scope may end around it.
            Outcome::Terminated | Outcome::Cancelled => true,
        }
    }
}
