//! The running Forebays on one database.

use axum::Json;
use serde::Serialize;
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
    /// In the order of their starts. Empty where one process does everything on a store of its own.
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
    /// Where it listens, or the public URL.
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
    let (revision, rows) = read.await?;
    let now = clock::now();
    let live = rows.iter().filter(|row| row.is_gateway() && row.is_live(now));
    let (gateways, current_gateways) = live.fold((0, 0), |(all, current), row| {
        (all + 1, current + usize::from(row.registry_revision >= revision))
    });
    let items = rows.into_iter().map(|row| RunningServer {
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
    });
    Ok(Json(Servers { gateways, current_gateways, items: items.collect() }))
}
