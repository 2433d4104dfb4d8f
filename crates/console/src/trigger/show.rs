//! From rows to what the API shows.

use std::collections::BTreeMap;

use store::{Scope, Tx};

use super::{ApiKeySummary, Hour, Location, Trigger};
use crate::clock;
use crate::problem::Problem;

const HOUR: i64 = 3_600_000;

/// Where all triggers of a project come from.
pub(super) async fn location(tx: &mut Tx, scope: &Scope) -> Result<Location, Problem> {
    Ok(Location {
        project: store::project::read(tx, scope).await?.name,
        branch: store::policy::read(tx, scope).await?.branch_name,
    })
}

/// A trigger with its keys and counts.
pub(super) async fn trigger(
    tx: &mut Tx,
    scope: &Scope,
    location: &Location,
    row: store::trigger::Trigger,
) -> Result<Trigger, Problem> {
    let keys = store::trigger::key_summaries(tx, scope, &row.id).await?;
    let since = clock::now() / HOUR * HOUR - 23 * HOUR;
    let counts = store::view::count::since(tx, scope, &row.data_source_id, since).await?;
    Ok(Trigger {
        id: row.id,
        data_source_id: row.data_source_id,
        name: row.name.unwrap_or_default(),
        r#type: "Webhook",
        state: row.state,
        linked: row.linked != 0,
        location: location.clone(),
        rate_limit: row.rate_limit,
        refused_since_deactivated: row.refused_since_deactivated,
        state_changed_at: clock::show(row.state_changed_at),
        created_at: clock::show(row.created_at),
        keys: keys
            .into_iter()
            .map(|key| ApiKeySummary {
                created_at: clock::show(key.created_at),
                valid_until: clock::show_some(key.valid_until),
                last_used_at: clock::show_some(key.last_used_at),
            })
            .collect(),
        hours: hours(counts),
    })
}

fn hours(counts: Vec<store::view::count::Count>) -> Vec<Hour> {
    let mut hours: BTreeMap<i64, Hour> = BTreeMap::new();
    for count in counts {
        let hour = hours.entry(count.hour).or_insert_with(|| Hour {
            hour: clock::show(count.hour),
            accepted: 0,
            started: 0,
            failed: 0,
            refused: 0,
            duplicate: 0,
        });
        match count.counter.as_str() {
            "accepted" => hour.accepted = count.value,
            "started" => hour.started = count.value,
            "failed" => hour.failed = count.value,
            "refused" => hour.refused = count.value,
            "duplicate" => hour.duplicate = count.value,
            _ => {}
        }
    }
    hours.into_values().collect()
}
