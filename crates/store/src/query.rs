//! The macros that run one SQL text on both databases.
//!
//! `$tx` is a `&mut Tx`, `$sql` a `&'static str`. Each arm is compiled against its own driver; binds
//! are `i64`, `String`, `&str`, `Vec<u8>`, `&[u8]` and options of them.

/// Every row, as a type that derives `sqlx::FromRow`.
macro_rules! fetch_all {
    ($tx:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $tx {
            $crate::Tx::Lite(c) => sqlx::query_as::<sqlx::Sqlite, $row>($sql)$(.bind($bind))*.fetch_all(&mut **c).await,
            $crate::Tx::Pg(c) => sqlx::query_as::<sqlx::Postgres, $row>($sql)$(.bind($bind))*.fetch_all(&mut **c).await,
        }
        .map_err($crate::StoreError::from)
    };
}

/// The first row or nothing.
macro_rules! fetch_optional {
    ($tx:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $tx {
            $crate::Tx::Lite(c) => sqlx::query_as::<sqlx::Sqlite, $row>($sql)$(.bind($bind))*.fetch_optional(&mut **c).await,
            $crate::Tx::Pg(c) => sqlx::query_as::<sqlx::Postgres, $row>($sql)$(.bind($bind))*.fetch_optional(&mut **c).await,
        }
        .map_err($crate::StoreError::from)
    };
}

/// Runs a statement; the number of rows it touched.
macro_rules! execute {
    ($tx:expr, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $tx {
            $crate::Tx::Lite(c) => sqlx::query::<sqlx::Sqlite>($sql)$(.bind($bind))*.execute(&mut **c).await.map(|r| r.rows_affected()),
            $crate::Tx::Pg(c) => sqlx::query::<sqlx::Postgres>($sql)$(.bind($bind))*.execute(&mut **c).await.map(|r| r.rows_affected()),
        }
        .map_err($crate::StoreError::from)
    };
}

/// A multi-row `INSERT`: `$head VALUES (…), (…) $tail`, in chunks of 100, 30, 10, 3 and 1 rows.
///
/// Fixed chunk sizes keep the number of prepared statements at five for each place; beyond 100 rows a
/// statement SQLite's `$n` costs more for each row (measured). `$rows` is a slice, `|$b, $r|` pushes the
/// binds of one row; the result holds every `RETURNING` row (`$out` derives `FromRow`).
macro_rules! insert_rows {
    ($tx:expr, $out:ty, $head:expr, $rows:expr, |$b:ident, $r:ident| $push:block, $tail:expr) => {{
        let rows = $rows;
        let mut returned: Vec<$out> = Vec::new();
        let mut at = 0;
        let mut failed = None;
        while at < rows.len() {
            let size = $crate::query::chunk(rows.len() - at);
            let chunk = rows[at..at + size].iter();
            at += size;
            let got = match $tx {
                $crate::Tx::Lite(c) => {
                    let mut q = sqlx::QueryBuilder::<sqlx::Sqlite>::new($head);
                    q.push_values(chunk, |mut $b, $r| $push);
                    q.push($tail);
                    q.build_query_as::<$out>().fetch_all(&mut **c).await
                }
                $crate::Tx::Pg(c) => {
                    let mut q = sqlx::QueryBuilder::<sqlx::Postgres>::new($head);
                    q.push_values(chunk, |mut $b, $r| $push);
                    q.push($tail);
                    q.build_query_as::<$out>().fetch_all(&mut **c).await
                }
            };
            match got {
                Ok(mut some) => returned.append(&mut some),
                Err(e) => {
                    failed = Some($crate::StoreError::from(e));
                    break;
                }
            }
        }
        match failed {
            Some(e) => Err(e),
            None => Ok(returned),
        }
    }};
}

#[allow(unused_imports)]
pub(crate) use {execute, fetch_all, fetch_optional, insert_rows};

/// The next chunk of a multi-row insert of `left` rows.
#[allow(dead_code)]
pub(crate) fn chunk(left: usize) -> usize {
    match left {
        100.. => 100,
        30.. => 30,
        10.. => 10,
        3.. => 3,
        _ => 1,
    }
}
