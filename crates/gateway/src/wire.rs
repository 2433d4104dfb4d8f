//! The bytes of a connection, before and after the HTTP library.
//!
//! The library repairs or lets pass some shapes of requests that two readers may read in two ways (both
//! `Content-Length` and `Transfer-Encoding`, bare line feeds, equal lengths twice), it answers nothing to a slow
//! head, and it closes in a way that makes the sender see a reset. So it reads from a [`Wire`], which checks the
//! raw bytes and lets through whole and unambiguous messages only. Instead of a head that is refused, the
//! library gets a stand-in, and the service that is called with it finds the reason in the [`Link`].

mod chunks;
mod head;
mod link;
mod patience;
mod socket;

pub(crate) use link::{Late, Link};
pub(crate) use socket::Wire;
