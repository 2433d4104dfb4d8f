//! Shares of what the gateway has in all; each is given back when it is dropped.

use std::sync::atomic::{AtomicUsize, Ordering};

use webhook::Unavailability;

use crate::Settings;

/// What all requests together have in use.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    requests: AtomicUsize,
    body_bytes: AtomicUsize,
}

impl Usage {
    /// Requests that are past the key check and not answered yet.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }

    /// Bytes of their bodies.
    pub(crate) fn body_bytes(&self) -> usize {
        self.body_bytes.load(Ordering::Relaxed)
    }

    /// Takes a place for one more request.
    pub(crate) fn enter<'a>(&'a self, settings: &'a Settings) -> Result<Share<'a>, Unavailability> {
        let share = Share { usage: self, settings, body_bytes: 0 };
        // The share is there already: when there are too many, dropping it takes this one back.
        if self.requests.fetch_add(1, Ordering::Relaxed) >= settings.waiting_requests {
            return Err(Unavailability::Waiting);
        }
        Ok(share)
    }
}

/// One request's part of [`Usage`].
#[derive(Debug)]
pub(crate) struct Share<'a> {
    usage: &'a Usage,
    settings: &'a Settings,
    body_bytes: usize,
}

impl Share<'_> {
    /// Takes room for more bytes of the body.
    pub(crate) fn grow(&mut self, bytes: usize) -> Result<(), Unavailability> {
        self.body_bytes += bytes;
        let before = self.usage.body_bytes.fetch_add(bytes, Ordering::Relaxed);
        if before + bytes > self.settings.waiting_body_bytes {
            Err(Unavailability::BodyBytes)
        } else {
            Ok(())
        }
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        self.usage.requests.fetch_sub(1, Ordering::Relaxed);
        self.usage.body_bytes.fetch_sub(self.body_bytes, Ordering::Relaxed);
    }
}
