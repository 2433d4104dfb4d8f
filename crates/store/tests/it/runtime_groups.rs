//! Whatever comes, changes and goes: every row stands in the group of what it is, and the groups count what there is.

use store::failed_trigger::{FailedTrigger, Outcome};
use store::incident::Incident;
use store::instance::{Advance, InstanceRow};
use store::{Db, StoreError, Tx};

use crate::list_fill::{failed, id, instance, scope};
use crate::runtime_databases::{Chance, databases, number};

/// Rows that stand in a group of other rows, and groups whose total or bounds are not those of their rows.
const WRONG: [&str; 6] = [
    "SELECT count(*) FROM process_instance i LEFT JOIN row_group g ON g.id = i.group_id AND g.list = 'instance' \
     AND g.project_id = i.project_id AND g.status = i.status AND g.process_definition_id = i.process_definition_id \
     AND g.resource_version_id = i.resource_version_id AND g.commit_id = i.commit_id \
     AND g.data_source_id = coalesce(i.data_source_id, '') WHERE g.id IS NULL",
    "SELECT count(*) FROM failed_trigger f LEFT JOIN row_group g ON g.id = f.group_id AND g.list = 'failed-trigger' \
     AND g.project_id = f.project_id AND g.status = f.status AND g.data_source_id = f.data_source_id \
     AND g.process_definition_id = coalesce(f.process_definition_id, '') AND g.stage = f.stage \
     AND g.cause_code = f.cause_code WHERE g.id IS NULL",
    "SELECT count(*) FROM incident n LEFT JOIN row_group g ON g.id = n.group_id AND g.list = 'incident' \
     AND g.process_definition_id = n.process_definition_id AND g.cause_code = n.code WHERE g.id IS NULL",
    "SELECT count(*) FROM row_group g LEFT JOIN (SELECT group_id, count(*) AS n, min(id) AS a, max(id) AS z \
     FROM process_instance GROUP BY group_id) x ON x.group_id = g.id \
     WHERE g.list = 'instance' AND (g.total <> coalesce(x.n, 0) OR x.a < g.first_id OR x.z > g.last_id)",
    "SELECT count(*) FROM row_group g LEFT JOIN (SELECT group_id, count(*) AS n, min(id) AS a, max(id) AS z \
     FROM failed_trigger GROUP BY group_id) x ON x.group_id = g.id \
     WHERE g.list = 'failed-trigger' AND (g.total <> coalesce(x.n, 0) OR x.a < g.first_id OR x.z > g.last_id)",
    "SELECT count(*) FROM row_group g LEFT JOIN (SELECT group_id, count(*) AS n, min(id) AS a, max(id) AS z \
     FROM incident GROUP BY group_id) x ON x.group_id = g.id \
     WHERE g.list = 'incident' AND (g.total <> coalesce(x.n, 0) OR x.a < g.first_id OR x.z > g.last_id)",
];

async fn check(db: &Db) {
    for sql in WRONG {
        assert_eq!(number(db, sql).await, 0, "{sql}");
    }
}

/// Something that happens to rows.
async fn happen(tx: &mut Tx, chance: &mut Chance, made: &mut usize) -> Result<(), StoreError> {
    let project = scope().project.to_string();
    let some = |chance: &mut Chance, made: usize| chance.below(made.max(1) as u64) as usize;
    match chance.below(9) {
        0 | 1 => {
            // out of order, so that ids come into the middle of groups too
            let mut places: Vec<usize> = (*made..*made + 12).collect();
            places.reverse();
            let failed: Vec<FailedTrigger> = places.iter().map(|at| failed(at * 700)).collect();
            store::failed_trigger::insert(tx, &failed).await?;
            store::failed_trigger::insert(tx, &failed[..3]).await?;
            let rows: Vec<InstanceRow> = places.iter().map(|at| instance(at * 700)).collect();
            store::instance::insert(tx, &rows).await?;
            *made += 12;
        }
        2 => drop(
            store::failed_trigger::mark_retrying(tx, scope(), &id(4, some(chance, *made) * 700), 9).await?,
        ),
        3 => store::failed_trigger::reopen(tx, &project, &id(4, some(chance, *made) * 700), 9).await?,
        4 => {
            let ids = [id(4, some(chance, *made) * 700), id(4, some(chance, *made) * 700)];
            store::failed_trigger::remove(tx, &project, &ids, 9).await?;
        }
        5 => {
            let found = store::failed_trigger::find(tx, &project, &id(4, some(chance, *made) * 700)).await;
            let Ok(row) = found else { return Ok(()) };
            let outcome = Outcome {
                status: if chance.below(2) == 0 { "open" } else { "retried" },
                cause: Some(("another-cause", "It still does not work.")),
                element_id: None,
                instance_id: None,
                commit_id: None,
                at: 9,
            };
            store::failed_trigger::finish_retry(tx, &row, &outcome).await?;
        }
        6 | 7 => {
            let found = store::instance::find(tx, &project, &id(1, some(chance, *made) * 700)).await;
            let Ok(row) = found else { return Ok(()) };
            step(tx, chance, &row).await?;
        }
        _ => {
            let bound = id(4, some(chance, *made) * 70);
            store::retention::failed_triggers(tx, &bound, 5).await?;
            store::retention::ended_instances(tx, i64::MAX, &bound, 5).await?;
            store::retention::row_groups(tx, &bound, 3).await?;
        }
    }
    Ok(())
}

async fn step(tx: &mut Tx, chance: &mut Chance, row: &InstanceRow) -> Result<(), StoreError> {
    let incident = |number| Incident {
        number,
        code: if number > 2 { "no-flow" } else { "script-failed" }.to_owned(),
        message: String::new(),
        element_id: None,
    };
    let incidents: Vec<Incident> = (0..chance.below(3)).map(|n| incident(1 + n as i64 * 2)).collect();
    let ends = incidents.is_empty();
    let step = Advance {
        id: &row.id,
        from_version: row.version,
        status: if ends { "cancelled" } else { "incident" },
        variables: "{}",
        state: "{}",
        at: 9,
        ended: ends,
        replaced_by: None,
        incidents: &incidents,
    };
    store::instance::advance(tx, &row.project_id, &step).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn groups_count_what_there_is() {
    for database in databases(2).await {
        let mut chance = Chance::new(database.name);
        let mut made = 0;
        for turn in 0..400 {
            let (mut own, before) = (chance.fork(), made);
            let fails = turn % 10 == 9;
            let done = database
                .db
                .write::<_, StoreError, _>(move |tx| {
                    Box::pin(async move {
                        let mut made = before;
                        happen(tx, &mut own, &mut made).await?;
                        happen(tx, &mut own, &mut made).await?;
                        if fails { Err(StoreError::NotFound) } else { Ok(made) }
                    })
                })
                .await;
            made = done.unwrap_or(before);
            if turn % 40 == 0 {
                check(&database.db).await;
            }
        }
        check(&database.db).await;
        assert!(number(&database.db, "SELECT count(*) FROM row_group WHERE total > 0").await > 20);
        // the control: a row that moves without its group is seen
        crate::runtime_databases::run(&database.db, "UPDATE failed_trigger SET cause_code = 'moved'").await;
        assert!(number(&database.db, WRONG[1]).await > 0);
    }
}
