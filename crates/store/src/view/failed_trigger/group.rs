//! Failed triggers by their cause: how many, since when, and one of them.

use std::collections::BTreeMap;

use super::{FailedTrigger, Filter, of_ids};
use crate::row_group::List;
use crate::view::fetch_built;
use crate::view::lane::{self, Lane, Range, push_any_of};
use crate::{Page, Result, Scope, Tx};

/// Failed triggers that are alike in stage, cause, process definition and data source.
#[derive(Clone, Debug)]
pub struct Group {
    /// How many wait for somebody.
    pub open: i64,
    /// How many are being retried one by one.
    pub retrying: i64,
    /// How many a retry has started.
    pub retried: i64,
    /// The id of the oldest.
    pub oldest_id: String,
    /// The newest, for its texts.
    pub newest: FailedTrigger,
}

impl Group {
    /// What counts failed triggers in this status.
    fn counter(&mut self, status: &str) -> &mut i64 {
        match status {
            "open" => &mut self.open,
            "retrying" => &mut self.retrying,
            _ => &mut self.retried,
        }
    }
}

/// No limit.
const EVERY: i64 = i64::MAX - 1;

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    total: i64,
    first_id: String,
    last_id: String,
    status: String,
    stage: String,
    cause_code: String,
    process_definition_id: String,
    data_source_id: String,
    newest: Option<String>,
    oldest: Option<String>,
}

/// What the rows of a group have in common beside their status.
type Key = (String, String, String, String);

/// A group before its newest row is read.
#[derive(Default)]
struct Found {
    newest: String,
    oldest: String,
    rows: Vec<Row>,
}

/// The groups of what a filter means: those that had a new row last come first. Counts are kept as rows come and go, so
/// this costs the same however many there are. The failed triggers of one event are few: they are found by it.
pub async fn groups(
    tx: &mut Tx,
    scope: &Scope,
    filter: &Filter,
    cursor: Option<&str>,
    limit: usize,
) -> Result<Page<Group>> {
    if filter.event.is_some() {
        let mut found = together(super::list(tx, scope, filter, None, EVERY).await?);
        found.retain(|group| cursor.is_none_or(|cursor| group.newest.id.as_str() < cursor));
        return Ok(Page::cut(found, limit, |group| group.newest.id.clone()));
    }
    let range = Range::of(&filter.span, None);
    let mut found: Vec<Found> = by_key(rows(tx, scope, filter, &range).await?)
        .into_values()
        .filter(|found| cursor.is_none_or(|cursor| found.newest.as_str() < cursor))
        .collect();
    found.sort_by(|a, b| b.newest.cmp(&a.newest));
    let page = Page::cut(found, limit, |found| found.newest.clone());
    let ids: Vec<String> = page.items.iter().map(|found| found.newest.clone()).collect();
    let mut newest = of_ids(tx, scope, &ids, i64::try_from(limit).unwrap_or(i64::MAX)).await?.into_iter();
    let mut items = Vec::with_capacity(page.items.len());
    for found in page.items {
        // both from new to old, and every id has its row in this snapshot
        let Some(newest) = newest.next() else { break };
        items.push(group(tx, &range, found, newest).await?);
    }
    Ok(Page { items, next: page.next })
}

/// Groups what is listed from new to old.
fn together(listed: Vec<FailedTrigger>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for one in listed {
        let at = groups.iter().position(|group| is_alike(&group.newest, &one)).unwrap_or(groups.len());
        let (status, id) = (one.status.clone(), one.id.clone());
        if at == groups.len() {
            groups.push(Group { open: 0, retrying: 0, retried: 0, oldest_id: String::new(), newest: one });
        }
        groups[at].oldest_id = id;
        *groups[at].counter(&status) += 1;
    }
    groups
}

fn is_alike(one: &FailedTrigger, other: &FailedTrigger) -> bool {
    (&one.stage, &one.cause_code) == (&other.stage, &other.cause_code)
        && one.process_definition_id == other.process_definition_id
        && one.data_source_id == other.data_source_id
}

async fn rows(tx: &mut Tx, scope: &Scope, filter: &Filter, range: &Range) -> Result<Vec<Row>> {
    let any_of = filter.any_of();
    let head = "SELECT g.id, g.total, g.first_id, g.last_id, g.status, g.stage, g.cause_code, g.process_definition_id, \
                g.data_source_id, (SELECT max(f.id) FROM failed_trigger f WHERE f.group_id = g.id AND f.id >= ";
    fetch_built!(tx, Row, head, |q| {
        q.push_bind(range.first.clone()).push(" AND f.id < ").push_bind(range.before.clone());
        q.push(") AS newest, (SELECT min(f.id) FROM failed_trigger f WHERE f.group_id = g.id AND f.id >= ");
        q.push_bind(range.first.clone()).push(" AND f.id < ").push_bind(range.before.clone());
        q.push(") AS oldest FROM row_group g WHERE g.total > 0 AND g.project_id = ");
        q.push_bind(scope.project_text()).push(" AND g.list = ").push_bind(List::FailedTriggers.as_str());
        push_any_of!(q, "g", &any_of);
    })
}

/// The rows that only differ in their status, together. Those without a failed trigger in the range are left out.
fn by_key(rows: Vec<Row>) -> BTreeMap<Key, Found> {
    let mut groups: BTreeMap<Key, Found> = BTreeMap::new();
    for row in rows {
        let (Some(newest), Some(oldest)) = (&row.newest, &row.oldest) else { continue };
        let key = (
            row.stage.clone(),
            row.cause_code.clone(),
            row.process_definition_id.clone(),
            row.data_source_id.clone(),
        );
        let found = groups.entry(key).or_default();
        if *newest > found.newest {
            found.newest.clone_from(newest);
        }
        if found.oldest.is_empty() || *oldest < found.oldest {
            found.oldest.clone_from(oldest);
        }
        found.rows.push(row);
    }
    groups
}

/// One group, counted in a range.
async fn group(tx: &mut Tx, range: &Range, found: Found, newest: FailedTrigger) -> Result<Group> {
    let mut group = Group { open: 0, retrying: 0, retried: 0, oldest_id: found.oldest, newest };
    for row in found.rows {
        let status = row.status;
        let lane = Lane { id: row.id, total: row.total, first_id: row.first_id, last_id: row.last_id };
        let count = lane::count(tx, List::FailedTriggers, &[lane], range).await?;
        *group.counter(&status) += count;
    }
    Ok(group)
}
