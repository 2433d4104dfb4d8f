//! Reading the running side for lists and details, and queueing work on it. What runs is written by the runner.

pub mod command;
pub mod count;
pub mod event;
pub mod failed_trigger;
pub mod incident;
pub mod instance;
pub(crate) mod lane;
pub mod operation;
pub mod request;

/// Every row of a query that is put together at run time: only texts of ours are pushed, values are bound.
macro_rules! fetch_built {
    ($tx:expr, $row:ty, $head:expr, |$q:ident| $push:block) => {
        match $tx {
            $crate::Tx::Lite(c) => {
                let mut $q = sqlx::QueryBuilder::<sqlx::Sqlite>::new($head);
                $push
                $q.build_query_as::<$row>().fetch_all(&mut **c).await
            }
            $crate::Tx::Pg(c) => {
                let mut $q = sqlx::QueryBuilder::<sqlx::Postgres>::new($head);
                $push
                $q.build_query_as::<$row>().fetch_all(&mut **c).await
            }
        }
        .map_err($crate::StoreError::from)
    };
}

pub(crate) use fetch_built;

/// A span of time in milliseconds since the epoch: from (inclusive) to (exclusive).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Not before.
    pub from: Option<i64>,
    /// Before.
    pub to: Option<i64>,
}

impl Span {
    /// The least id of version 7 that can be made at a time: ids sort by time, so a span of time is a span of ids.
    fn least_id(at: i64) -> String {
        let ms = at.clamp(0, 0xFFFF_FFFF_FFFF);
        format!("{:08x}-{:04x}-0000-0000-000000000000", ms >> 16, ms & 0xFFFF)
    }

    /// The least id inside; empty for no bound.
    pub(crate) fn first_id(&self) -> String {
        self.from.map(Self::least_id).unwrap_or_default()
    }

    /// Whether a time is inside.
    pub fn has(&self, at: i64) -> bool {
        self.from.is_none_or(|from| at >= from) && self.to.is_none_or(|to| at < to)
    }

    /// The id that ends a list that goes from new to old and continues before `cursor`.
    pub(crate) fn before_id(&self, cursor: Option<&str>) -> String {
        // above every hexadecimal digit
        let end = self.to.map_or_else(|| "g".to_owned(), Self::least_id);
        match cursor {
            Some(cursor) if cursor < end.as_str() => cursor.to_owned(),
            _ => end,
        }
    }
}
