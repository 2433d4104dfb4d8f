//! The databases that the tests of the runtime side run on: SQLite in a folder, and PostgreSQL where
//! `FOREBAY_TEST_POSTGRES` names a server (`postgres://user@host/database`); each test in a schema of its own.

use sqlx::{Connection, PgConnection};
use store::{Db, Options, PgOptions, StoreError, Tx};

pub struct Database {
    pub name: &'static str,
    pub db: Db,
    /// The folder of the SQLite file, kept as long as the test needs it.
    _folder: Option<tempfile::TempDir>,
}

/// All databases that are there; says which is not.
pub async fn databases(connections: u32) -> Vec<Database> {
    let mut all = vec![sqlite().await];
    match std::env::var("FOREBAY_TEST_POSTGRES") {
        Ok(url) => all.push(postgres(&url, connections).await),
        Err(_) => println!("skipped: PostgreSQL (FOREBAY_TEST_POSTGRES is not set)"),
    }
    all
}

pub async fn sqlite() -> Database {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::sqlite(&folder.path().join("store.db"), Options::default()).await.unwrap();
    Database { name: "SQLite", db, _folder: Some(folder) }
}

async fn postgres(url: &str, connections: u32) -> Database {
    let schema = format!("t{}", uuid::Uuid::new_v4().simple());
    let mut connection = PgConnection::connect(url).await.unwrap();
    let create = format!("CREATE SCHEMA {schema}");
    sqlx::query(sqlx::AssertSqlSafe(create)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let separator = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{separator}options=-c%20search_path%3D{schema}");
    Database {
        name: "PostgreSQL",
        db: Db::postgres(&PgOptions { connections, ..PgOptions::new(&url) }).await.unwrap(),
        _folder: None,
    }
}

/// Runs one statement.
pub async fn run(db: &Db, sql: &'static str) {
    db.write::<_, StoreError, _>(move |tx| {
        Box::pin(async move {
            match tx {
                Tx::Lite(c) => drop(sqlx::query(sql).execute(&mut **c).await.unwrap()),
                Tx::Pg(c) => drop(sqlx::query(sql).execute(&mut **c).await.unwrap()),
            }
            Ok(())
        })
    })
    .await
    .unwrap();
}

/// The one number that a query gives.
pub async fn number(db: &Db, sql: &'static str) -> i64 {
    db.read::<_, StoreError, _>(move |tx| {
        Box::pin(async move {
            Ok(match tx {
                Tx::Lite(c) => sqlx::query_scalar(sql).fetch_one(&mut **c).await.unwrap(),
                Tx::Pg(c) => sqlx::query_scalar(sql).fetch_one(&mut **c).await.unwrap(),
            })
        })
    })
    .await
    .unwrap()
}

/// Chance that can be repeated: xorshift64*.
#[derive(Clone)]
pub struct Chance(u64);

impl Chance {
    /// A seed from the clock, printed; `FOREBAY_TEST_SEED` repeats one.
    pub fn new(what: &str) -> Self {
        let given = std::env::var("FOREBAY_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| uuid::Uuid::new_v4().as_u64_pair().0 | 1);
        println!("{what}: FOREBAY_TEST_SEED={seed}");
        Chance(seed)
    }

    pub fn fork(&mut self) -> Self {
        Chance(self.next() | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        (self.next() >> 11) % limit
    }
}
