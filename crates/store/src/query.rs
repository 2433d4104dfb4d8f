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

/// A multi-row `INSERT`: `$head` names the table and its columns, `$tail` is what follows the rows.
///
/// On SQLite `VALUES (…), (…)` in chunks of 100, 30, 10, 3 and 1 rows: fixed sizes keep the number of prepared
/// statements at five for each place, and beyond 100 rows a statement SQLite's `$n` costs more for each row (measured).
/// On PostgreSQL an array for each column (`Columns`). `$rows` is a slice, `|$b, $r|` pushes the cells of one row, of
/// the same kinds for every row; the result holds every `RETURNING` row (`$out` derives `FromRow`).
macro_rules! insert_rows {
    ($tx:expr, $out:ty, $head:expr, $rows:expr, |$b:ident, $r:ident| $push:block, $tail:expr) => {{
        let rows = $rows;
        let mut returned: Vec<$out> = Vec::new();
        let done = match $tx {
            $crate::Tx::Lite(c) => {
                let (mut at, mut done) = (0, Ok(()));
                while at < rows.len() && done.is_ok() {
                    let size = $crate::query::chunk(rows.len() - at);
                    let mut q = sqlx::QueryBuilder::<sqlx::Sqlite>::new($head);
                    q.push_values(rows[at..at + size].iter(), |mut $b, $r| $push);
                    q.push($tail);
                    at += size;
                    let got = q.build_query_as::<$out>().fetch_all(&mut **c).await;
                    done = got.map(|mut some| returned.append(&mut some)).map_err($crate::StoreError::from);
                }
                done
            }
            $crate::Tx::Pg(c) => {
                let (mut columns, mut done) = ($crate::query::Columns::default(), Ok(()));
                for $r in rows.iter() {
                    {
                        let mut $b = columns.row();
                        $push
                    }
                    if columns.is_full() {
                        done = columns.insert(c, ($head, $tail), &mut returned).await;
                    }
                    if done.is_err() {
                        break;
                    }
                }
                match done {
                    Ok(()) => columns.insert(c, ($head, $tail), &mut returned).await,
                    failed => failed,
                }
            }
        };
        done.map(|()| returned)
    }};
}

mod columns;

pub(crate) use columns::Columns;
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
