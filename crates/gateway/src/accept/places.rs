//! How many connections there are, in all and from each address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::Gateway;

/// The places for connections.
pub(crate) struct Places {
    gateway: Arc<Gateway>,
    taken: AtomicUsize,
    /// Kept only where the limit for one address is lower than the one for all.
    by_address: Option<Mutex<HashMap<IpAddr, usize>>>,
    /// Connections that are being told that there is no place.
    turned_away: AtomicUsize,
    left: Notify,
}

impl Places {
    pub(crate) fn new(gateway: &Arc<Gateway>) -> Self {
        let settings = gateway.settings();
        let limited = settings.connections_per_address < settings.connections;
        Self {
            gateway: Arc::clone(gateway),
            taken: AtomicUsize::new(0),
            by_address: limited.then(Mutex::default),
            turned_away: AtomicUsize::new(0),
            left: Notify::new(),
        }
    }

    /// Places that are taken.
    pub(crate) fn taken(&self) -> usize {
        self.taken.load(Ordering::Acquire)
    }

    /// Resolves once no place is taken.
    pub(crate) async fn empty(&self) {
        loop {
            let left = self.left.notified();
            let mut left = std::pin::pin!(left);
            // From here on no notification is missed.
            left.as_mut().enable();
            if self.taken() == 0 {
                return;
            }
            left.await;
        }
    }

    /// Whether one more connection may be told that there is no place; if so, [`Places::told`] must follow.
    pub(super) fn may_tell(&self, most: usize) -> bool {
        if self.turned_away.fetch_add(1, Ordering::Relaxed) < most {
            return true;
        }
        self.told();
        false
    }

    pub(super) fn told(&self) {
        self.turned_away.fetch_sub(1, Ordering::Relaxed);
    }
}

/// One connection's place; free again when dropped.
pub(crate) struct Place {
    places: Arc<Places>,
    address: IpAddr,
}

impl Place {
    /// Takes a place, if there is one.
    pub(crate) fn take(places: &Arc<Places>, address: IpAddr) -> Option<Self> {
        let settings = places.gateway.settings();
        if places.taken.load(Ordering::Relaxed) >= settings.connections {
            return None;
        }
        if let Some(by_address) = &places.by_address {
            let mut by_address = by_address.lock().unwrap_or_else(PoisonError::into_inner);
            let count = by_address.entry(address).or_default();
            if *count >= settings.connections_per_address {
                return None;
            }
            *count += 1;
        }
        places.taken.fetch_add(1, Ordering::AcqRel);
        places.gateway.meters.connections.increment(1.0);
        Some(Self { places: Arc::clone(places), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(by_address) = &self.places.by_address {
            let mut by_address = by_address.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(count) = by_address.get_mut(&self.address) {
                *count -= 1;
                if *count == 0 {
                    by_address.remove(&self.address);
                }
            }
        }
        self.places.gateway.meters.connections.decrement(1.0);
        self.places.taken.fetch_sub(1, Ordering::AcqRel);
        self.places.left.notify_waiters();
    }
}
