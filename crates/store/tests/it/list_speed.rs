//! No list reads more than a page costs: the work that the database does is counted, not timed. Each filter alone and
//! each pair, at the beginning, in the middle and at the end, also where nothing matches.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use futures::future::BoxFuture;
use store::operation::OperationKind;
use store::role::Place;
use store::view::event::Outcome;
use store::view::{Span, event, failed_trigger, incident, instance, operation};
use store::{Db, StoreError, Tx, commit, role};

use crate::list_fill::{COMMIT, PROCESS, ROWS, SOURCE, VERSION, fill, id, scope, thing, time};
use crate::runtime_databases::{databases, run};

/// Steps of SQLite's virtual machine for one page of 50. A walk over 100,000 rows takes at least 500,000.
const STEPS: u64 = 40_000;
/// Rows that PostgreSQL may read of tables for one page of 50.
const READ: i64 = 8_000;

type Run =
    Arc<dyn for<'t> Fn(&'t mut Tx, Option<String>) -> BoxFuture<'t, Result<usize, StoreError>> + Send + Sync>;

/// A list with one filter, and where its pages begin.
struct Case {
    name: String,
    run: Run,
    cursors: Vec<Option<String>>,
}

macro_rules! case {
    ($cases:ident, $name:expr, $cursors:expr, |$tx:ident, $cursor:ident| $body:expr) => {
        $cases.push(Case {
            name: $name,
            run: Arc::new(move |$tx, $cursor: Option<String>| Box::pin($body)),
            cursors: $cursors,
        })
    };
}

/// A filter by its name, and how it is set.
type Part<F> = (&'static str, fn(&mut F));

/// Every filter alone, and every two together.
fn alone_and_in_pairs<F: Clone + Default + 'static>(parts: &[Part<F>]) -> Vec<(String, F)> {
    let mut all = vec![("all".to_owned(), F::default())];
    for (at, (name, set)) in parts.iter().enumerate() {
        let mut filter = F::default();
        set(&mut filter);
        all.push(((*name).to_owned(), filter.clone()));
        for (other, also) in &parts[at + 1..] {
            let mut both = filter.clone();
            also(&mut both);
            all.push((format!("{name} + {other}"), both));
        }
    }
    all
}

fn cursors(list: u8) -> Vec<Option<String>> {
    vec![None, Some(id(list, ROWS / 2)), Some(id(list, ROWS / 10)), Some(id(list, 20))]
}

fn middle() -> Span {
    Span { from: Some(time(ROWS / 3)), to: Some(time(ROWS / 2)) }
}

fn instances(cases: &mut Vec<Case>) {
    let filters = alone_and_in_pairs::<instance::Filter>(&[
        ("incident", |f| f.statuses = vec!["incident".to_owned()]),
        ("cancelled (none)", |f| f.statuses = vec!["cancelled".to_owned()]),
        ("active or terminated", |f| f.statuses = vec!["active".to_owned(), "terminated".to_owned()]),
        ("process", |f| f.process_definition = Some(thing(PROCESS, 1))),
        ("process (none)", |f| f.process_definition = Some(thing(PROCESS, 99))),
        ("version", |f| f.version = Some(thing(VERSION, 102))),
        ("newest commit", |f| f.commit = Some(thing(COMMIT, 199))),
        ("oldest commit", |f| f.commit = Some(thing(COMMIT, 0))),
        ("webhook of old", |f| f.data_source = Some(thing(SOURCE, 3))),
        ("cause", |f| f.cause = Some("no-flow".to_owned())),
        ("event", |f| f.event = Some(id(2, 77))),
        ("span", |f| f.span = middle()),
    ]);
    for (name, filter) in filters {
        case!(cases, format!("instances: {name}"), cursors(1), |tx, cursor| {
            let filter = filter.clone();
            async move { Ok(instance::list(tx, &scope(), &filter, cursor.as_deref(), 50).await?.len()) }
        });
    }
    for (name, filter) in [
        ("all", instance::Filter::default()),
        ("process", instance::Filter { process_definition: Some(thing(PROCESS, 1)), ..Default::default() }),
        ("event", instance::Filter { event: Some(id(2, 77)), ..Default::default() }),
    ] {
        case!(cases, format!("instances by state: {name}"), vec![None], |tx, _cursor| {
            let filter = filter.clone();
            async move { Ok(instance::counts(tx, &scope(), &filter).await?.len()) }
        });
    }
}

fn failed_triggers(cases: &mut Vec<Case>) {
    let filters = alone_and_in_pairs::<failed_trigger::Filter>(&[
        ("webhook", |f| f.data_source = Some(thing(SOURCE, 1))),
        ("webhook of old", |f| f.data_source = Some(thing(SOURCE, 3))),
        ("process", |f| f.process_definition = Some(thing(PROCESS, 2))),
        ("gateway", |f| f.stages = vec!["gateway".to_owned()]),
        ("start", |f| f.stages = vec!["start".to_owned()]),
        ("newest cause", |f| f.cause = Some("cause-9".to_owned())),
        ("cause (none)", |f| f.cause = Some("nothing".to_owned())),
        ("retried", |f| f.statuses = vec!["retried".to_owned()]),
        ("open or retrying", |f| f.statuses = vec!["open".to_owned(), "retrying".to_owned()]),
        ("event", |f| f.event = Some(id(3, 77))),
        ("span", |f| f.span = middle()),
    ]);
    for (name, filter) in filters {
        let other = filter.clone();
        case!(cases, format!("failed triggers: {name}"), cursors(4), |tx, cursor| {
            let filter = filter.clone();
            async move { Ok(failed_trigger::list(tx, &scope(), &filter, cursor.as_deref(), 50).await?.len()) }
        });
        case!(cases, format!("failed triggers by cause: {name}"), vec![None], |tx, _cursor| {
            let filter = other.clone();
            async move { Ok(failed_trigger::groups(tx, &scope(), &filter, None, 50).await?.items.len()) }
        });
    }
}

fn events(cases: &mut Vec<Case>) {
    let filters = alone_and_in_pairs::<event::Filter>(&[
        ("webhook", |f| f.data_source = Some(thing(SOURCE, 1))),
        ("webhook of old", |f| f.data_source = Some(thing(SOURCE, 3))),
        ("webhook (none)", |f| f.data_source = Some(thing(SOURCE, 9))),
        ("started", |f| f.outcome = Some(Outcome::Started)),
        ("failed", |f| f.outcome = Some(Outcome::Failed)),
        ("duplicate", |f| f.outcome = Some(Outcome::Duplicate)),
        ("span", |f| f.span = middle()),
    ]);
    for (name, filter) in filters {
        case!(cases, format!("events: {name}"), cursors(2), |tx, cursor| {
            let filter = filter.clone();
            async move { Ok(event::list(tx, &scope(), &filter, cursor.as_deref(), 51).await?.len()) }
        });
    }
}

fn others(cases: &mut Vec<Case>) {
    let filters = alone_and_in_pairs::<incident::Filter>(&[
        ("process", |f| f.process_definition = Some(thing(PROCESS, 0))),
        ("oldest cause", |f| f.cause = Some("no-flow".to_owned())),
        ("cause (none)", |f| f.cause = Some("nothing".to_owned())),
        ("span", |f| f.span = middle()),
    ]);
    for (name, filter) in filters {
        case!(cases, format!("incidents: {name}"), vec![None], |tx, cursor| {
            let filter = filter.clone();
            async move { Ok(incident::list(tx, &scope(), &filter, cursor.as_deref(), 50).await?.len()) }
        });
    }
    let filters = alone_and_in_pairs::<operation::Filter>(&[
        ("retry", |f| f.kind = Some(OperationKind::RetryFailedTriggers)),
        ("incidents (none)", |f| f.kind = Some(OperationKind::RetryIncidents)),
        ("done", |f| f.states = vec!["done".to_owned()]),
        ("running (none)", |f| f.states = vec!["running".to_owned(), "queued".to_owned()]),
    ]);
    for (name, filter) in filters {
        let places = vec![None, Some("01050000".to_owned()), Some("01000100".to_owned())];
        case!(cases, format!("operations: {name}"), places, |tx, cursor| {
            let filter = filter.clone();
            async move { Ok(operation::list(tx, &scope(), &filter, cursor.as_deref(), 50).await?.len()) }
        });
    }
    let filters = alone_and_in_pairs::<commit::Filter>(&[
        ("branch", |f| f.branch = Some("main".to_owned())),
        ("branch (none)", |f| f.branch = Some("other".to_owned())),
        ("author", |f| f.author = Some("old-author".to_owned())),
        ("author (none)", |f| f.author = Some("nobody".to_owned())),
        ("resource (none)", |f| f.resource = Some(thing(PROCESS, 1))),
    ]);
    for (name, filter) in filters {
        let places = vec![None, Some("commit-1050000".to_owned()), Some("commit-1000100".to_owned())];
        case!(cases, format!("commits: {name}"), places, |tx, cursor| {
            let filter = filter.clone();
            async move { Ok(commit::list(tx, &scope(), &filter, cursor.as_deref(), 50).await?.len()) }
        });
    }
}

fn members(cases: &mut Vec<Case>) {
    // the last page but one has members; those after it are the others' second roles
    let places = vec![None, Some("01025000".to_owned()), Some("01049940".to_owned())];
    case!(cases, "members".to_owned(), places, |tx, cursor| {
        let place = [Place::Project(scope().project)];
        let after = cursor.unwrap_or_default();
        async move { Ok(role::members(tx, &place, &after, 50).await?.len()) }
    });
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    members(&mut cases);
    instances(&mut cases);
    failed_triggers(&mut cases);
    events(&mut cases);
    others(&mut cases);
    cases
}

/// What one page cost.
struct Cost {
    name: String,
    /// Steps of SQLite, or rows that PostgreSQL read.
    work: i64,
    ms: f64,
    rows: usize,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_list_reads_more_than_its_page_costs() {
    for database in databases(2).await {
        let begun = Instant::now();
        fill(&database.db).await;
        println!("{}: filled in {:.1} s", database.name, begun.elapsed().as_secs_f64());
        if matches!(database.db, Db::Pg(_)) {
            run(&database.db, "ANALYZE").await;
        }
        let most = if matches!(database.db, Db::Pg(_)) { READ } else { STEPS as i64 };
        let mut costs = Vec::new();
        for case in cases() {
            for (place, cursor) in case.cursors.iter().enumerate() {
                let (work, ms, rows) = cost(&database.db, &case.run, cursor.clone()).await;
                costs.push(Cost { name: format!("{} @{place}", case.name), work, ms, rows });
            }
        }
        costs.sort_by_key(|cost| -cost.work);
        println!("{}: {} pages; those with the most work:", database.name, costs.len());
        for cost in costs.iter().take(12) {
            println!("  {:>8} {:>7.2} ms {:>4} rows  {}", cost.work, cost.ms, cost.rows, cost.name);
        }
        costs.sort_by(|a, b| b.ms.total_cmp(&a.ms));
        println!("those that took longest:");
        for cost in costs.iter().take(5) {
            println!("  {:>8} {:>7.2} ms {:>4} rows  {}", cost.work, cost.ms, cost.rows, cost.name);
        }
        // what a time span cuts out of a group is counted in the index, row by row
        let is_pg = matches!(database.db, Db::Pg(_));
        let may = |cost: &Cost| match () {
            () if cost.name.contains("by cause") && cost.name.contains("span") => 10 * ROWS as i64,
            // for two values that no row has PostgreSQL may walk the ids
            () if is_pg && cost.name.starts_with("commits: ") => ROWS as i64,
            () => most,
        };
        let dear: Vec<&str> =
            costs.iter().filter(|cost| cost.work > may(cost)).map(|cost| cost.name.as_str()).collect();
        assert!(dear.is_empty(), "{}: more than {most}: {dear:#?}", database.name);
        // the control: what walks the project is seen
        let walk: Run = Arc::new(|tx, _| {
            Box::pin(async move {
                let (Tx::Lite(_) | Tx::Pg(_)) = tx;
                let sql = "SELECT count(*) FROM process_instance WHERE variables = 'none'";
                Ok(match tx {
                    Tx::Lite(c) => sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut **c).await,
                    Tx::Pg(c) => sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut **c).await,
                }
                .unwrap() as usize)
            })
        });
        assert!(cost(&database.db, &walk, None).await.0 > most, "the measure sees a walk");
    }
}

/// The work, the time and the rows of one page.
async fn cost(db: &Db, page: &Run, cursor: Option<String>) -> (i64, f64, usize) {
    let mut tx = db.begin_read().await.unwrap();
    let steps = Arc::new(AtomicU64::new(0));
    if let Tx::Lite(c) = &mut tx {
        watch(c, &steps).await;
    }
    let before = read_so_far(&mut tx).await;
    let begun = Instant::now();
    let rows = page(&mut tx, cursor).await.unwrap();
    let ms = begun.elapsed().as_secs_f64() * 1e3;
    let work = match &tx {
        Tx::Lite(_) => steps.load(Ordering::SeqCst) as i64,
        Tx::Pg(_) => read_so_far(&mut tx).await - before,
    };
    if let Tx::Lite(c) = &mut tx {
        let connection: &mut sqlx::SqliteConnection = c;
        connection.lock_handle().await.unwrap().remove_progress_handler();
    }
    tx.rollback().await.unwrap();
    (work, ms, rows)
}

async fn watch(connection: &mut sqlx::SqliteConnection, steps: &Arc<AtomicU64>) {
    const EVERY: u16 = 50;
    let steps = Arc::clone(steps);
    connection.lock_handle().await.unwrap().set_progress_handler(i32::from(EVERY), move || {
        steps.fetch_add(u64::from(EVERY), Ordering::SeqCst);
        true
    });
}

/// Rows of tables that this transaction has read on PostgreSQL.
async fn read_so_far(tx: &mut Tx) -> i64 {
    match tx {
        Tx::Lite(_) => 0,
        Tx::Pg(c) => {
            let sql = "SELECT CAST(coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) AS BIGINT) \
                       FROM pg_stat_xact_user_tables";
            sqlx::query_scalar(sql).fetch_one(&mut **c).await.unwrap()
        }
    }
}
