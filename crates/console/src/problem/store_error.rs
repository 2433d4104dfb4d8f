//! What a caller is told when the store says no.

use store::StoreError;

use super::Problem;

impl From<StoreError> for Problem {
    fn from(e: StoreError) -> Self {
        match e {
            StoreError::NotFound => Problem::not_found(),
            StoreError::Stale { .. } => Problem::stale(),
            StoreError::Conflict(_) => Problem::conflict(
                "conflict",
                "Somebody else just did the same, or the name is taken. Read the list again.",
            ),
            e if e.is_transient() => Problem::unavailable(
                "store-unavailable",
                "The database does not answer at the moment. Nothing was changed unless a later read shows it. Try again.",
                e.to_string(),
            ),
            e => Problem::internal(e.to_string()),
        }
    }
}

impl Problem {
    /// A name that is taken, told on its field; every other error as usual.
    pub(crate) fn name_taken(what: &'static str) -> impl FnOnce(StoreError) -> Problem {
        move |e| match e {
            StoreError::Conflict(_) => Problem::conflict(
                "name-taken",
                format!(
                    "There is already a {what} of this name here (upper and lower case are the same). Choose another name."
                ),
            ),
            e => e.into(),
        }
    }
}
