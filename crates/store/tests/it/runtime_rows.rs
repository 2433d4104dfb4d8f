//! The statements of the running side, on every database.

use store::command::{CommandKind, NewCommand};
use store::count::{Addition, Counter, HOUR};
use store::failed_trigger::{FailedTrigger, OPEN, Outcome, RETRIED};
use store::marker::Marker;
use store::position::{LogPosition, Partition};
use store::refusal::is_refusal;
use store::{Db, Scope, StoreError};
use uuid::Uuid;

use crate::runtime_databases::{databases, number};

const PLACE: Partition<'static> = Partition { topic: "t", number: 3 };

fn scope() -> Scope {
    Scope { organization: Uuid::nil(), workspace: Uuid::nil(), project: Uuid::from_u128(7) }
}

fn failed(event: &str, stage: &str, payload: &[u8]) -> FailedTrigger {
    FailedTrigger {
        id: Uuid::now_v7().to_string(),
        project_id: scope().project.to_string(),
        data_source_id: "d".to_owned(),
        process_definition_id: None,
        instance_id: None,
        commit_id: None,
        event_id: event.to_owned(),
        event_key: event.to_owned(),
        event_time: 5,
        stage: stage.to_owned(),
        cause_code: "not-linked".to_owned(),
        cause: "nothing is linked".to_owned(),
        element_id: None,
        record_headers: "[]".to_owned(),
        payload: payload.to_vec(),
        status: OPEN.to_owned(),
        attempt: 1,
        created_at: 5,
        updated_at: 5,
    }
}

macro_rules! write {
    ($db:expr, |$tx:ident| $body:expr) => {
        $db.write::<_, StoreError, _>(move |$tx| Box::pin(async move { $body })).await
    };
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_position_only_goes_forward() {
    for database in databases(2).await {
        let at = |next_offset: i64, id: &str| LogPosition {
            next_offset,
            last_id: Some(id.to_owned()),
            last_time: Some(1),
        };
        let (ten, nine, eleven) = (at(10, "a"), at(9, "b"), at(11, "c"));
        let (old, new) = (ten.clone(), eleven.clone());
        let moved = write!(database.db, |tx| {
            let mut moved = Vec::new();
            for to in [&ten, &nine, &ten, &eleven] {
                moved.push(store::position::advance(tx, PLACE, to, 1).await?);
            }
            Ok(moved)
        });
        assert_eq!(moved.unwrap(), [true, false, false, true]);
        // only the very position that was seen is forgotten
        let forgotten = write!(database.db, |tx| {
            let first = store::position::forget(tx, PLACE, &old).await?;
            let left = store::position::load(tx, PLACE).await?;
            let second = store::position::forget(tx, PLACE, &new).await?;
            Ok((first, left.map(|left| left.next_offset), second, store::position::all(tx, "t").await?.len()))
        });
        assert_eq!(forgotten.unwrap(), (false, Some(11), true, 0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_position_that_went_back_is_found() {
    for database in databases(2).await {
        let to = LogPosition { next_offset: 10, last_id: Some("a".to_owned()), last_time: Some(1) };
        let behind = write!(database.db, |tx| {
            store::position::advance(tx, PLACE, &to, 1).await?;
            let mut behind = Vec::new();
            // as far, or farther; farther back; a partition that is gone; another topic
            for reached in [&[(3, 10)][..], &[(3, 9)], &[(3, 11)], &[(3, 10), (4, 1)], &[(4, 0)], &[]] {
                behind.push(store::position::behind(tx, "t", reached).await?);
            }
            behind.push(store::position::behind(tx, "u", &[(3, 10)]).await?);
            Ok(behind)
        });
        assert_eq!(behind.unwrap(), [None, None, Some(3), Some(4), None, None, Some(3)]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_marker_is_written_over_and_removed() {
    for database in databases(2).await {
        let marker = Marker { first_offset: 1, last_offset: 9, crashes: 0, started_at: 2 };
        let other = Marker { first_offset: 4, last_offset: 4, crashes: 1, started_at: 3 };
        let seen = write!(database.db, |tx| {
            store::marker::put_all(tx, &[(PLACE, marker)]).await?;
            store::marker::put_all(tx, &[(PLACE, other)]).await?;
            let seen = store::marker::load(tx, PLACE).await?;
            store::marker::clear(tx, PLACE).await?;
            Ok((seen, store::marker::load(tx, PLACE).await?))
        });
        assert_eq!(seen.unwrap(), (Some(other), None));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_trigger_is_there_once_and_retried_once() {
    for database in databases(2).await {
        let rows: Vec<FailedTrigger> =
            (0..130).map(|n| failed(&format!("e{}", n % 120), "match", &[0, 255])).collect();
        let first = rows[0].clone();
        let added = write!(database.db, |tx| store::failed_trigger::insert(tx, &rows).await).unwrap();
        assert_eq!(added.len(), 120);
        assert_eq!(number(&database.db, "SELECT count(*) FROM failed_trigger").await, 120);
        let outcome = write!(database.db, |tx| {
            let id = first.id.clone();
            let marked = store::failed_trigger::mark_retrying(tx, scope(), &id, 9).await?;
            let again = store::failed_trigger::mark_retrying(tx, scope(), &id, 9).await?;
            let row = store::failed_trigger::find(tx, &first.project_id, &id).await?;
            let begun = store::failed_trigger::begin_retry(tx, &row).await?;
            let stale = store::failed_trigger::begin_retry(tx, &row).await?;
            let done = Outcome {
                status: RETRIED,
                cause: None,
                element_id: None,
                instance_id: Some("i"),
                commit_id: Some("c"),
                at: 10,
            };
            store::failed_trigger::finish_retry(tx, &row, &done).await?;
            let row = store::failed_trigger::find(tx, &first.project_id, &id).await?;
            let late = store::failed_trigger::begin_retry(tx, &row).await?;
            Ok((marked, again, begun, stale, late, row))
        });
        let (marked, again, begun, stale, late, row) = outcome.unwrap();
        assert_eq!((marked, again, begun, stale, late), (true, false, true, false, false));
        assert_eq!((row.status.as_str(), row.attempt, row.cause.as_str()), (RETRIED, 2, "nothing is linked"));
        assert_eq!((row.instance_id.as_deref(), row.payload.as_slice()), (Some("i"), &[0, 255][..]));
    }
}

async fn enqueue(db: &Db, id: &'static str) {
    write!(db, |tx| {
        let new = NewCommand {
            id,
            kind: CommandKind::CancelInstance,
            target_id: "i",
            arguments: "{}",
            created_by: None,
            now: 1,
        };
        store::command::enqueue(tx, scope(), &new).await
    })
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_belongs_to_the_last_claim() {
    for database in databases(4).await {
        let db = &database.db;
        for id in ["c1", "c2"] {
            enqueue(db, id).await;
        }
        let claim = async |now: i64| write!(db, |tx| store::command::claim(tx, now, 100).await).unwrap();
        let first = claim(10).await.unwrap();
        let second = claim(10).await.unwrap();
        assert_eq!((first.id.as_str(), second.id.as_str()), ("c1", "c2"));
        assert_eq!(claim(110).await, None, "both leases hold");
        let retaken = claim(111).await.unwrap();
        assert_eq!((retaken.id.as_str(), retaken.attempts), ("c1", 2));
        let (own, late) = (retaken.clone(), first.clone());
        let ends = write!(db, |tx| {
            let late = store::command::finish(tx, &late, true, "{}", 120).await?;
            let own = store::command::finish(tx, &own, true, "{\"code\":\"ok\"}", 120).await?;
            Ok((late, own))
        });
        assert_eq!(ends.unwrap(), (false, true), "the claim that ran out ends nothing");
        let row = write!(db, |tx| store::command::find(tx, scope(), "c1").await).unwrap();
        assert_eq!((row.state.as_str(), row.result.as_deref()), ("done", Some("{\"code\":\"ok\"}")));
        let waits = write!(db, |tx| {
            store::command::give_back(tx, &second).await?;
            store::command::any_waiting(tx, 0).await
        });
        assert!(waits.unwrap());
    }
}

/// Many at once never claim the same one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn claims_at_once_are_of_different_commands() {
    for database in databases(4).await {
        let ids: Vec<&'static str> = (0..40).map(|n| &*format!("c{n:02}").leak()).collect();
        for id in ids {
            enqueue(&database.db, id).await;
        }
        let claims = (0..60).map(|_| {
            let db = database.db.clone();
            async move { write!(db, |tx| store::command::claim(tx, 10, 1_000).await).unwrap() }
        });
        let claimed: Vec<String> =
            futures::future::join_all(claims).await.into_iter().flatten().map(|row| row.id).collect();
        let distinct: std::collections::HashSet<&String> = claimed.iter().collect();
        assert_eq!((claimed.len(), distinct.len()), (40, 40));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counters_add_up() {
    for database in databases(2).await {
        let row = |counter, value| Addition {
            project_id: "p".to_owned(),
            data_source_id: "d".to_owned(),
            hour: store::count::hour_of(HOUR * 5 + 17),
            counter,
            value,
        };
        let rows = [row(Counter::Accepted, 2), row(Counter::Started, 5)];
        for _ in 0..3 {
            let rows = rows.to_vec();
            write!(database.db, |tx| store::count::add(tx, &rows).await).unwrap();
        }
        let sum = "SELECT CAST(sum(value) AS BIGINT) FROM hourly_count WHERE hour = 18000000";
        assert_eq!(number(&database.db, sum).await, 21);
        assert_eq!(number(&database.db, "SELECT count(*) FROM hourly_count").await, 2);
        assert_eq!(store::count::hour_of(-1), -HOUR);
    }
}

/// What the database will never take is told from what it cannot take now.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_is_told_from_a_failure() {
    for database in databases(2).await {
        let history = || store::instance::HistoryRow {
            instance_id: "i".to_owned(),
            step: 1,
            at: 1,
            events: "[]".to_owned(),
        };
        let twice =
            write!(database.db, |tx| store::instance::insert_history(tx, &[history(), history()]).await);
        assert!(is_refusal(&twice.unwrap_err()));
        if database.name == "PostgreSQL" {
            let mut row = failed("e", "match", b"");
            row.cause = "a\u{0}b".to_owned();
            let refused = write!(database.db, |tx| store::failed_trigger::insert(tx, &[row]).await);
            assert!(is_refusal(&refused.unwrap_err()), "PostgreSQL holds no NUL in text");
        }
        database.db.close().await;
        let closed = write!(database.db, |tx| store::marker::clear(tx, PLACE).await).unwrap_err();
        assert!(!is_refusal(&closed), "{closed}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pruning_takes_the_oldest_and_no_more_than_asked() {
    for database in databases(2).await {
        let rows: Vec<FailedTrigger> =
            (0..30_u8).map(|n| failed(&format!("e{n}"), "match", &[n; 100])).collect();
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        write!(database.db, |tx| store::failed_trigger::insert(tx, &rows).await).unwrap();
        let (retrying, bound) = (ids[0].clone(), ids[20].clone());
        let removed = write!(database.db, |tx| {
            store::failed_trigger::mark_retrying(tx, scope(), &retrying, 1).await?;
            let first = store::retention::failed_triggers(tx, &bound, 15).await?;
            let rest = store::retention::failed_triggers(tx, &bound, 15).await?;
            let sizes = store::retention::failed_trigger_sizes(tx, "~", 5).await?;
            Ok((first, rest, sizes))
        });
        let (first, rest, sizes) = removed.unwrap();
        assert_eq!((first, rest), (15, 4), "one is being retried");
        let newest: Vec<(String, u64)> = ids.iter().rev().take(5).map(|id| (id.clone(), 102)).collect();
        assert_eq!(sizes, newest);
        let counts = write!(database.db, |tx| {
            Ok([
                store::retention::started_events(tx, 1_000, 10).await?,
                store::retention::duplicate_events(tx, 1_000, 10).await?,
                store::retention::ended_instances(tx, 1_000, "~", 10).await?,
                store::retention::commands(tx, 1_000, "~", 10).await?,
                store::retention::hourly_counts(tx, 1_000, 10).await?,
            ])
        });
        assert_eq!(counts.unwrap(), [0; 5]);
    }
}
