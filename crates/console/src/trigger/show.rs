//! From rows to what the API shows.

use store::{Scope, Tx};

use super::{ApiKeySummary, Location, Trigger};
use crate::clock;
use crate::hourly::{self, Hours};
use crate::problem::Problem;

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
    let hours = Hours::last_day(clock::now());
    let counts = store::view::count::of_data_source(tx, scope, &row.data_source_id, hours.span()).await?;
    let last = store::view::event::last_time(tx, scope, &row.data_source_id).await?;
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
        last_event_at: clock::show_some(last),
        keys: keys
            .into_iter()
            .map(|key| ApiKeySummary {
                created_at: clock::show(key.created_at),
                valid_until: clock::show_some(key.valid_until),
                last_used_at: clock::show_some(key.last_used_at),
            })
            .collect(),
        hours: hourly::filled(hours, &counts),
    })
}
