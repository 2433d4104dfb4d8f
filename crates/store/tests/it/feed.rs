//! The feed: nobody who remembers revisions misses a change, in whatever order transactions commit.

use std::collections::BTreeSet;
use std::time::Duration;

use store::command::{CommandKind, NewCommand};
use store::feed::{self, Kind, Standing};
use store::{Db, Scope, StoreError};
use uuid::Uuid;

use crate::runtime_databases::databases;

fn scope(project: u128) -> Scope {
    Scope { organization: Uuid::nil(), workspace: Uuid::nil(), project: Uuid::from_u128(project) }
}

async fn standing(db: &Db, scope: Scope, kind: Kind) -> Standing {
    let read = db.read::<_, StoreError, _>(move |tx| Box::pin(async move { feed::read(tx, &scope).await }));
    read.await.unwrap().remove(&kind).unwrap_or_default()
}

async fn change(db: &Db, scope: Scope, ids: Vec<String>) {
    db.write::<_, StoreError, _>(move |tx| {
        Box::pin(async move {
            ids.iter().for_each(|id| feed::note(tx, &scope, Kind::Drafts, id, 5));
            Ok(())
        })
    })
    .await
    .unwrap();
}

/// Queues a command whose id is older than its commit by `late` milliseconds.
async fn queue(db: &Db, scope: Scope, late: u64) -> String {
    let id = Uuid::now_v7().to_string();
    tokio::time::sleep(Duration::from_millis(late)).await;
    let made = id.clone();
    db.write::<_, StoreError, _>(move |tx| {
        Box::pin(async move {
            let new = NewCommand {
                id: &made,
                kind: CommandKind::CancelInstance,
                target_id: "t",
                arguments: "{}",
                created_by: None,
                now: 5,
            };
            store::command::enqueue(tx, scope, &new).await?;
            tokio::time::sleep(Duration::from_millis(late % 3)).await;
            Ok(())
        })
    })
    .await
    .unwrap();
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_watcher_by_revision_misses_nothing_and_one_by_id_does() {
    for database in databases(8).await {
        let (db, scope) = (database.db.clone(), scope(1));
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let watched = db.clone();
        let watcher = tokio::spawn(async move {
            let (mut told, mut by_id) = (BTreeSet::new(), BTreeSet::new());
            let (mut revision, mut newest) = (0, String::new());
            loop {
                let last = *stopped.borrow();
                let now = standing(&watched, scope, Kind::Operations).await;
                assert!(now.revision >= revision && now.recent_after <= revision, "{now:?} after {revision}");
                told.extend(now.recent.iter().filter(|(at, _)| *at > revision).map(|(_, id)| id.clone()));
                by_id.extend(now.recent.iter().filter(|(_, id)| *id > newest).map(|(_, id)| id.clone()));
                newest = by_id.last().cloned().unwrap_or_default();
                revision = now.revision;
                if last {
                    return (told, by_id);
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        });
        let mut tasks = Vec::new();
        for worker in 0..6_u64 {
            let db = db.clone();
            tasks.push(tokio::spawn(async move {
                let mut ids = Vec::new();
                for turn in 0..25_u64 {
                    ids.push(queue(&db, scope, (worker * 7 + turn * 5) % 11).await);
                }
                ids
            }));
        }
        let mut all = BTreeSet::new();
        for task in tasks {
            all.extend(task.await.unwrap());
        }
        stop.send(true).unwrap();
        let (told, by_id) = watcher.await.unwrap();
        assert_eq!(told, all, "{}", database.name);
        assert!(by_id.len() < all.len(), "{}: the control found everything too", database.name);
    }
}

#[tokio::test]
async fn many_changes_are_counted_but_not_all_named() {
    for database in databases(2).await {
        let scope = scope(2);
        let ids: Vec<String> = (0..40).map(|n| format!("a{n}")).collect();
        change(&database.db, scope, ids.clone()).await;
        let first = standing(&database.db, scope, Kind::Drafts).await;
        assert_eq!((first.revision, first.recent_after, first.recent.len()), (1, 0, 40));
        change(&database.db, scope, (0..40).map(|n| format!("b{n}")).collect()).await;
        let second = standing(&database.db, scope, Kind::Drafts).await;
        // some of revision 1 are forgotten: whoever saw nothing yet must read everything again
        assert_eq!((second.revision, second.recent_after, second.recent.len()), (2, 1, 64));
        change(&database.db, scope, (0..100).map(|n| format!("c{n}")).collect()).await;
        let third = standing(&database.db, scope, Kind::Drafts).await;
        assert_eq!((third.revision, third.recent_after, third.recent.len()), (3, 3, 0));
    }
}

#[tokio::test]
async fn what_is_rolled_back_and_what_is_foreign_is_not_told() {
    for database in databases(2).await {
        let (mine, other) = (scope(3), scope(4));
        let refused: Result<(), StoreError> = database
            .db
            .write(move |tx| {
                Box::pin(async move {
                    feed::note(tx, &mine, Kind::Policy, "p", 5);
                    Err(StoreError::NotFound)
                })
            })
            .await;
        assert!(refused.is_err());
        change(&database.db, other, vec!["x".to_owned()]).await;
        assert_eq!(standing(&database.db, mine, Kind::Policy).await, Standing::default());
        assert_eq!(standing(&database.db, mine, Kind::Drafts).await, Standing::default());
    }
}
