//! Groups of rows that are alike in everything that their list can be filtered by, with how many there are.
//!
//! A row names its group, and the index on (group, id) keeps the rows of a group in the order of their ids: any
//! filter, and any pair of filters, comes to a set of groups, and a page of the list is merged from their newest
//! rows however many others there are (`view::lane`). One narrow index replaces one for each filter.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::query::{execute, fetch_optional};
use crate::{Result, StoreError, Tx};

/// A list whose rows are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    /// Process instances.
    Instances,
    /// Failed triggers.
    FailedTriggers,
    /// Open incidents.
    Incidents,
}

impl List {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            List::Instances => "instance",
            List::FailedTriggers => "failed-trigger",
            List::Incidents => "incident",
        }
    }
}

/// What the rows of a group have in common; empty where a row has no such thing.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Facets<'a> {
    pub(crate) project: &'a str,
    pub(crate) status: &'a str,
    pub(crate) process_definition: &'a str,
    pub(crate) version: &'a str,
    pub(crate) commit: &'a str,
    pub(crate) data_source: &'a str,
    pub(crate) stage: &'a str,
    pub(crate) cause: &'a str,
}

/// The group of these rows, made if there is none. Its row is not locked: many transactions add to one group.
pub(crate) async fn ensure(tx: &mut Tx, list: List, facets: &Facets<'_>) -> Result<i64> {
    for _ in 0..3 {
        let found = fetch_optional!(
            tx,
            (i64,),
            "SELECT id FROM row_group WHERE project_id = $1 AND list = $2 AND status = $3 AND process_definition_id = $4 \
             AND resource_version_id = $5 AND commit_id = $6 AND data_source_id = $7 AND stage = $8 AND cause_code = $9",
            facets.project,
            list.as_str(),
            facets.status,
            facets.process_definition,
            facets.version,
            facets.commit,
            facets.data_source,
            facets.stage,
            facets.cause,
        )?;
        if let Some((id,)) = found {
            return Ok(id);
        }
        // by chance: a number that counts up would be one row that all writers wait for
        let id = i64::try_from(Uuid::new_v4().as_u64_pair().0 >> 1).unwrap_or(1);
        execute!(
            tx,
            "INSERT INTO row_group (id, project_id, list, status, process_definition_id, resource_version_id, commit_id, \
             data_source_id, stage, cause_code, total, first_id, last_id) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '', '') ON CONFLICT DO NOTHING",
            id,
            facets.project,
            list.as_str(),
            facets.status,
            facets.process_definition,
            facets.version,
            facets.commit,
            facets.data_source,
            facets.stage,
            facets.cause,
        )?;
    }
    Err(StoreError::Corrupt("a group of rows can neither be found nor made".to_owned()))
}

/// Rows that came to groups and left them, to be counted at the end of the transaction.
#[derive(Debug, Default)]
#[must_use = "the groups' totals are wrong until it is stored"]
pub struct Tally(BTreeMap<i64, Change>);

#[derive(Debug, Default)]
struct Change {
    by: i64,
    /// The least and the greatest id that came.
    ids: Option<(String, String)>,
}

impl Tally {
    /// A row came to a group.
    pub(crate) fn add(&mut self, group: i64, id: &str) {
        let change = self.0.entry(group).or_default();
        change.by += 1;
        match &mut change.ids {
            Some((least, _)) if id < least.as_str() => id.clone_into(least),
            Some((_, greatest)) if id > greatest.as_str() => id.clone_into(greatest),
            Some(_) => {}
            empty => *empty = Some((id.to_owned(), id.to_owned())),
        }
    }

    /// A row left a group.
    pub(crate) fn remove(&mut self, group: i64) {
        self.0.entry(group).or_default().by -= 1;
    }

    /// Writes it into the groups, in the order of their numbers (two transactions would block each other in
    /// different orders). Late in the transaction: from here on others that count the same groups wait.
    pub async fn store(self, tx: &mut Tx) -> Result<()> {
        for (group, change) in self.0 {
            let (least, greatest) = change.ids.unwrap_or_default();
            let touched = execute!(
                tx,
                "UPDATE row_group SET total = total + $1, \
                 first_id = CASE WHEN $2 <> '' AND (first_id = '' OR $2 < first_id) THEN $2 ELSE first_id END, \
                 last_id = CASE WHEN $3 > last_id THEN $3 ELSE last_id END WHERE id = $4",
                change.by,
                least.as_str(),
                greatest.as_str(),
                group,
            )?;
            // an empty group was removed between our look and now: the same again finds or makes it
            if touched == 0 && change.by > 0 {
                return Err(StoreError::Unusable(format!("the group {group} was removed meanwhile")));
            }
        }
        Ok(())
    }
}
