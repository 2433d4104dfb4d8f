//! What a test does to the files of a stopped server, which no API may do.

use std::io;
use std::path::Path;

use rusqlite::Connection;

/// Forgets how far the log was applied, as a wiped or restored store would.
pub fn wipe_positions(data: &Path) -> io::Result<()> {
    execute(data, "DELETE FROM log_position; DELETE FROM attempt_marker;")
}

/// Takes away the promise that an event starts a definition once.
pub fn drop_started_event_once(data: &Path) -> io::Result<()> {
    execute(data, "DROP INDEX IF EXISTS started_event_once;")
}

/// Puts failed triggers of the oldest data source into the store, half of them retried, of four causes.
pub fn fill_failed_triggers(data: &Path, rows: u64) -> io::Result<()> {
    execute(
        data,
        &format!(
            "INSERT INTO failed_trigger (id, project_id, data_source_id, process_definition_id, event_id, event_key, event_time, \
             stage, cause_code, cause, record_headers, payload, status, attempt, created_at, updated_at) \
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}), \
             d AS (SELECT id, project_id FROM resource_definition WHERE kind = 'data-source' ORDER BY created_at, id LIMIT 1), \
             p AS (SELECT id FROM resource_definition WHERE kind = 'process-definition' ORDER BY created_at, id LIMIT 1) \
             SELECT printf('01900000-%04x-7000-8000-%012x', i / 65536, i), d.project_id, d.id, p.id, \
             printf('01900000-%04x-7000-9000-%012x', i / 65536, i), 'key-' || i, 1, 'start', 'cause-' || (i % 4), \
             'It did not work.', '[]', x'7b7d', CASE WHEN i % 2 = 0 THEN 'open' ELSE 'retried' END, 1, 1, 1 FROM n, d, p; \
             DELETE FROM row_group WHERE list = 'failed-trigger'; \
             INSERT INTO row_group SELECT 1000 + row_number() OVER (), project_id, 'failed-trigger', status, \
             coalesce(process_definition_id, ''), '', '', data_source_id, stage, cause_code, count(*), min(id), max(id) \
             FROM failed_trigger GROUP BY project_id, status, coalesce(process_definition_id, ''), data_source_id, stage, cause_code; \
             UPDATE failed_trigger SET group_id = (SELECT g.id FROM row_group g WHERE g.list = 'failed-trigger' \
             AND g.project_id = failed_trigger.project_id AND g.status = failed_trigger.status \
             AND g.process_definition_id = coalesce(failed_trigger.process_definition_id, '') \
             AND g.data_source_id = failed_trigger.data_source_id AND g.stage = failed_trigger.stage \
             AND g.cause_code = failed_trigger.cause_code);"
        ),
    )
}

/// Puts commits of the oldest branch into the store, older than those that are there.
pub fn fill_commits(data: &Path, rows: u64) -> io::Result<()> {
    execute(
        data,
        &format!(
            "UPDATE project_commit SET number = number + {rows}; \
             INSERT INTO project_commit (id, project_id, branch_id, number, message, created_at) \
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}), \
             b AS (SELECT id, project_id FROM branch ORDER BY created_at, id LIMIT 1) \
             SELECT printf('01900000-%04x-7000-a000-%012x', i / 65536, i), b.project_id, b.id, i, 'message ' || i, 1 FROM n, b;"
        ),
    )
}

/// One number out of the store.
pub fn number(data: &Path, sql: &str) -> io::Result<i64> {
    let store = Connection::open(data.join("store.sqlite")).map_err(io::Error::other)?;
    store.query_row(sql, [], |row| row.get(0)).map_err(io::Error::other)
}

/// What SQLite finds wrong with a file of the data folder; `ok` where nothing is.
pub fn integrity(data: &Path, file: &str) -> io::Result<String> {
    let database = Connection::open(data.join(file)).map_err(io::Error::other)?;
    database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).map_err(io::Error::other)
}

fn execute(data: &Path, sql: &str) -> io::Result<()> {
    let store = Connection::open(data.join("store.sqlite")).map_err(io::Error::other)?;
    store.execute_batch(sql).map_err(io::Error::other)
}
