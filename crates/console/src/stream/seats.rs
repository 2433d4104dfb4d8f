//! How many streams there may be: each holds a connection and a task.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use uuid::Uuid;

use super::lock;

/// Streams of one user: a few tabs on a few machines.
pub(super) const OF_A_USER: usize = 16;
/// Streams in all.
const IN_ALL: usize = 512;

/// Why there is no seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// The user has too many.
    User,
    /// There are too many.
    All,
}

#[derive(Debug, Default)]
pub(super) struct Seats {
    taken: Mutex<HashMap<Uuid, usize>>,
}

/// A place that is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    seats: Arc<Seats>,
    user: Uuid,
}

impl Seats {
    pub(super) fn take(self: &Arc<Self>, user: Uuid) -> Result<Seat, Full> {
        let mut taken = lock(&self.taken);
        if taken.values().sum::<usize>() >= IN_ALL {
            return Err(Full::All);
        }
        let own = taken.entry(user).or_default();
        if *own >= OF_A_USER {
            return Err(Full::User);
        }
        *own += 1;
        Ok(Seat { seats: Arc::clone(self), user })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = lock(&self.seats.taken);
        if let Some(own) = taken.get_mut(&self.user) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&self.user);
            }
        }
    }
}
