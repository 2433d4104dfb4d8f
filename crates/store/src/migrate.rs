//! Brings the tables up to this program's version. Each migration runs in a transaction; a stop
//! half-way leaves the old version, and the next start finishes.

use crate::{Db, Result, StoreError};

static SQLITE: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations/postgres");

pub(crate) async fn run(db: &Db) -> Result<()> {
    match db {
        Db::Lite(lite) => SQLITE.run(&lite.write).await,
        Db::Pg(pool) => POSTGRES.run(pool).await,
    }
    .map_err(|e| StoreError::Unusable(format!("the migration failed: {e}")))
}
