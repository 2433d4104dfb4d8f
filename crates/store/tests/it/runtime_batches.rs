//! Inserts of many rows: whatever their number, sizes, empty cells and repetitions, every new row is stored as it
//! was given, the first of those that are alike, and only those are reported.

use std::collections::{HashMap, HashSet};

use store::failed_trigger::{FailedTrigger, OPEN};
use store::refusal::is_refusal;
use store::{Db, StoreError};
use uuid::Uuid;

use crate::runtime_databases::{Chance, databases, number};

const TEXTS: [&str; 6] =
    ["", "{}", "{\"a\",NULL}", "NULL", "\\\"'$1::TEXT[]", "\u{e9}\u{1f600}\u{7f}\t\n\u{feff}"];

fn maybe(chance: &mut Chance) -> Option<String> {
    let place = usize::try_from(chance.below(TEXTS.len() as u64 + 2)).unwrap();
    TEXTS.get(place).map(|text| (*text).to_owned())
}

/// A row with anything in it; its event is one of `events`, so that rows repeat each other.
fn row(chance: &mut Chance, events: u64, size: usize) -> FailedTrigger {
    let payload = std::iter::repeat_with(|| chance.next().to_le_bytes()[0]).take(size).collect();
    FailedTrigger {
        id: Uuid::now_v7().to_string(),
        project_id: "p".to_owned(),
        data_source_id: "d".to_owned(),
        process_definition_id: maybe(chance),
        instance_id: maybe(chance),
        commit_id: maybe(chance),
        event_id: format!("e{}", chance.below(events)),
        event_key: maybe(chance).unwrap_or_default(),
        event_time: i64::MIN.wrapping_add(chance.next().cast_signed()),
        stage: "start".to_owned(),
        cause_code: "c".to_owned(),
        cause: maybe(chance).unwrap_or_default(),
        element_id: maybe(chance),
        record_headers: maybe(chance).unwrap_or_default(),
        payload,
        status: OPEN.to_owned(),
        attempt: 1,
        created_at: 5,
        updated_at: i64::MAX,
    }
}

/// What no two rows share.
fn once(row: &FailedTrigger) -> (String, String) {
    (row.event_id.clone(), row.process_definition_id.clone().unwrap_or_default())
}

async fn insert(db: &Db, rows: &[FailedTrigger]) -> Result<Vec<String>, StoreError> {
    let rows = rows.to_vec();
    db.write(move |tx| Box::pin(async move { store::failed_trigger::insert(tx, &rows).await })).await
}

async fn find(db: &Db, id: &str) -> FailedTrigger {
    let id = id.to_owned();
    db.read::<_, StoreError, _>(move |tx| {
        Box::pin(async move { store::failed_trigger::find(tx, "p", &id).await })
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_any_number_and_size_are_stored_as_they_are() {
    let mut chance = Chance::new("batches");
    // none, one, around the chunks of SQLite, beyond the rows and beyond the bytes of one statement of PostgreSQL
    let mut batches: Vec<(usize, usize)> =
        vec![(0, 0), (1, 0), (99, 40), (101, 40), (2_301, 30), (41, 500_000)];
    batches.extend((0..20).map(|_| (usize::try_from(chance.below(300)).unwrap(), 200)));
    for database in databases(2).await {
        let mut stored: HashMap<(String, String), FailedTrigger> = HashMap::new();
        for (rows, size) in &batches {
            let rows: Vec<FailedTrigger> = (0..*rows)
                .map(|_| {
                    let size = usize::try_from(chance.below(*size as u64 + 1)).unwrap();
                    row(&mut chance, 400, size)
                })
                .collect();
            let mut new = HashSet::new();
            for row in &rows {
                stored.entry(once(row)).or_insert_with(|| {
                    new.insert(row.id.clone());
                    row.clone()
                });
            }
            let told = insert(&database.db, &rows).await.unwrap();
            assert_eq!(told.len(), new.len(), "{}", database.name);
            assert_eq!(told.into_iter().collect::<HashSet<_>>(), new, "{}", database.name);
        }
        assert!(stored.len() > 400, "{} rows", stored.len());
        assert_eq!(
            number(&database.db, "SELECT count(*) FROM failed_trigger").await,
            i64::try_from(stored.len()).unwrap()
        );
        for row in stored.values() {
            let found = find(&database.db, &row.id).await;
            assert!(found == *row, "{}: the row of {} is another", database.name, row.event_id);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_row_that_cannot_be_stored_takes_the_whole_batch_with_it() {
    let mut chance = Chance::new("refused batch");
    for database in databases(2).await {
        if database.name != "PostgreSQL" {
            continue; // SQLite stores a NUL
        }
        // the guilty one is in the second of two statements
        let mut rows: Vec<FailedTrigger> = (0..1_500).map(|_| row(&mut chance, u64::MAX, 10)).collect();
        rows[1_400].cause = "a\u{0}b".to_owned();
        let refused = insert(&database.db, &rows).await.unwrap_err();
        assert!(is_refusal(&refused), "{refused}");
        assert_eq!(number(&database.db, "SELECT count(*) FROM failed_trigger").await, 0);
        rows[1_400].cause = "ab".to_owned();
        assert_eq!(insert(&database.db, &rows).await.unwrap().len(), 1_500);
    }
}
