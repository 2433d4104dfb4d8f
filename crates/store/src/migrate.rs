//! Brings the tables up to this program's version. Each migration runs in a transaction; a stop
//! half-way leaves the old version, and the next start finishes.

use sqlx::{PgPool, SqlitePool};

use crate::{Result, StoreError, byte_order};

static SQLITE: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations/postgres");

pub(crate) async fn sqlite(pool: &SqlitePool) -> Result<()> {
    SQLITE.run(pool).await.map_err(|e| failed(&e))
}

/// Of several processes that start at once one migrates; the others wait (the migrator's advisory lock).
pub(crate) async fn postgres(pool: &PgPool) -> Result<()> {
    POSTGRES.run(pool).await.map_err(|e| failed(&e))?;
    byte_order::ensure(pool).await
}

fn failed(e: &sqlx::migrate::MigrateError) -> StoreError {
    StoreError::Unusable(format!("the migration failed: {e}"))
}
