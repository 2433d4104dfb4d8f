//! PostgreSQL compares text by the database's collation, which is often that of a language: there `~` comes before `0`, and
//! what is meant by "ids before this one" is something else than on SQLite. Columns whose order is not that of the bytes get it,
//! at a start after their tables were made. Comparing bytes is also what costs an index least.

use sqlx::PgPool;

use crate::{Result, StoreError};

/// One transaction, one process at a time. A column that has the order already is not touched: an index is built anew where a
/// column changes.
const TEXT: &str = "
DO $$
DECLARE
    made record;
BEGIN
    PERFORM pg_advisory_xact_lock(1178750024, hashtext(current_schema()));
    IF EXISTS (SELECT FROM pg_database d WHERE datname = current_database() AND datcollate IN ('C', 'POSIX')
               AND coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') = 'c') THEN
        RETURN;
    END IF;
    FOR made IN
        SELECT c.oid::regclass AS name,
               string_agg(format('ALTER COLUMN %I TYPE TEXT COLLATE \"C\"', a.attname), ', ') AS changes
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname <> '_sqlx_migrations'
          AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'text'::regtype
          AND a.attcollation = 'pg_catalog.\"default\"'::regcollation
        GROUP BY c.oid ORDER BY c.oid
    LOOP
        EXECUTE format('ALTER TABLE %s %s', made.name, made.changes);
    END LOOP;
END $$";

/// Gives every text column the order of its bytes.
pub(crate) async fn ensure(pool: &PgPool) -> Result<()> {
    let done = sqlx::raw_sql(TEXT).execute(pool).await;
    done.map(drop).map_err(|e| StoreError::Unusable(format!("text could not be ordered by its bytes: {e}")))
}
