//! RELIABILITY bar 27: tasks that are ended at a random await leave no open transaction and take no connection
//! with them.

use std::time::Duration;

use store::position::{LogPosition, Partition};
use store::{Db, StoreError};

use crate::runtime_databases::{Chance, databases, number};

const ABORTS: u64 = 2_500;

fn position(next_offset: i64) -> LogPosition {
    LogPosition { next_offset, last_id: Some("x".to_owned()), last_time: None }
}

/// A few statements in a transaction, of which half fail by intent.
async fn work(db: Db, number: u32, fails: bool) -> Result<(), StoreError> {
    db.write(move |tx| {
        Box::pin(async move {
            let place = Partition { topic: "cancelled", number };
            store::position::advance(tx, place, &position(1), 1).await?;
            tokio::task::yield_now().await;
            store::position::advance(tx, place, &position(2), 1).await?;
            if fails { Err(StoreError::NotFound) } else { Ok(()) }
        })
    })
    .await
}

async fn look(db: Db) -> Result<(), StoreError> {
    db.read(|tx| Box::pin(async move { store::position::all(tx, "cancelled").await.map(drop) })).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_ended_anywhere_leave_no_transaction_and_lose_no_connection() {
    for connections in [1, 4] {
        for database in databases(connections).await {
            let mut chance = Chance::new(database.name);
            let db = database.db.clone();
            let mut ended = 0;
            for turn in 0..ABORTS {
                let (number, fails) = (u32::try_from(turn % 50).unwrap(), chance.below(2) == 0);
                let task = if chance.below(4) == 0 {
                    tokio::spawn(look(db.clone()))
                } else {
                    tokio::spawn(work(db.clone(), number, fails))
                };
                match chance.below(4) {
                    0 => {}
                    1 => tokio::task::yield_now().await,
                    _ => tokio::time::sleep(Duration::from_micros(chance.below(400))).await,
                }
                task.abort();
                ended += u64::from(task.await.is_err_and(|error| error.is_cancelled()));
            }
            assert!(ended > ABORTS / 10, "only {ended} tasks were ended in mid-work");
            // a lost connection would make this wait for ever, an open transaction would make the begin fail
            for _ in 0..20 {
                let whole = tokio::time::timeout(Duration::from_secs(30), work(db.clone(), 99, false)).await;
                whole.expect("no connection is left").expect("a transaction was left open");
            }
            let torn = number(&db, "SELECT count(*) FROM log_position WHERE next_offset <> 2").await;
            assert_eq!(torn, 0, "half a transaction was stored");
            if database.name == "PostgreSQL" {
                // other tests have transactions of their own in this database, each for a moment
                let begun = std::time::Instant::now();
                loop {
                    let open = number(
                        &db,
                        "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' \
                         AND datname = current_database() AND pid <> pg_backend_pid()",
                    )
                    .await;
                    if open == 0 {
                        break;
                    }
                    assert!(
                        begun.elapsed() < Duration::from_secs(60),
                        "a transaction is open that nobody ends"
                    );
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
            println!("{} with {connections}: {ended} of {ABORTS} ended in mid-work", database.name);
            db.close().await;
        }
    }
}
