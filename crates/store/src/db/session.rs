//! A transaction on PostgreSQL whose connection is worth nothing once it is dropped half-way.

use std::ops::{Deref, DerefMut};

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, Postgres};

use crate::Result;
use crate::feed::Noted;

/// An open transaction. One that is dropped before its end closes its connection instead of giving it back: nobody knows
/// what the server still does for it (the driver's own transaction would give it back open, sqlx #4385, and would wait
/// for a server that never answers).
#[derive(Debug)]
pub struct Session {
    connection: PoolConnection<Postgres>,
    ended: bool,
    noted: Noted,
}

impl Session {
    pub(super) async fn begin(pool: &PgPool, how: &'static str) -> Result<Session> {
        let connection = pool.acquire().await?;
        let mut session = Session { connection, ended: false, noted: Noted::default() };
        sqlx::raw_sql(how).execute(&mut *session.connection).await?;
        Ok(session)
    }

    pub(super) async fn commit(self) -> Result<()> {
        self.end("COMMIT").await
    }

    pub(super) async fn rollback(self) -> Result<()> {
        self.end("ROLLBACK").await
    }

    async fn end(mut self, how: &'static str) -> Result<()> {
        sqlx::raw_sql(how).execute(&mut *self.connection).await?;
        self.ended = true;
        Ok(())
    }

    pub(super) fn noted(&mut self) -> &mut Noted {
        &mut self.noted
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if !self.ended {
            self.connection.close_on_drop();
        }
    }
}

impl Deref for Session {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for Session {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}
