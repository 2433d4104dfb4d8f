//! Running servers, the revision of the registry, and words between processes.

use std::time::Duration;

use store::server::{self, LIVE_MS, Server};
use store::{Bell, Db, PgOptions, StoreError, Word};

use crate::runtime_databases::databases;

fn named(id: &str, seen_at: i64) -> Server {
    Server {
        id: id.to_owned(),
        roles: "gateway,runner".to_owned(),
        host: "host".to_owned(),
        address: "http://127.0.0.1:1".to_owned(),
        version: "0.1.0".to_owned(),
        started_at: 5,
        seen_at,
        registry_revision: 1,
        partitions: "0,1".to_owned(),
        lag_records: 40,
        oldest_unstarted_ms: 1_500,
        started_per_second: 7,
    }
}

async fn beat(db: &Db, row: Server) {
    let write = db.write::<_, StoreError, _>(move |tx| Box::pin(async move { server::beat(tx, &row).await }));
    write.await.unwrap();
}

async fn all(db: &Db) -> Vec<Server> {
    db.read::<_, StoreError, _>(|tx| Box::pin(async move { server::all(tx).await })).await.unwrap()
}

#[tokio::test]
async fn a_server_has_one_row_until_it_leaves_or_is_forgotten() {
    for database in databases(4).await {
        let db = &database.db;
        beat(db, named("a", 100)).await;
        beat(db, named("b", 200)).await;
        let later =
            Server { seen_at: 300, registry_revision: 7, partitions: "4".to_owned(), ..named("a", 0) };
        beat(db, later.clone()).await;
        assert_eq!(all(db).await, [later.clone(), named("b", 200)], "{}", database.name);
        db.write::<_, StoreError, _>(|tx| Box::pin(async move { server::forget(tx, 250).await }))
            .await
            .unwrap();
        assert_eq!(all(db).await, [later]);
        db.write::<_, StoreError, _>(|tx| Box::pin(async move { server::leave(tx, "a").await }))
            .await
            .unwrap();
        assert_eq!(all(db).await, []);
        let row = named("a", 1_000);
        assert!(row.is_live(1_000 + LIVE_MS - 1) && !row.is_live(1_000 + LIVE_MS));
        // a clock that is behind its own makes nobody dead
        assert!(row.is_live(0) && row.is_gateway());
        assert!(!Server { roles: "runner,console".to_owned(), ..row }.is_gateway());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_change_of_the_registry_has_a_revision_of_its_own() {
    for database in databases(8).await {
        let raise = |db: Db| async move {
            let write = db.write::<_, StoreError, _>(|tx| {
                Box::pin(async move { server::raise_registry_revision(tx).await })
            });
            write.await.unwrap()
        };
        let tasks: Vec<_> = (0..20).map(|_| tokio::spawn(raise(database.db.clone()))).collect();
        let mut seen = Vec::new();
        for task in tasks {
            seen.push(task.await.unwrap());
        }
        seen.sort_unstable();
        assert_eq!(seen, (2..22).collect::<Vec<_>>(), "{}", database.name);
        let read = database
            .db
            .read::<_, StoreError, _>(|tx| Box::pin(async move { server::registry_revision(tx).await }));
        assert_eq!(read.await.unwrap(), 21);
    }
}

async fn heard(bell: &mut Bell) -> Option<Word> {
    tokio::time::timeout(Duration::from_secs(30), bell.heard()).await.unwrap().unwrap()
}

/// A word is heard by every listener; after its session was ended it says that words may be missed, and hears again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_are_heard_and_a_gap_is_told() {
    let Ok(url) = std::env::var("FOREBAY_TEST_POSTGRES") else {
        println!("skipped: PostgreSQL (FOREBAY_TEST_POSTGRES is not set)");
        return;
    };
    let options = PgOptions::new(&url);
    let database = databases(4).await.pop().unwrap();
    let mut bells = [Bell::listen(&options).await.unwrap(), Bell::listen(&options).await.unwrap()];
    for word in [Word::Commands, Word::Registry] {
        database.db.ring(word).await.unwrap();
        for bell in &mut bells {
            // other tests ring too
            while heard(bell).await != Some(word) {}
        }
    }
    let text = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                WHERE pid <> pg_backend_pid() AND query LIKE 'LISTEN%'";
    assert!(crate::runtime_databases::number(&database.db, text).await >= 2);
    for bell in &mut bells {
        while heard(bell).await.is_some() {}
    }
    database.db.ring(Word::Commands).await.unwrap();
    for bell in &mut bells {
        while heard(bell).await != Some(Word::Commands) {}
    }
}
