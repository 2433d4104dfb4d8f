//! What a PostgreSQL in the network does besides answering: nothing at all, refusing to write, forgetting.

use std::time::Duration;

use sqlx::{Connection, PgConnection};
use store::{Claim, Db, PgOptions, StoreError, Tx};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::runtime_databases::{number, run};

/// A database of its own on the run's server.
async fn database(test: &str) -> Option<String> {
    let Ok(server) = std::env::var("FOREBAY_TEST_POSTGRES") else {
        println!("skipped: {test} (FOREBAY_TEST_POSTGRES is not set)");
        return None;
    };
    let name = format!("{test}_{}", uuid::Uuid::new_v4().simple());
    statement(&server, format!("CREATE DATABASE {name}")).await;
    let (host, _) = server.rsplit_once('/').expect("FOREBAY_TEST_POSTGRES has no database");
    Some(format!("{host}/{name}"))
}

async fn statement(url: &str, sql: String) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// Stands between us and the server; while it is frozen nothing goes either way, and no connection ends.
struct Way {
    url: String,
    frozen: watch::Sender<bool>,
}

impl Way {
    async fn to(url: &str) -> Way {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (_, rest) = url.split_once('@').unwrap();
        let (server, database) = rest.split_once('/').unwrap();
        let here = listener.local_addr().unwrap();
        let (frozen, gate) = watch::channel(false);
        let server = server.to_owned();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = TcpStream::connect(&server).await.unwrap();
                let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
                tokio::spawn(carry(near_in, far_out, gate.clone()));
                tokio::spawn(carry(far_in, near_out, gate.clone()));
            }
        });
        Way { url: format!("postgres://forebay@{here}/{database}"), frozen }
    }

    fn freeze(&self, frozen: bool) {
        self.frozen.send_replace(frozen);
    }
}

async fn carry(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    mut frozen: watch::Receiver<bool>,
) {
    let mut bytes = [0_u8; 4096];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        // the way is gone with its test
        if frozen.wait_for(|frozen| !frozen).await.is_err() {
            return;
        }
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

async fn work(db: &Db) -> Result<(), StoreError> {
    db.write(|tx| {
        Box::pin(async move {
            let Tx::Pg(c) = tx else { unreachable!("a PostgreSQL") };
            sqlx::query("SELECT 1").execute(&mut **c).await?;
            Ok(())
        })
    })
    .await
}

/// A server that keeps its connections and answers nothing costs a deadline, not the pool.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_server_is_given_up_and_used_again() {
    let Some(url) = database("silent").await else { return };
    let way = Way::to(&url).await;
    let deadline = Duration::from_millis(300);
    let db = Db::postgres(&PgOptions { connections: 2, deadline, ..PgOptions::new(&way.url) }).await.unwrap();
    work(&db).await.unwrap();
    way.freeze(true);
    // more than there are connections: each one must come back
    for _ in 0..4 {
        let failed = work(&db).await.unwrap_err();
        assert!(failed.is_transient() && matches!(failed, StoreError::Silent(_)), "{failed}");
    }
    way.freeze(false);
    let begun = std::time::Instant::now();
    while let Err(e) = work(&db).await {
        assert!(e.is_transient() && begun.elapsed() < Duration::from_secs(60), "{e}");
    }
    db.close().await;
}

/// The control of the one above: without a deadline the same call waits as long as the server is silent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_deadline_a_silent_server_is_waited_for() {
    let Some(url) = database("waited").await else { return };
    let way = Way::to(&url).await;
    let deadline = Duration::from_secs(3_600);
    let db = Db::postgres(&PgOptions { connections: 2, deadline, ..PgOptions::new(&way.url) }).await.unwrap();
    way.freeze(true);
    let mut waiting = Box::pin(work(&db));
    assert!(tokio::time::timeout(Duration::from_secs(1), &mut waiting).await.is_err(), "it did not wait");
    way.freeze(false);
    waiting.await.unwrap();
    db.close().await;
}

/// After a failover the old primary still answers: its connections are not used for work.
#[tokio::test]
async fn a_connection_that_only_reads_is_replaced() {
    let Some(url) = database("read_only").await else { return };
    let db = Db::postgres(&PgOptions { connections: 2, ..PgOptions::new(&url) }).await.unwrap();
    for _ in 0..3 {
        run(&db, "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY").await;
        run(&db, "INSERT INTO log_position VALUES ('t', 0, 0, NULL, NULL, 0) ON CONFLICT DO NOTHING").await;
    }
    assert_eq!(number(&db, "SELECT count(*) FROM log_position").await, 1);
    statement(&url, format!("ALTER DATABASE {} SET default_transaction_read_only = on", name(&url))).await;
    let refused = Db::postgres(&PgOptions::new(&url)).await.unwrap_err();
    assert!(refused.to_string().contains("only reads"), "{refused}");
    db.close().await;
}

/// A server whose default is not to wait for the disk waits for it in our sessions.
#[tokio::test]
async fn commits_wait_for_the_disk_whatever_the_default() {
    let Some(url) = database("asynchronous").await else { return };
    statement(&url, format!("ALTER DATABASE {} SET synchronous_commit = off", name(&url))).await;
    let db = Db::postgres(&PgOptions::new(&url)).await.unwrap();
    let off = "SELECT count(*) FROM pg_settings WHERE name = 'synchronous_commit' AND setting = 'off'";
    assert_eq!(number(&db, off).await, 0);
    db.close().await;
}

/// A transaction that is dropped half-way leaves nothing behind, neither rows nor an open transaction in the pool.
#[tokio::test]
async fn a_dropped_transaction_leaves_nothing() {
    let Some(url) = database("dropped").await else { return };
    let db = Db::postgres(&PgOptions { connections: 2, ..PgOptions::new(&url) }).await.unwrap();
    for _ in 0..5 {
        let mut tx = db.begin_write().await.unwrap();
        let Tx::Pg(c) = &mut tx else { unreachable!("a PostgreSQL") };
        let insert = "INSERT INTO log_position VALUES ('t', 0, 0, NULL, NULL, 0)";
        sqlx::query(insert).execute(&mut **c).await.unwrap();
        drop(tx);
        // and one whose begin is not waited for
        drop(futures_poll_once(Box::pin(db.begin_write())).await);
    }
    assert_eq!(number(&db, "SELECT count(*) FROM log_position").await, 0);
    let open = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND datname = current_database()";
    let begun = std::time::Instant::now();
    while number(&db, open).await > 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "a transaction stays open");
    }
    db.close().await;
}

/// Polls a future once and gives it back unfinished, or drops what it gave.
async fn futures_poll_once<F: Future + Unpin>(mut future: F) -> F {
    std::future::poll_fn(|cx| {
        let _ = std::pin::Pin::new(&mut future).poll(cx);
        std::task::Poll::Ready(())
    })
    .await;
    future
}

/// The database of a process's own log: a second one is told, the end of the first gives it free.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_is_one_process_s() {
    let Some(url) = database("claimed").await else { return };
    let options = PgOptions::new(&url);
    let db = Db::postgres(&options).await.unwrap();
    let first = Claim::take(&options).await.unwrap();
    let second = tokio::spawn({
        let options = options.clone();
        async move { Claim::take(&options).await }
    });
    tokio::time::timeout(Duration::from_millis(300), first.lost()).await.unwrap_err();
    assert!(!second.is_finished(), "two have it");
    drop(first);
    let second = second.await.unwrap().unwrap();
    // the server ends its session, and a third one is faster
    let lost = tokio::spawn(async move { second.lost().await });
    let other = PgConnection::connect(&url).await.unwrap();
    let mut other = take_from(other).await;
    tokio::time::timeout(Duration::from_secs(120), lost).await.unwrap().unwrap();
    other.ping().await.unwrap();
    db.close().await;
}

/// Whatever order the database has; what has the right one already is left as it is.
#[tokio::test]
async fn text_is_in_the_order_of_its_bytes() {
    let Some(url) = database("byte_order").await else { return };
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let options = PgOptions::new(&url);
    let mut files = Vec::new();
    for _ in 0..2 {
        Db::postgres(&options).await.unwrap().close().await;
        let text = "SELECT string_agg(relname || relfilenode, ' ' ORDER BY relname) FROM pg_class \
                    WHERE relnamespace = 'public'::regnamespace";
        files.push(sqlx::query_scalar::<_, String>(text).fetch_one(&mut connection).await.unwrap());
    }
    assert_eq!(files[0], files[1], "the second start has built something anew");
    let text = "INSERT INTO organization (id, name, created_at) VALUES ('~', '', 0), ('0', '', 0), ('-', '', 0), ('B', '', 0), ('a', '', 0)";
    sqlx::query(text).execute(&mut connection).await.unwrap();
    let sorted = sqlx::query_scalar::<_, String>("SELECT id FROM organization ORDER BY id");
    assert_eq!(sorted.fetch_all(&mut connection).await.unwrap(), ["-", "0", "B", "a", "~"]);
    let server = "SELECT '~' < '0' AND 'a' < 'B'";
    let by_language: bool = sqlx::query_scalar(server).fetch_one(&mut connection).await.unwrap();
    println!("the server's own order is that of a language: {by_language}");
    connection.close().await.unwrap();
}

/// Ends the session that holds the claim and takes it in the same moment.
async fn take_from(mut connection: PgConnection) -> PgConnection {
    let kill = "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
                WHERE l.locktype = 'advisory' AND d.datname = current_database()";
    sqlx::query(kill).execute(&mut connection).await.unwrap();
    let take = "SELECT pg_advisory_lock(1178750023, hashtext(current_schema()))";
    sqlx::query(take).execute(&mut connection).await.unwrap();
    connection
}

fn name(url: &str) -> &str {
    url.rsplit_once('/').unwrap().1
}

/// An operator is told that nobody answers there, not that a pool was waited for.
#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    // taken, and given back: nobody listens on it
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("postgres://forebay:hunter22@127.0.0.1:{port}/forebay");
    let said = Db::postgres(&PgOptions::new(&url)).await.unwrap_err().to_string();
    assert!(said.contains("refused") && !said.contains("hunter22"), "{said}");
}
