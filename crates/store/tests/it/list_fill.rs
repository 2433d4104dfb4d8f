//! A store with 100,000 rows of each list, spread so that filters are as hard as they can be: what one finds is old,
//! what the other finds is new, and many pairs have nothing in common.

use store::failed_trigger::FailedTrigger;
use store::incident::Incident;
use store::instance::InstanceRow;
use store::started_event::{DuplicateEvent, StartedEvent};
use store::{Db, Scope, StoreError};
use uuid::Uuid;

use crate::runtime_databases::run;

pub const ROWS: usize = 100_000;
/// When the first row was made.
pub const BEGIN: i64 = 1_790_000_000_000;
const BATCH: usize = 1_000;

pub fn scope() -> Scope {
    Scope { organization: Uuid::nil(), workspace: Uuid::nil(), project: Uuid::from_u128(7) }
}

/// The id of version 7 of the row at a place of a list; one row each 10 ms.
pub fn id(list: u8, at: usize) -> String {
    let ms = time(at).unsigned_abs();
    format!("{:08x}-{:04x}-7000-80{list:02x}-{at:012x}", ms >> 16, ms & 0xffff)
}

pub fn time(at: usize) -> i64 {
    BEGIN + at as i64 * 10
}

/// The id of a thing: data source, process definition, version, commit.
pub fn thing(kind: u8, number: usize) -> String {
    format!("{kind:08x}-0000-4000-8000-{number:012x}")
}

pub const SOURCE: u8 = 0x51;
pub const PROCESS: u8 = 0x52;
pub const VERSION: u8 = 0x53;
pub const COMMIT: u8 = 0x54;

/// 200 commits one after the other, a version each 20 commits, three processes, four webhooks of which the last one
/// was used only in the first tenth.
pub fn instance(at: usize) -> InstanceRow {
    let commit = at * 200 / ROWS;
    let process = at % 3;
    let status = match at {
        _ if at < ROWS / 5 && at.is_multiple_of(2) => "incident",
        _ if at.is_multiple_of(7) => "terminated",
        _ if at % 5_000 == 11 => "active",
        _ => "completed",
    };
    let source = if at < ROWS / 10 && at % 4 == 3 { 3 } else { at % 3 };
    let event = id(2, at);
    let is_ended = matches!(status, "terminated" | "completed");
    InstanceRow {
        id: id(1, at),
        project_id: scope().project.to_string(),
        process_definition_id: thing(PROCESS, process),
        resource_version_id: thing(VERSION, process * 100 + commit / 20),
        commit_id: thing(COMMIT, commit),
        data_source_id: Some(thing(SOURCE, source)),
        event_id: Some(event.clone()),
        event_key: Some(event),
        status: status.to_owned(),
        variables: format!("{{\"webhookData\":{{\"payload\":\"{}\"}}}}", "x".repeat(300)),
        state: "{\"phase\":\"completed\",\"visits\":4}".to_owned(),
        version: 1,
        attempt: 1,
        replaced_by: None,
        created_at: time(at),
        updated_at: time(at),
        ended_at: is_ended.then_some(time(at)),
        incidents: (status == "incident").then(|| incident(at)).into_iter().collect(),
    }
}

fn incident(at: usize) -> Incident {
    let code = if at < 1_000 { "no-flow" } else { "script-failed" };
    Incident {
        number: 1,
        code: code.to_owned(),
        message: "It did not work.".to_owned(),
        element_id: Some("Task".to_owned()),
    }
}

pub fn failed(at: usize) -> FailedTrigger {
    let stage = if at < 500 { "gateway" } else { ["match", "start"][at % 2] };
    let event = id(3, at);
    FailedTrigger {
        id: id(4, at),
        project_id: scope().project.to_string(),
        data_source_id: thing(SOURCE, if at < ROWS / 10 { 3 } else { at % 3 }),
        process_definition_id: (stage == "start").then(|| thing(PROCESS, at % 3)),
        instance_id: None,
        commit_id: Some(thing(COMMIT, at * 200 / ROWS)),
        event_id: event.clone(),
        event_key: event,
        event_time: time(at),
        stage: stage.to_owned(),
        cause_code: format!("cause-{}", if at > ROWS - 100 { 9 } else { at % 4 }),
        cause: "It did not work.".to_owned(),
        element_id: None,
        record_headers: "[]".to_owned(),
        payload: vec![b'x'; 400],
        status: if at < ROWS / 2 { "retried" } else { "open" }.to_owned(),
        attempt: 1,
        created_at: time(at),
        updated_at: time(at),
    }
}

fn started(row: &InstanceRow) -> StartedEvent {
    StartedEvent {
        project_id: row.project_id.clone(),
        data_source_id: row.data_source_id.clone().unwrap_or_default(),
        event_key: row.event_key.clone().unwrap_or_default(),
        process_definition_id: row.process_definition_id.clone(),
        instance_id: row.id.clone(),
        event_id: row.event_id.clone().unwrap_or_default(),
        event_time: row.created_at,
        commit_id: row.commit_id.clone(),
        attempt: 1,
        created_at: row.created_at,
    }
}

/// Fills a new store.
pub async fn fill(db: &Db) {
    for sql in [
        "INSERT INTO organization (id, name, created_at) VALUES ('00000000-0000-0000-0000-000000000000', 'o', 1)",
        "INSERT INTO workspace (id, organization_id, name, created_at) VALUES ('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', 'w', 1)",
        "INSERT INTO project (id, organization_id, workspace_id, name, name_folded, revision, created_at, updated_at) \
         VALUES ('00000000-0000-0000-0000-000000000007', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', 'p', 'p', 1, 1, 1)",
        "INSERT INTO branch (id, project_id, name, revision, created_at) VALUES ('main', '00000000-0000-0000-0000-000000000007', 'main', 1, 1)",
        "INSERT INTO resource_definition (id, project_id, kind, created_at) VALUES \
         ('00000051-0000-4000-8000-000000000000', '00000000-0000-0000-0000-000000000007', 'data-source', 1), \
         ('00000051-0000-4000-8000-000000000001', '00000000-0000-0000-0000-000000000007', 'data-source', 1), \
         ('00000051-0000-4000-8000-000000000002', '00000000-0000-0000-0000-000000000007', 'data-source', 1), \
         ('00000051-0000-4000-8000-000000000003', '00000000-0000-0000-0000-000000000007', 'data-source', 1)",
        "INSERT INTO project_commit (id, project_id, branch_id, number, message, author_id, created_at) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) \
         SELECT 'commit-' || (1000000 + i), '00000000-0000-0000-0000-000000000007', 'main', i, 'message ' || i, CASE WHEN i < 200 THEN 'old-author' ELSE 'new-author' END, i FROM n",
        "INSERT INTO operation (id, project_id, kind, filter, state, message, up_to_id, after_id, total, done, failed, attempts, crashes, created_at, updated_at) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) \
         SELECT '0' || (1000000 + i), '00000000-0000-0000-0000-000000000007', \
         CASE WHEN i < 50000 THEN 'retry-failed-triggers' ELSE 'dismiss-failed-triggers' END, '{}', \
         CASE WHEN i < 60000 THEN 'done' ELSE 'cancelled' END, '', '', '', 1, 1, 0, 1, 0, i, i FROM n",
        "INSERT INTO audit_entry (id, at, project_id, user_id, action, target, detail) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) \
         SELECT '0' || (1000000 + i), i, '00000000-0000-0000-0000-000000000007', NULL, \
         CASE WHEN i < 50000 THEN 'commit.create' ELSE 'trigger.activate' END, 't' || i, '{}' FROM n",
        // two roles each; the second of all were given after the first of all
        "INSERT INTO app_user (id, email, name, disabled, created_at) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) \
         SELECT 'member-' || i, 'member-' || i, 'Member', 0, i FROM n",
        "INSERT INTO role_assignment (id, user_id, level, target_id, role, payload, revision, created_by, created_at, updated_at) \
         WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99999) \
         SELECT '0' || (1000000 + i), 'member-' || (1 + i % 50000), 'project', '00000000-0000-0000-0000-000000000007', \
         CASE WHEN i < 50000 THEN 'editor' ELSE 'operator' END, 0, 1, NULL, i, i FROM n",
    ] {
        run(db, sql).await;
    }
    for from in (0..ROWS).step_by(BATCH) {
        db.write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                let rows: Vec<InstanceRow> = (from..from + BATCH).map(instance).collect();
                let starts: Vec<StartedEvent> = rows.iter().map(started).collect();
                store::started_event::claim(tx, &starts).await?;
                store::instance::insert(tx, &rows).await?;
                let failed: Vec<FailedTrigger> = (from..from + BATCH).map(failed).collect();
                store::failed_trigger::insert(tx, &failed).await?;
                if from == 0 {
                    let duplicates: Vec<DuplicateEvent> = (0..500).map(duplicate).collect();
                    store::started_event::note_duplicates(tx, &duplicates).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
    }
}

fn duplicate(at: usize) -> DuplicateEvent {
    DuplicateEvent {
        project_id: scope().project.to_string(),
        event_id: id(5, at),
        data_source_id: thing(SOURCE, at % 3),
        event_key: format!("key-{at}"),
        event_time: time(at),
        created_at: time(at),
    }
}
