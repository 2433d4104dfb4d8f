//! A transaction of the driver, with what its commit will tell the feeds.

use std::ops::{Deref, DerefMut};

use sqlx::{Database, Transaction};

use crate::feed::Noted;

/// A transaction of one driver. It stands for its connection.
#[derive(Debug)]
pub struct Held<D: Database> {
    inner: Transaction<'static, D>,
    noted: Noted,
}

impl<D: Database> Held<D> {
    pub(super) fn noted(&mut self) -> &mut Noted {
        &mut self.noted
    }

    pub(super) fn into_inner(self) -> Transaction<'static, D> {
        self.inner
    }
}

impl<D: Database> From<Transaction<'static, D>> for Held<D> {
    fn from(inner: Transaction<'static, D>) -> Self {
        Held { inner, noted: Noted::default() }
    }
}

impl<D: Database> Deref for Held<D> {
    type Target = D::Connection;

    fn deref(&self) -> &D::Connection {
        &self.inner
    }
}

impl<D: Database> DerefMut for Held<D> {
    fn deref_mut(&mut self) -> &mut D::Connection {
        &mut self.inner
    }
}
