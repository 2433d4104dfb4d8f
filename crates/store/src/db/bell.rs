//! Words from process to process through PostgreSQL's LISTEN and NOTIFY. They only save time: a word can be lost with a
//! connection, so whoever listens also looks now and then, and looks anew whenever it was cut off.

use sqlx::postgres::PgListener;

use super::postgres::{self, PgOptions};
use super::{Db, Tx};
use crate::{Result, StoreError};

const CHANNEL: &str = "forebay";

/// What processes tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// What gateways judge by has changed.
    Registry,
    /// A command or an operation was queued.
    Commands,
}

impl Word {
    fn as_str(self) -> &'static str {
        match self {
            Word::Registry => "registry",
            Word::Commands => "commands",
        }
    }

    fn parse(text: &str) -> Option<Word> {
        [Word::Registry, Word::Commands].into_iter().find(|word| word.as_str() == text)
    }
}

/// A connection that listens.
pub struct Bell(PgListener);

impl Bell {
    /// Begins to listen, on a connection of its own.
    pub async fn listen(options: &PgOptions) -> Result<Bell> {
        let pool = postgres::single(options).await?;
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(Bell(listener))
    }

    /// The next word; `None` when the connection was lost and words may have been missed: look at everything. Words of a
    /// later version are passed over.
    pub async fn heard(&mut self) -> Result<Option<Word>> {
        loop {
            match self.0.try_recv().await? {
                None => return Ok(None),
                Some(notification) => {
                    if let Some(word) = Word::parse(notification.payload()) {
                        return Ok(Some(word));
                    }
                }
            }
        }
    }
}

impl Db {
    /// Tells a word to everybody who listens, this process too. In a file nobody else is there to hear it.
    pub async fn ring(&self, word: Word) -> Result<()> {
        if matches!(self, Db::Lite(_)) {
            return Ok(());
        }
        self.write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                if let Tx::Pg(session) = tx {
                    let notify = sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(word.as_str());
                    notify.execute(&mut **session).await?;
                }
                Ok(())
            })
        })
        .await
    }
}
