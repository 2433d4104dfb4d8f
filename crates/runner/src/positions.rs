//! The store's positions, as the event log asks for them; and what else there is to know of a partition
//! when it is assigned.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use eventlog::{BoxFuture, Position, PositionError, Positions, Topic};
use store::position::{LogPosition, Partition};
use store::{Db, StoreError};

/// What the store said of a partition when it was assigned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Assigned {
    /// Its position.
    pub position: Option<LogPosition>,
    /// The marker of a process that did not end cleanly, or of one that still runs.
    pub marker: Option<store::marker::Marker>,
}

/// Reads positions from the store and remembers what it read.
#[derive(Debug)]
pub(crate) struct StoredPositions {
    db: Db,
    assigned: Mutex<HashMap<(Topic, u32), Assigned>>,
}

impl StoredPositions {
    pub(crate) fn new(db: Db) -> Arc<Self> {
        Arc::new(Self { db, assigned: Mutex::default() })
    }

    /// What was read when the partition was last assigned; only the first asker gets it.
    pub(crate) fn take(&self, topic: Topic, partition: u32) -> Option<Assigned> {
        self.assigned.lock().unwrap_or_else(PoisonError::into_inner).remove(&(topic, partition))
    }

    /// Where the partitions stood that were assigned and of which nothing has come since.
    pub(crate) fn untaken(&self, topic: Topic) -> Vec<(u32, i64)> {
        let assigned = self.assigned.lock().unwrap_or_else(PoisonError::into_inner);
        let of_topic = assigned.iter().filter(|((of, _), _)| *of == topic);
        of_topic.filter_map(|((_, number), a)| Some((*number, a.position.as_ref()?.next_offset))).collect()
    }

    /// Forgets what was read of a topic's partitions: a new subscription begins.
    pub(crate) fn clear(&self, topic: Topic) {
        self.assigned.lock().unwrap_or_else(PoisonError::into_inner).retain(|(of, _), _| *of != topic);
    }

    /// What the store says of a partition now.
    pub(crate) async fn read(&self, topic: Topic, partition: u32) -> Result<Assigned, StoreError> {
        self.db
            .read(move |tx| {
                Box::pin(async move {
                    let place = Partition { topic: topic.name(), number: partition };
                    Ok::<_, StoreError>(Assigned {
                        position: store::position::load(tx, place).await?,
                        marker: store::marker::load(tx, place).await?,
                    })
                })
            })
            .await
    }
}

impl Positions for StoredPositions {
    fn load(&self, topic: Topic, partition: u32) -> BoxFuture<'_, Result<Option<Position>, PositionError>> {
        Box::pin(async move {
            let assigned = self.read(topic, partition).await.map_err(PositionError::new)?;
            let position = assigned
                .position
                .as_ref()
                .map(|p| Position { next_offset: p.next_offset, last_id: p.last_id.clone() });
            self.assigned.lock().unwrap_or_else(PoisonError::into_inner).insert((topic, partition), assigned);
            Ok(position)
        })
    }
}
