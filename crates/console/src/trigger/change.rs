//! Settings of a trigger that do not belong to a commit.

use serde::{Deserialize, Deserializer};
use serde_json::json;
use utoipa::ToSchema;

use super::{Tagged, Trigger, tagged};
use crate::body::Body;
use crate::call::Call;
use crate::etag::IfMatch;
use crate::problem::Problem;

const MAX_RATE: i64 = 1_000_000;

/// What to change of a trigger; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TriggerChange {
    /// Requests a second, 1 to 1,000,000, above which senders get 429; `null` for no limit.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 1_000_000)]
    rate_limit: Option<Option<i64>>,
}

/// Tells a `null` from a field that is left out.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<i64>>, D::Error> {
    Option::<i64>::deserialize(deserializer).map(Some)
}

/// Sets a trigger's rate limit.
#[utoipa::path(patch, path = "/projects/{projectId}/triggers/{triggerId}", operation_id = "changeTrigger", tag = "Triggers",
    request_body = TriggerChange, responses((status = 200, body = Trigger)))]
pub(crate) async fn change(
    call: Call,
    if_match: IfMatch,
    Body(new): Body<TriggerChange>,
) -> Result<Tagged, Problem> {
    if new.rate_limit.flatten().is_some_and(|limit| !(1..=MAX_RATE).contains(&limit)) {
        return Err(Problem::field("rateLimit", "range", "must be 1 to 1000000 requests a second, or null"));
    }
    let (act, id) = (call.act(), call.id("triggerId")?);
    let shown = call
        .console
        .db
        .write(move |tx| {
            Box::pin(async move {
                store::project::lock(tx, &act.scope).await?;
                let old = store::trigger::read(tx, &act.scope, id).await?;
                if_match.permits(&old.revision.to_string())?;
                if let Some(limit) = new.rate_limit.filter(|limit| *limit != old.rate_limit) {
                    store::trigger::set_rate_limit(tx, &act.scope, id, limit).await?;
                    let detail = json!({ "name": old.name, "rateLimit": limit });
                    act.audit(tx, "trigger.change", &old.id, detail).await?;
                }
                tagged(tx, &act.scope, id).await
            })
        })
        .await?;
    call.console.hooks.registry_changed().await?;
    Ok(shown)
}
