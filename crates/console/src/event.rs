//! Events: what became of an accepted request.

pub(crate) mod list;
pub(crate) mod read;
pub(crate) mod recorded;

pub(crate) use list::recent;
