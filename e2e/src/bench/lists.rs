//! Every list of the API with many rows: each filter alone and each pair, at the beginning, in the middle and at the
//! end. Failed triggers and commits are put into the store's file; instances and events are those that were drained.

use std::io;
use std::path::Path;
use std::time::Instant;

use super::median;
use crate::api::Api;
use crate::store_file;

/// Rows of failed triggers and of commits.
const ROWS: u64 = 100_000;
/// How often each page is read.
const TURNS: usize = 5;

/// What the pages of one list took, in milliseconds, each the middle of some turns.
pub(super) struct ListTimes {
    pub(super) what: &'static str,
    /// Pages that were read.
    pub(super) pages: usize,
    /// The middle of them.
    pub(super) ms: f64,
    /// The slowest.
    pub(super) worst_ms: f64,
    /// Which that was.
    pub(super) worst: String,
}

/// A list, the field of its items that places are made of, and its filters.
type Wanted = (&'static str, &'static str, Vec<(&'static str, String)>);

/// Puts failed triggers and commits into the file of a stopped server.
pub(super) fn fill(data: &Path) -> io::Result<()> {
    store_file::fill_failed_triggers(data, ROWS)?;
    store_file::fill_commits(data, ROWS)
}

/// Reads the pages of all lists.
pub(super) fn measure(api: &Api, project: &str) -> io::Result<Vec<ListTimes>> {
    let base = format!("projects/{project}");
    let first = |path: &str, field: &str| -> io::Result<String> {
        let page = api.get(&format!("{base}/{path}?limit=1"))?;
        Ok(page["items"][0][field].as_str().unwrap_or("00000000-0000-4000-8000-000000000000").to_owned())
    };
    let process = first("process-instances", "processDefinitionId")?;
    let source = first("triggers", "dataSourceId")?;
    let (version, commit) =
        (first("process-instances", "versionId")?, first("process-instances", "commitId")?);
    let none = || "00000000-0000-4000-8000-000000000000".to_owned();
    let span = || "2020-01-01T00:00:00Z".to_owned();
    let mut times = Vec::new();
    let lists: Vec<Wanted> = vec![
        (
            "process-instances",
            "instances",
            vec![
                ("status", "completed".to_owned()),
                ("status", "active,incident,cancelled".to_owned()),
                ("processDefinitionId", process.clone()),
                ("versionId", version),
                ("commitId", commit),
                ("commitId", none()),
                ("dataSourceId", source.clone()),
                ("causeCode", "no-flow".to_owned()),
                ("from", span()),
                ("eventId", first("events", "id")?),
            ],
        ),
        (
            "failed-triggers",
            "failed triggers",
            vec![
                ("status", "open".to_owned()),
                ("status", "retried".to_owned()),
                ("stage", "start".to_owned()),
                ("causeCode", "cause-1".to_owned()),
                ("causeCode", "nothing".to_owned()),
                ("dataSourceId", source.clone()),
                ("processDefinitionId", process),
                ("from", span()),
            ],
        ),
        (
            "failed-triggers/groups",
            "failed triggers by cause",
            vec![
                ("status", "open".to_owned()),
                ("causeCode", "cause-1".to_owned()),
                ("dataSourceId", source.clone()),
            ],
        ),
        (
            "events",
            "events",
            vec![
                ("dataSourceId", source),
                ("dataSourceId", none()),
                ("outcome", "failed".to_owned()),
                ("outcome", "duplicate".to_owned()),
                ("from", span()),
            ],
        ),
        ("incidents", "incidents", vec![("causeCode", "no-flow".to_owned()), ("from", span())]),
        ("operations", "operations", vec![("state", "running".to_owned())]),
        ("branches/main/commits", "commits", Vec::new()),
        ("process-instances/counts", "instances by state", Vec::new()),
    ];
    for (path, what, filters) in lists {
        times.push(one(api, &format!("{base}/{path}"), what, &filters)?);
    }
    Ok(times)
}

/// The pages of one list.
fn one(api: &Api, path: &str, what: &'static str, filters: &[(&str, String)]) -> io::Result<ListTimes> {
    let cursors = cursors(api, path)?;
    let mut found: Vec<(f64, String)> = Vec::new();
    for query in queries(filters) {
        for (place, cursor) in &cursors {
            let page = format!("{path}?{}", [query.as_str(), cursor].join("&").trim_matches('&'));
            let page = page.trim_end_matches('?');
            let mut turns = Vec::new();
            for _ in 0..TURNS {
                let begun = Instant::now();
                api.get(page)?;
                turns.push(begun.elapsed().as_secs_f64() * 1e3);
            }
            found.push((median(turns), format!("{query} {place}")));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (worst_ms, worst) = found.first().cloned().unwrap_or_default();
    let middle = median(found.iter().map(|(ms, _)| *ms).collect());
    Ok(ListTimes { what, pages: found.len(), ms: middle, worst_ms, worst })
}

/// No filter, each alone, and each pair of different fields.
fn queries(filters: &[(&str, String)]) -> Vec<String> {
    let mut all = vec![String::new()];
    for (at, (name, value)) in filters.iter().enumerate() {
        all.push(format!("{name}={value}"));
        let others = filters[at + 1..].iter().filter(|(other, _)| other != name);
        all.extend(others.map(|(other, also)| format!("{name}={value}&{other}={also}")));
    }
    all
}

/// The places where pages begin: the first page, the middle and the end of the list.
fn cursors(api: &Api, path: &str) -> io::Result<Vec<(&'static str, String)>> {
    let mut all = vec![String::new()];
    if !path.ends_with("/counts") {
        let mut cursor = String::new();
        while all.len() < 1_500 {
            let page = api.get(&format!("{path}?limit=200{cursor}"))?;
            let Some(next) = page["nextCursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
            all.push(format!("cursor={next}"));
        }
    }
    let mut places = vec![("first page", String::new())];
    if all.len() > 1 {
        places.push(("middle", all[all.len() / 2].clone()));
        places.push(("end", all[all.len() - 1].clone()));
    }
    Ok(places)
}
