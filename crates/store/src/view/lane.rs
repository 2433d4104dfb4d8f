//! Pages of lists with filters: the groups that a filter means, and the newest ids of all of them.
//!
//! Each group's rows are one stretch of an index. A page is merged from the stretches' ends; a group whose newest
//! row is older than the page's last is not even looked at. So a page costs about the same wherever it is, whatever
//! the filter is, and where nothing matches.

use std::collections::BTreeSet;

use super::{Span, fetch_built};
use crate::row_group::List;
use crate::{Result, Scope, Tx};

/// Groups whose rows are asked for in one statement.
const AT_ONCE: usize = 24;

/// Which rows: each column is one of its values. Columns are texts of ours.
pub(crate) type AnyOf<'a> = Vec<(&'static str, Vec<&'a str>)>;

/// A group, as far as a page of its rows needs it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Lane {
    pub(crate) id: i64,
    pub(crate) total: i64,
    pub(crate) first_id: String,
    pub(crate) last_id: String,
}

/// Which end of a list a page is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The greatest ids, downward.
    Newest,
    /// The least ids, upward.
    Oldest,
}

/// Ids from (inclusive) to (exclusive).
#[derive(Clone, Debug)]
pub(crate) struct Range {
    pub(crate) first: String,
    pub(crate) before: String,
}

impl Range {
    /// The part of a list from new to old that is left after `cursor`.
    pub(crate) fn of(span: &Span, cursor: Option<&str>) -> Self {
        Range { first: span.first_id(), before: span.before_id(cursor) }
    }

    /// The part above one id, up to another.
    pub(crate) fn between(self, after: &str, up_to: &str) -> Self {
        // the least text above an id is the id with a space
        Range { first: self.first.max(format!("{after} ")), before: self.before.min(format!("{up_to} ")) }
    }

    fn has(&self, lane: &Lane) -> bool {
        lane.last_id.as_str() >= self.first.as_str() && lane.first_id.as_str() < self.before.as_str()
    }

    fn has_all(&self, lane: &Lane) -> bool {
        lane.first_id.as_str() >= self.first.as_str() && lane.last_id.as_str() < self.before.as_str()
    }
}

impl List {
    /// One group's ids, up to its condition.
    fn head(self) -> &'static str {
        match self {
            List::Instances => "SELECT x.id FROM (SELECT id FROM process_instance WHERE ",
            List::FailedTriggers => "SELECT x.id FROM (SELECT id FROM failed_trigger WHERE ",
            List::Incidents => "SELECT x.id FROM (SELECT id FROM incident WHERE ",
        }
    }

    fn count_head(self) -> &'static str {
        match self {
            List::Instances => "SELECT count(*) FROM process_instance WHERE group_id = ",
            List::FailedTriggers => "SELECT count(*) FROM failed_trigger WHERE group_id = ",
            List::Incidents => "SELECT count(*) FROM incident WHERE group_id = ",
        }
    }
}

/// ` AND table.column IN (…)` for each column.
macro_rules! push_any_of {
    ($q:ident, $table:literal, $any_of:expr) => {
        for (column, values) in $any_of {
            $q.push(concat!(" AND ", $table, ".")).push(*column).push(" IN (");
            let mut list = $q.separated(", ");
            for value in values {
                list.push_bind((*value).to_owned());
            }
            $q.push(")");
        }
    };
}

pub(crate) use push_any_of;

/// The groups that hold what a filter asks for.
pub(crate) async fn lanes(tx: &mut Tx, scope: &Scope, list: List, any_of: &AnyOf<'_>) -> Result<Vec<Lane>> {
    let head = "SELECT g.id, g.total, g.first_id, g.last_id FROM row_group g WHERE g.project_id = ";
    fetch_built!(tx, Lane, head, |q| {
        q.push_bind(scope.project_text()).push(" AND g.list = ").push_bind(list.as_str());
        push_any_of!(q, "g", any_of);
    })
}

/// At most `limit` ids of these groups in a range, from one end of it on.
pub(crate) async fn ids(
    tx: &mut Tx,
    (list, mut lanes): (List, Vec<Lane>),
    range: &Range,
    end: End,
    limit: i64,
) -> Result<Vec<String>> {
    lanes.retain(|lane| range.has(lane));
    match end {
        End::Newest => lanes.sort_by(|a, b| b.last_id.cmp(&a.last_id)),
        End::Oldest => lanes.sort_by(|a, b| a.first_id.cmp(&b.first_id)),
    }
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut found: BTreeSet<String> = BTreeSet::new();
    for chunk in lanes.chunks(AT_ONCE) {
        if found.len() >= wanted && chunk.first().is_some_and(|lane| is_beyond(lane, end, &found)) {
            break;
        }
        found.extend(some(tx, list, chunk, range, (end, limit)).await?);
        while found.len() > wanted {
            let _ = if end == End::Newest { found.pop_first() } else { found.pop_last() };
        }
    }
    Ok(if end == End::Newest { found.into_iter().rev().collect() } else { found.into_iter().collect() })
}

/// Whether no row of a group can come before the last of those that were found.
fn is_beyond(lane: &Lane, end: End, found: &BTreeSet<String>) -> bool {
    match end {
        End::Newest => found.first().is_some_and(|last| lane.last_id < *last),
        End::Oldest => found.last().is_some_and(|last| lane.first_id > *last),
    }
}

/// SQLite finds the stretch by equality. PostgreSQL might walk the ids of the whole table instead, from its end, in
/// the hope that the group's rows are near: compared and ordered as pairs only the index on both fits.
async fn some(
    tx: &mut Tx,
    list: List,
    lanes: &[Lane],
    range: &Range,
    (end, limit): (End, i64),
) -> Result<Vec<String>> {
    let pairs = matches!(tx, Tx::Pg(_));
    let order = match (end, pairs) {
        (End::Newest, false) => " ORDER BY id DESC LIMIT ",
        (End::Newest, true) => " ORDER BY group_id DESC, id DESC LIMIT ",
        (End::Oldest, false) => " ORDER BY id LIMIT ",
        (End::Oldest, true) => " ORDER BY group_id, id LIMIT ",
    };
    let rows = fetch_built!(tx, (String,), "", |q| {
        for (at, lane) in lanes.iter().enumerate() {
            q.push(if at == 0 { "" } else { " UNION ALL " }).push(list.head());
            if pairs {
                q.push("(group_id, id) >= (").push_bind(lane.id).push(", ").push_bind(range.first.clone());
                q.push(") AND (group_id, id) < (").push_bind(lane.id).push(", ");
                q.push_bind(range.before.clone()).push(")");
            } else {
                q.push("group_id = ").push_bind(lane.id);
                q.push(" AND id >= ").push_bind(range.first.clone());
                q.push(" AND id < ").push_bind(range.before.clone());
            }
            q.push(order).push_bind(limit).push(") x");
        }
    })?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// How many rows these groups have in a range. Groups that are wholly inside are not counted anew.
pub(crate) async fn count(tx: &mut Tx, list: List, lanes: &[Lane], range: &Range) -> Result<i64> {
    let mut total = 0;
    for lane in lanes.iter().filter(|lane| lane.total > 0 && range.has(lane)) {
        total += if range.has_all(lane) { lane.total } else { count_one(tx, list, lane, range).await? };
    }
    Ok(total)
}

async fn count_one(tx: &mut Tx, list: List, lane: &Lane, range: &Range) -> Result<i64> {
    let rows = fetch_built!(tx, (i64,), list.count_head(), |q| {
        q.push_bind(lane.id).push(" AND id >= ").push_bind(range.first.clone());
        q.push(" AND id < ").push_bind(range.before.clone());
    })?;
    Ok(rows.first().map_or(0, |(count,)| *count))
}

/// ` AND column IN (…)` of a page's ids, filled up to `size` (of a usual page) so that a page has one text whatever
/// it holds.
macro_rules! push_ids {
    ($q:ident, $column:literal, $ids:expr, $size:expr) => {{
        $q.push(concat!(" AND ", $column, " IN ("));
        let mut list = $q.separated(", ");
        let missing = usize::try_from($size).unwrap_or(0).min(256).saturating_sub($ids.len());
        for id in $ids.iter().cloned().chain(std::iter::repeat_n(String::new(), missing)) {
            list.push_bind(id);
        }
        $q.push(")");
    }};
}

pub(crate) use push_ids;
