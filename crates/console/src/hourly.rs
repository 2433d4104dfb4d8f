//! What happened by the hour: of one webhook, and of a project.

use axum::Json;
use serde::{Deserialize, Serialize};
use store::view::count::Count;
use utoipa::{IntoParams, ToSchema};

use crate::body::Parameters;
use crate::call::Call;
use crate::problem::Problem;
use crate::{clock, page};

const HOUR: i64 = store::count::HOUR;
/// The longest span: a month.
const MOST_HOURS: i64 = 31 * 24;

/// What happened in an hour.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Hour {
    /// Its beginning.
    hour: String,
    /// Events that the runner took up.
    accepted: i64,
    /// Instances that were started.
    started: i64,
    /// Failed triggers of the stages *match* and *start*.
    failed: i64,
    /// Requests with the right key that were refused, but for those while it was deactivated.
    refused: i64,
    /// Events that repeat an earlier one.
    duplicate: i64,
    /// Requests without the right key.
    wrong_key: i64,
    /// Requests with the right key while it was deactivated.
    deactivated: i64,
}

/// Hours and their sums.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HourlyCounts {
    /// Every hour of the span, the oldest first; `hour` is its beginning.
    hours: Vec<Hour>,
    /// The sums; `hour` is the beginning of the first.
    total: Hour,
}

/// Which hours.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HoursQuery {
    /// From the hour of this time (RFC 3339); left out: 24 hours.
    #[param(format = DateTime)]
    from: Option<String>,
    /// To the hour of this time, which is included; left out: now. At most 31 days after `from`.
    #[param(format = DateTime)]
    to: Option<String>,
}

/// A span of whole hours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hours {
    first: i64,
    count: i64,
}

impl Hours {
    /// The running hour and the 23 before it.
    pub(crate) fn last_day(now: i64) -> Self {
        Hours { first: store::count::hour_of(now) - 23 * HOUR, count: 24 }
    }

    /// From the first hour to the one after the last.
    pub(crate) fn span(self) -> (i64, i64) {
        (self.first, self.first + self.count * HOUR)
    }

    fn of(query: &HoursQuery) -> Result<Self, Problem> {
        let asked = page::span(query.from.as_deref(), query.to.as_deref())?;
        let last = store::count::hour_of(asked.to.unwrap_or_else(clock::now));
        let first = store::count::hour_of(asked.from.unwrap_or(last - 23 * HOUR));
        let count = (last - first) / HOUR + 1;
        if count < 1 {
            return Err(Problem::field("to", "range", "must not be before from"));
        }
        if count > MOST_HOURS {
            return Err(Problem::field("from", "range", "must be at most 31 days before to"));
        }
        Ok(Hours { first, count })
    }
}

/// Every hour of the span, those without counts as 0.
pub(crate) fn filled(hours: Hours, counts: &[Count]) -> Vec<Hour> {
    let empty =
        (0..hours.count).map(|n| Hour { hour: clock::show(hours.first + n * HOUR), ..Hour::default() });
    let mut filled: Vec<Hour> = empty.collect();
    for count in counts {
        let at = usize::try_from((count.hour - hours.first) / HOUR).ok();
        if let Some(hour) = at.and_then(|at| filled.get_mut(at)) {
            add(hour, count);
        }
    }
    filled
}

fn add(hour: &mut Hour, count: &Count) {
    let counter = match count.counter.as_str() {
        "accepted" => &mut hour.accepted,
        "started" => &mut hour.started,
        "failed" => &mut hour.failed,
        "refused" => &mut hour.refused,
        "duplicate" => &mut hour.duplicate,
        "wrong-key" => &mut hour.wrong_key,
        "deactivated" => &mut hour.deactivated,
        _ => return,
    };
    *counter += count.value;
}

fn shown(hours: Hours, counts: &[Count]) -> Json<HourlyCounts> {
    let mut total = Hour { hour: clock::show(hours.first), ..Hour::default() };
    counts.iter().for_each(|count| add(&mut total, count));
    Json(HourlyCounts { hours: filled(hours, counts), total })
}

/// What happened in the project by the hour: all its webhooks together.
#[utoipa::path(get, path = "/projects/{projectId}/hourly-counts", operation_id = "listHours", tag = "Runtime",
    params(HoursQuery), responses((status = 200, body = HourlyCounts)))]
pub(crate) async fn of_project(
    call: Call,
    Parameters(query): Parameters<HoursQuery>,
) -> Result<Json<HourlyCounts>, Problem> {
    let (scope, hours) = (call.scope, Hours::of(&query)?);
    let counts = call.console.db.read(move |tx| {
        Box::pin(
            async move { Ok::<_, Problem>(store::view::count::of_project(tx, &scope, hours.span()).await?) },
        )
    });
    Ok(shown(hours, &counts.await?))
}

/// What happened at a webhook by the hour.
#[utoipa::path(get, path = "/projects/{projectId}/triggers/{triggerId}/hourly-counts", operation_id = "listHoursOfTrigger",
    tag = "Triggers", params(HoursQuery), responses((status = 200, body = HourlyCounts)))]
pub(crate) async fn of_trigger(
    call: Call,
    Parameters(query): Parameters<HoursQuery>,
) -> Result<Json<HourlyCounts>, Problem> {
    let (scope, id, hours) = (call.scope, call.id("triggerId")?, Hours::of(&query)?);
    let counts = call.console.db.read(move |tx| {
        Box::pin(async move {
            let trigger = store::trigger::read(tx, &scope, id).await?;
            let source = trigger.data_source_id.as_str();
            Ok::<_, Problem>(store::view::count::of_data_source(tx, &scope, source, hours.span()).await?)
        })
    });
    Ok(shown(hours, &counts.await?))
}
