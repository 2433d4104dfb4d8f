//! Failed triggers by their cause.

use axum::Json;
use serde::Serialize;
use store::Page;
use utoipa::ToSchema;
use uuid::Uuid;

use super::FailedTrigger;
use super::list::FailedTriggerQuery;
use crate::body::Parameters;
use crate::call::Call;
use crate::clock;
use crate::page::{List, Paging};
use crate::problem::Problem;

/// Failed triggers that are alike in stage, cause, process definition and data source.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FailedTriggerGroup {
    stage: String,
    cause_code: String,
    /// `null` where no process was reached.
    #[schema(required)]
    process_definition_id: Option<String>,
    #[schema(required)]
    process_name: Option<String>,
    data_source_id: String,
    #[schema(required)]
    data_source_name: Option<String>,
    /// How many wait for somebody.
    open: i64,
    /// How many are just being retried one by one.
    retrying: i64,
    /// How many a retry has started.
    retried: i64,
    /// When the oldest was made.
    oldest_at: String,
    /// When the newest was made.
    newest_at: String,
    /// The newest, with its cause for people.
    example: FailedTrigger,
}

/// Failed triggers grouped by stage, cause, process and data source, with counts; those with the newest come first.
/// The fields of a group are a filter for `…/failed-triggers/retry` and `…/dismiss`.
#[utoipa::path(get, path = "/projects/{projectId}/failed-triggers/groups", operation_id = "listFailedTriggerGroups", tag = "Runtime",
    params(FailedTriggerQuery), responses((status = 200, body = List<FailedTriggerGroup>)))]
pub(crate) async fn groups(
    call: Call,
    Parameters(query): Parameters<FailedTriggerQuery>,
) -> Result<Json<List<FailedTriggerGroup>>, Problem> {
    let paging = Paging::of(query.limit(), query.cursor())?;
    let filter = query.filter()?;
    let (scope, limit) = (call.scope, paging.limit as usize);
    let Page { items, next } = call
        .console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let cursor = paging.after.as_deref();
                Ok::<_, Problem>(
                    store::view::failed_trigger::groups(tx, &scope, &filter, cursor, limit).await?,
                )
            })
        })
        .await?;
    let newest = items.iter().map(|group| group.newest.clone()).collect();
    let examples = FailedTrigger::all(&call, newest).await?;
    let items =
        items.into_iter().zip(examples).map(|(group, example)| FailedTriggerGroup::of(group, example));
    Ok(Json(List::of(Page { items: items.collect(), next })))
}

impl FailedTriggerGroup {
    fn of(group: store::view::failed_trigger::Group, example: FailedTrigger) -> Self {
        let newest = group.newest;
        FailedTriggerGroup {
            stage: newest.stage.clone(),
            cause_code: newest.cause_code.clone(),
            process_definition_id: newest.process_definition_id.clone(),
            process_name: newest.process_name.clone(),
            data_source_id: newest.data_source_id.clone(),
            data_source_name: newest.data_source_name.clone(),
            open: group.open,
            retrying: group.retrying,
            retried: group.retried,
            oldest_at: clock::show(made(&group.oldest_id).unwrap_or(newest.created_at)),
            newest_at: clock::show(made(&newest.id).unwrap_or(newest.created_at)),
            example,
        }
    }
}

/// The time in an id of version 7.
fn made(id: &str) -> Option<i64> {
    let (seconds, nanos) = Uuid::parse_str(id).ok()?.get_timestamp()?.to_unix();
    i64::try_from(seconds.checked_mul(1_000)?.checked_add(u64::from(nanos) / 1_000_000)?).ok()
}
