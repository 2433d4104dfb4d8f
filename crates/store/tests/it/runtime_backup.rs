//! RELIABILITY bar 26, the backup: a copy that is made under load is whole and holds all that was committed before
//! it began.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use store::position::{LogPosition, Partition};
use store::started_event::StartedEvent;
use store::{Db, Options, StoreError};
use uuid::Uuid;

use crate::runtime_databases::number;

async fn write(db: &Db, next: i64) {
    let rows: Vec<StartedEvent> = (0..20)
        .map(|_| StartedEvent {
            project_id: "p".to_owned(),
            data_source_id: "d".to_owned(),
            event_key: Uuid::now_v7().to_string(),
            process_definition_id: "f".to_owned(),
            instance_id: Uuid::now_v7().to_string(),
            event_id: "e".to_owned(),
            event_time: 1,
            commit_id: "c".to_owned(),
            attempt: 1,
            created_at: 1,
        })
        .collect();
    db.write::<_, StoreError, _>(move |tx| {
        Box::pin(async move {
            store::started_event::claim(tx, &rows).await?;
            let to = LogPosition { next_offset: next, last_id: None, last_time: None };
            store::position::advance(tx, Partition { topic: "t", number: 0 }, &to, 1).await
        })
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_is_whole_and_holds_what_was_committed() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::sqlite(&folder.path().join("store.db"), Options::default()).await.unwrap();
    let (committed, stop) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicBool::new(false)));
    let load = {
        let (db, committed, stop) = (db.clone(), Arc::clone(&committed), Arc::clone(&stop));
        tokio::spawn(async move {
            while !stop.load(Ordering::SeqCst) {
                let next = committed.load(Ordering::SeqCst) + 1;
                write(&db, next).await;
                committed.store(next, Ordering::SeqCst);
            }
        })
    };
    for turn in 0..5 {
        while committed.load(Ordering::SeqCst) < (turn + 1) * 40 {
            tokio::task::yield_now().await;
        }
        let before = committed.load(Ordering::SeqCst);
        let file = folder.path().join(format!("copy-{turn}.db"));
        db.backup_to(&file).await.unwrap();
        let copy = Db::sqlite(&file, Options::default()).await.unwrap();
        let held = number(&copy, "SELECT next_offset FROM log_position").await;
        assert!(held >= before, "{held} of {before} committed batches are in the copy");
        let rows = number(&copy, "SELECT count(*) FROM started_event").await;
        assert_eq!(rows, held * 20, "the copy is one moment, not several");
        assert_eq!(
            number(&copy, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'").await,
            1
        );
        copy.close().await;
    }
    stop.store(true, Ordering::SeqCst);
    load.await.unwrap();
    db.close().await;
}
