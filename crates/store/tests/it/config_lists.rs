//! Lists of the running side: every row once, in order, at any depth, with any filter.

use std::time::Instant;

use store::view::Span;
use store::view::instance::Filter;
use store::{Scope, StoreError};
use uuid::{ContextV7, Timestamp, Uuid};

use crate::config_world::{AT, World};

const ROWS: usize = 10_000;

/// Ids of version 7, one a second from [`AT`] on.
fn ids(count: usize) -> Vec<String> {
    let context = ContextV7::new();
    let id = |number: usize| {
        let seconds = u64::try_from(AT).unwrap() / 1_000 + number as u64;
        Uuid::new_v7(Timestamp::from_unix(&context, seconds, 0)).to_string()
    };
    (0..count).map(id).collect()
}

fn instance(scope: &Scope, id: &str, number: usize) -> store::instance::InstanceRow {
    let at = AT + 1_000 * i64::try_from(number).unwrap();
    store::instance::InstanceRow {
        id: id.to_owned(),
        project_id: scope.project_text(),
        process_definition_id: format!("process-{}", number % 3),
        resource_version_id: "none".to_owned(),
        commit_id: "none".to_owned(),
        data_source_id: Some("source".to_owned()),
        event_id: Some(format!("event-{number}")),
        event_key: Some(format!("event-{number}")),
        status: if number.is_multiple_of(1_000) { "incident" } else { "completed" }.to_owned(),
        variables: format!("{{\"webhookData\":\"{}\"}}", "x".repeat(1_000)),
        state: "{}".to_owned(),
        version: 1,
        attempt: 1,
        replaced_by: None,
        created_at: at,
        updated_at: at,
        ended_at: Some(at),
        incidents: Vec::new(),
    }
}

#[tokio::test]
async fn ten_thousand_instances_are_paged_as_fast_at_the_end_as_at_the_beginning() {
    let world = World::new().await;
    let (scope, ids) = (world.one.scope, ids(ROWS));
    let rows: Vec<_> = ids.iter().enumerate().map(|(at, id)| instance(&scope, id, at)).collect();
    world.write(move |tx| Box::pin(async move { store::instance::insert(tx, &rows).await })).await.unwrap();
    let mut expected = ids;
    expected.reverse();
    let (seen, times) = world
        .db
        .read(move |tx| {
            Box::pin(async move {
                let (mut seen, mut times) = (Vec::new(), Vec::new());
                let mut cursor: Option<String> = None;
                loop {
                    let begun = Instant::now();
                    let filter = Filter::default();
                    let mut page =
                        store::view::instance::list(tx, &scope, &filter, cursor.as_deref(), 100).await?;
                    times.push(begun.elapsed());
                    let more = page.len() > 100;
                    page.truncate(100);
                    seen.extend(page.iter().map(|row| row.id.clone()));
                    if !more {
                        return Ok::<_, StoreError>((seen, times));
                    }
                    cursor = page.last().map(|row| row.id.clone());
                }
            })
        })
        .await
        .unwrap();
    assert_eq!(seen, expected);
    // medians of the first and the last pages; a list that skips rows takes a hundred times as long at the end
    let median = |times: &[std::time::Duration]| {
        let mut times = times.to_vec();
        times.sort();
        times[times.len() / 2]
    };
    let (first, last) = (median(&times[1..21]), median(&times[times.len() - 20..]));
    assert!(last < 10 * first, "{first:?} at the beginning, {last:?} at the end");
}

#[tokio::test]
async fn filters_find_few_among_many_and_times_are_spans_of_ids() {
    let world = World::new().await;
    let (scope, other, ids) = (world.one.scope, world.other.scope, ids(ROWS));
    let rows: Vec<_> = ids.iter().enumerate().map(|(at, id)| instance(&scope, id, at)).collect();
    world.write(move |tx| Box::pin(async move { store::instance::insert(tx, &rows).await })).await.unwrap();
    let list = |scope: Scope, filter: Filter| {
        let db = world.db.clone();
        async move {
            db.read(move |tx| {
                Box::pin(async move {
                    let rows = store::view::instance::list(tx, &scope, &filter, None, 100_000).await?;
                    Ok::<_, StoreError>(rows.into_iter().map(|row| row.id).collect::<Vec<_>>())
                })
            })
            .await
            .unwrap()
        }
    };
    let incidents = Filter { statuses: vec!["incident".to_owned()], ..Filter::default() };
    assert_eq!(list(scope, incidents.clone()).await.len(), ROWS / 1_000);
    assert_eq!(list(other, incidents).await, Vec::<String>::new());
    let both = Filter {
        statuses: vec!["incident".to_owned()],
        process_definition: Some("process-1".to_owned()),
        ..Filter::default()
    };
    assert_eq!(list(scope, both).await, [&ids[7_000], &ids[4_000], &ids[1_000]].map(String::clone));
    for (from, to) in [(0, ROWS), (5, 6), (10, 20), (ROWS - 1, ROWS), (3, 3)] {
        let at = |number: usize| Some(AT + 1_000 * i64::try_from(number).unwrap());
        let span = Filter { span: Span { from: at(from), to: at(to) }, ..Filter::default() };
        let mut found = list(scope, span).await;
        found.reverse();
        assert_eq!(found, ids[from..to], "{from} to {to}");
    }
}
