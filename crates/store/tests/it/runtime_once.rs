//! Exactly once (RELIABILITY bar 4 at the level of the store): several writers with the same records, each from
//! a position of its own, rewound and cut off at random, leave one instance for each event and definition. The
//! control without the unique index does not.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use store::instance::{HistoryRow, InstanceRow};
use store::position::{LogPosition, Partition};
use store::started_event::StartedEvent;
use store::{Db, StoreError, Tx};
use uuid::Uuid;

use crate::runtime_databases::{Chance, databases, number, run, sqlite};

const PLACE: Partition<'static> = Partition { topic: "events", number: 0 };
const DEFINITIONS: [&str; 2] = ["order", "audit"];

/// A record of the log: its id and what it is unique by.
struct Entry {
    id: String,
    key: String,
}

/// One in twenty repeats the key of an earlier one.
fn log(records: usize, chance: &mut Chance) -> Vec<Entry> {
    let mut log: Vec<Entry> = Vec::with_capacity(records);
    for _ in 0..records {
        let id = Uuid::now_v7().to_string();
        let key = match usize::try_from(chance.below(20)).unwrap() {
            0 if !log.is_empty() => {
                let earlier = usize::try_from(chance.below(log.len() as u64)).unwrap();
                log[earlier].key.clone()
            }
            _ => id.clone(),
        };
        log.push(Entry { id, key });
    }
    log
}

async fn apply(tx: &mut Tx, batch: &[Entry], next: i64) -> Result<(), StoreError> {
    let mut rows: Vec<StartedEvent> = Vec::new();
    for entry in batch {
        for definition in DEFINITIONS {
            rows.push(StartedEvent {
                project_id: "p".to_owned(),
                data_source_id: "d".to_owned(),
                event_key: entry.key.clone(),
                process_definition_id: definition.to_owned(),
                instance_id: Uuid::now_v7().to_string(),
                event_id: entry.id.clone(),
                event_time: next,
                commit_id: "c".to_owned(),
                attempt: 1,
                created_at: 1,
            });
        }
    }
    rows.sort_by_key(StartedEvent::key);
    let claimed: HashSet<String> = store::started_event::claim(tx, &rows).await?.into_iter().collect();
    let claimed: Vec<&StartedEvent> = rows.iter().filter(|row| claimed.contains(&row.instance_id)).collect();
    let instances: Vec<InstanceRow> = claimed.iter().map(|row| instance(row)).collect();
    store::instance::insert(tx, &instances).await?;
    let histories: Vec<HistoryRow> = claimed
        .iter()
        .map(|row| HistoryRow {
            instance_id: row.instance_id.clone(),
            step: 1,
            at: 1,
            events: "[]".to_owned(),
        })
        .collect();
    store::instance::insert_history(tx, &histories).await?;
    let to = LogPosition { next_offset: next, last_id: batch.last().map(|e| e.id.clone()), last_time: None };
    store::position::advance(tx, PLACE, &to, 1).await?;
    Ok(())
}

fn instance(row: &StartedEvent) -> InstanceRow {
    InstanceRow {
        id: row.instance_id.clone(),
        project_id: row.project_id.clone(),
        process_definition_id: row.process_definition_id.clone(),
        resource_version_id: "v".to_owned(),
        commit_id: "c".to_owned(),
        data_source_id: Some("d".to_owned()),
        event_id: Some(row.event_id.clone()),
        event_key: Some(row.event_key.clone()),
        status: "completed".to_owned(),
        variables: "{}".to_owned(),
        state: "{}".to_owned(),
        version: 1,
        attempt: 1,
        replaced_by: None,
        created_at: 1,
        updated_at: 1,
        ended_at: Some(1),
        incidents: Vec::new(),
    }
}

/// One life of a writer: from the stored position (or a rewound one) until it is cut off or done.
async fn live(db: &Db, log: &[Entry], chance: &mut Chance, cut: bool) -> Result<bool, StoreError> {
    let stored = db
        .read::<_, StoreError, _>(|tx| Box::pin(async move { store::position::load(tx, PLACE).await }))
        .await?;
    let mut next = stored.map_or(0, |position| usize::try_from(position.next_offset).unwrap());
    if cut && chance.below(3) == 0 {
        next -= usize::try_from(chance.below(next.min(200) as u64 + 1)).unwrap();
    }
    while next < log.len() {
        let end = log.len().min(next + 1 + usize::try_from(chance.below(60)).unwrap());
        let mut tx = db.begin_write().await?;
        match if cut { chance.below(16) } else { 9 } {
            // cut off after the begin, after the rows, after the commit
            0 => return Ok(false),
            1 => {
                apply(&mut tx, &log[next..end], i64::try_from(end).unwrap()).await?;
                return Ok(false);
            }
            2 => {
                apply(&mut tx, &log[next..end], i64::try_from(end).unwrap()).await?;
                tx.commit().await?;
                return Ok(false);
            }
            _ => {
                apply(&mut tx, &log[next..end], i64::try_from(end).unwrap()).await?;
                tx.commit().await?;
            }
        }
        next = end;
    }
    Ok(true)
}

/// Three writers at once, cut off about 60 times, then one that finishes. How many cuts there were.
async fn zombies(db: &Db, log: Arc<Vec<Entry>>, chance: &mut Chance) -> u32 {
    let cuts = Arc::new(AtomicU32::new(0));
    let writers: Vec<_> = (0..3)
        .map(|_| {
            let (db, log, cuts, mut chance) =
                (db.clone(), Arc::clone(&log), Arc::clone(&cuts), chance.fork());
            tokio::spawn(async move {
                for _ in 0..20 {
                    if !live(&db, &log, &mut chance, true).await.unwrap() {
                        cuts.fetch_add(1, Ordering::Relaxed);
                    }
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert!(live(db, &log, chance, false).await.unwrap());
    cuts.load(Ordering::Relaxed)
}

async fn instances(db: &Db) -> (i64, i64) {
    let all = number(db, "SELECT count(*) FROM process_instance").await;
    let distinct = number(
        db,
        "SELECT count(*) FROM (SELECT DISTINCT event_key, process_definition_id FROM process_instance) AS d",
    )
    .await;
    (all, distinct)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn zombies_with_rewinds_and_cuts_start_everything_exactly_once() {
    for database in databases(4).await {
        let mut chance = Chance::new(database.name);
        let log = Arc::new(log(3_000, &mut chance));
        let keys: HashSet<&str> = log.iter().map(|entry| entry.key.as_str()).collect();
        let expected = i64::try_from(keys.len() * DEFINITIONS.len()).unwrap();
        let cuts = zombies(&database.db, Arc::clone(&log), &mut chance).await;
        let (all, distinct) = instances(&database.db).await;
        println!("{}: {cuts} cuts, {expected} expected, {all} instances, {distinct} distinct", database.name);
        assert!(cuts > 10);
        assert_eq!((all, distinct), (expected, expected));
        let histories = number(&database.db, "SELECT count(*) FROM instance_history").await;
        assert_eq!(histories, expected);
        database.db.close().await;
    }
}

/// The control: without the unique index the same writers start things twice, so the test above can fail.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_without_the_unique_index_starts_twice() {
    let database = sqlite().await;
    run(&database.db, "DROP INDEX started_event_once").await;
    let mut chance = Chance::new("control");
    let log = Arc::new(log(3_000, &mut chance));
    let cuts = zombies(&database.db, log, &mut chance).await;
    let (all, distinct) = instances(&database.db).await;
    println!("control: {cuts} cuts, {all} instances, {distinct} distinct");
    assert!(all > distinct, "the control did not violate the promise: the test is void");
}
