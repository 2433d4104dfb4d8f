//! The running Forebays on one database.

use axum::Json;
use serde::Serialize;
use store::server::Server;
use utoipa::ToSchema;

use crate::call::Site;
use crate::clock;
use crate::problem::Problem;

/// The running servers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Servers {
    /// How many live servers accept webhooks.
    gateways: usize,
    /// How many of them judge by the newest triggers, keys and states.
    current_gateways: usize,
    /// Accepted events that no runner has started yet; `null` while no runner is alive to measure it.
    #[schema(required)]
    waiting: Option<i64>,
    /// The age of the oldest of them in milliseconds, 0 if there is none.
    #[schema(required)]
    oldest_waiting_ms: Option<i64>,
    /// Instances that all runners together start a second, over the last second or two.
    started_per_second: i64,
    /// In the order of their starts.
    items: Vec<RunningServer>,
}

/// A running server: one process.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RunningServer {
    id: String,
    /// `gateway`, `runner`, `console`.
    roles: Vec<String>,
    /// The name of its machine.
    host: String,
    /// Where it listens.
    address: String,
    version: String,
    started_at: String,
    /// When it was heard of last.
    seen_at: String,
    /// Whether that was just now. One that was not ended without a word, or cannot reach the database.
    live: bool,
    /// Whether its gateway judges by the newest triggers, keys and states; `null` where it accepts no webhooks.
    #[schema(required)]
    current: Option<bool>,
    /// The partitions of the event log that its runner works off.
    partitions: Vec<u32>,
    /// Instances that its runner starts a second.
    started_per_second: i64,
}

/// The servers on this database that were heard of in the last day.
#[utoipa::path(get, path = "/servers", operation_id = "listServers", tag = "Access",
    responses((status = 200, body = Servers)))]
pub(crate) async fn list(site: Site) -> Result<Json<Servers>, Problem> {
    let read = site.console.db.read::<_, Problem, _>(|tx| {
        Box::pin(
            async move { Ok((store::server::registry_revision(tx).await?, store::server::all(tx).await?)) },
        )
    });
    let (revision, mut rows) = read.await?;
    rows.extend(site.console.hooks.own_server());
    let now = clock::now();
    let live = || rows.iter().filter(|row| row.is_live(now));
    let gateways = live().filter(|row| row.is_gateway()).count();
    let current_gateways = live().filter(|row| row.is_gateway() && row.registry_revision >= revision).count();
    // each runner measures the whole log; the one that did so last knows best
    let measured = live().filter(|row| row.is_runner()).max_by_key(|row| row.seen_at);
    let (waiting, oldest_waiting_ms) = measured.map(|row| (row.lag_records, row.oldest_unstarted_ms)).unzip();
    let started_per_second = live().map(|row| row.started_per_second).sum();
    let items = rows.into_iter().map(|row| told(row, revision, now)).collect();
    Ok(Json(Servers { gateways, current_gateways, waiting, oldest_waiting_ms, started_per_second, items }))
}

fn told(row: Server, revision: i64, now: i64) -> RunningServer {
    RunningServer {
        live: row.is_live(now),
        current: row.is_gateway().then_some(row.registry_revision >= revision),
        partitions: row.partitions.split(',').filter_map(|number| number.parse().ok()).collect(),
        roles: row.roles.split(',').map(str::to_owned).collect(),
        id: row.id,
        host: row.host,
        address: row.address,
        version: row.version,
        started_at: clock::show(row.started_at),
        seen_at: clock::show(row.seen_at),
        started_per_second: row.started_per_second,
    }
}
