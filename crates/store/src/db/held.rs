//! A transaction on SQLite, with what its commit will tell the feeds.

use std::ops::{Deref, DerefMut};

use sqlx::{Sqlite, SqliteConnection, Transaction};

use crate::feed::Noted;

/// A transaction of the driver. It stands for its connection.
#[derive(Debug)]
pub struct Held {
    inner: Transaction<'static, Sqlite>,
    noted: Noted,
}

impl Held {
    pub(super) fn noted(&mut self) -> &mut Noted {
        &mut self.noted
    }

    pub(super) fn into_inner(self) -> Transaction<'static, Sqlite> {
        self.inner
    }
}

impl From<Transaction<'static, Sqlite>> for Held {
    fn from(inner: Transaction<'static, Sqlite>) -> Self {
        Held { inner, noted: Noted::default() }
    }
}

impl Deref for Held {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.inner
    }
}

impl DerefMut for Held {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.inner
    }
}
