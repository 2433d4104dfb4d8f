//! The triggers that the gateway knows: read from the store, kept in a file for a start without it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use gateway::{Entry, Gateway};
use store::trigger::RegistryRow;
use store::{Db, StoreError};
use webhook::headers::DEFAULT_REDACTED;
use webhook::{Address, IdempotencyKey, KeyDigest, TriggerState};

use super::clock;
use super::snapshot::{self, Snapshot};

/// How old the file may be by its own account while nothing changes: it says how fresh the gateway's knowledge was.
const SNAPSHOT_MS: i64 = 60_000;

/// Reads every trigger into the gateway's memory, one reader at a time: with two at once the slower one could
/// put back what it read before a key was reset.
pub(super) struct Registrar {
    gateway: Arc<Gateway>,
    db: OnceLock<Db>,
    /// Where the triggers are kept for a start without the store; a gateway beside its store needs none.
    file: Option<PathBuf>,
    turn: tokio::sync::Mutex<Written>,
    revision: AtomicI64,
}

/// What the file says.
#[derive(Default)]
struct Written {
    rows: Option<Vec<RegistryRow>>,
    as_of: i64,
}

impl Registrar {
    /// One that reads nothing yet.
    pub(super) fn new(gateway: Arc<Gateway>, file: Option<PathBuf>) -> Self {
        let turn = tokio::sync::Mutex::default();
        Registrar { gateway, db: OnceLock::new(), file, turn, revision: AtomicI64::new(0) }
    }

    /// The gateway that is told.
    pub(super) fn gateway(&self) -> &Arc<Gateway> {
        &self.gateway
    }

    /// Reads from this store from now on.
    pub(super) fn use_store(&self, db: Db) {
        // the first one stays: there is only one
        let _ = self.db.set(db);
    }

    /// The store, once it was reached.
    pub(super) fn store(&self) -> Option<&Db> {
        self.db.get()
    }

    /// The revision that the gateway works by; 0 before the first.
    pub(super) fn revision(&self) -> i64 {
        self.revision.load(Ordering::Acquire)
    }

    /// Reads what the last process kept. Whether there was something that can be used.
    pub(super) fn load_file(&self) -> bool {
        let Some(file) = &self.file else { return false };
        let read = snapshot::read(file).and_then(|snapshot| {
            let entries = snapshot.rows.into_iter().map(entry).collect::<Result<Vec<_>, _>>();
            entries.map(|entries| (entries, snapshot.as_of)).map_err(|e| e.to_string())
        });
        match read {
            Ok((entries, as_of)) => {
                tracing::warn!(
                    triggers = entries.len(),
                    as_of,
                    "the triggers are those of the file: the store is away"
                );
                self.gateway.registry().replace(entries, as_of);
                true
            }
            Err(why) => {
                tracing::warn!(why, "there is no file of triggers to start with");
                false
            }
        }
    }

    /// Reads the store.
    pub(super) async fn load(&self) -> Result<(), StoreError> {
        let db = self.db.get().ok_or_else(|| StoreError::Unusable("it was not reached yet".to_owned()))?;
        let mut written = self.turn.lock().await;
        let as_of = clock::now();
        let read = db.read::<_, StoreError, _>(|tx| {
            Box::pin(async move {
                let revision = store::server::registry_revision(tx).await?;
                Ok((revision, store::trigger::registry_rows(tx).await?))
            })
        });
        let (revision, rows) = read.await?;
        let entries = rows.iter().cloned().map(entry).collect::<Result<Vec<_>, _>>()?;
        self.gateway.registry().replace(entries, as_of);
        self.revision.store(revision, Ordering::Release);
        if let Some(file) = &self.file
            && (written.rows.as_ref() != Some(&rows) || as_of - written.as_of > SNAPSHOT_MS)
        {
            let snapshot = Snapshot { as_of, rows };
            match snapshot::write(file, &snapshot) {
                Ok(()) => *written = Written { rows: Some(snapshot.rows), as_of },
                Err(e) => tracing::warn!("the triggers could not be kept in {}: {e}", file.display()),
            }
        }
        Ok(())
    }
}

fn entry(row: RegistryRow) -> Result<Entry, StoreError> {
    let corrupt = |what: &str| StoreError::Corrupt(format!("{what} of trigger {}", row.trigger));
    let address = Address {
        organization: row.organization,
        workspace: row.workspace,
        project: row.project,
        data_source: row.data_source,
    };
    let idempotency = row
        .idempotency_key
        .as_deref()
        .map(|text| IdempotencyKey::parse(text).map_err(|_| corrupt("the idempotency key")))
        .transpose()?;
    let state = TriggerState::parse(&row.state).ok_or_else(|| corrupt("the state"))?;
    let redacted = row.redacted_headers.clone();
    Ok(Entry {
        address,
        trigger: row.trigger,
        state,
        keys: row.keys.iter().map(|key| (KeyDigest(key.sha256), key.valid_until)).collect(),
        redacted: redacted
            .unwrap_or_else(|| DEFAULT_REDACTED.iter().map(|name| (*name).to_owned()).collect()),
        idempotency,
        rate_limit: row.rate_limit,
        commit: row.commit,
        linked: row.linked,
    })
}
