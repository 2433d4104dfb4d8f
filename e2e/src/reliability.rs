//! `docs/RELIABILITY.md`, written from what the long runs left in `chaos/results`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::journal;
use crate::verify::Verdict;

/// A line of `chaos/results/*.jsonl`.
#[derive(Deserialize)]
struct Line {
    bar: String,
    at: i64,
    commit: String,
    run: Run,
}

#[derive(Deserialize)]
struct Run {
    seed: u64,
    /// Whether every promise was kept; not told of controls.
    good: Option<bool>,
    /// Which promise was broken on purpose.
    control: Option<String>,
    /// Whether the checker found it.
    found: Option<bool>,
    outcome: Outcome,
}

#[derive(Deserialize)]
struct Outcome {
    verdict: Verdict,
    /// A pair (under load, at start), or a sum.
    #[serde(default)]
    kills: Option<Box<RawValue>>,
    #[serde(default)]
    faults: BTreeMap<String, u64>,
    #[serde(default)]
    cases: Option<u64>,
}

impl Outcome {
    fn kills(&self) -> u64 {
        let text = self.kills.as_ref().map_or("0", |raw| raw.get());
        let numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse::<u64>().ok());
        numbers.sum()
    }
}

/// Writes the document anew.
pub fn write() -> io::Result<()> {
    let lines = read()?;
    fs::write(journal::root().join("docs/RELIABILITY.md"), document(&lines))
}

fn read() -> io::Result<Vec<Line>> {
    let folder = journal::root().join("chaos/results");
    let mut lines = Vec::new();
    let mut files: Vec<_> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    files.sort();
    for file in files {
        for line in fs::read_to_string(file)?.lines() {
            lines.push(serde_json::from_str::<Line>(line)?);
        }
    }
    lines.sort_by_key(|line| line.at);
    Ok(lines)
}

fn document(lines: &[Line]) -> String {
    let mut text = HEAD.to_owned();
    let (controls, runs): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line.run.control.is_some());
    let sum = |of: fn(&Outcome) -> u64| runs.iter().map(|line| of(&line.run.outcome)).sum::<u64>();
    text.push_str("## All runs together\n\n| | |\n|---|---|\n");
    let rows: [(&str, u64); 8] = [
        ("events sent", sum(|outcome| outcome.verdict.sent)),
        ("acknowledged with 200", sum(|outcome| outcome.verdict.accepted)),
        ("`kill -9`", sum(Outcome::kills)),
        ("lost", sum(|outcome| outcome.verdict.lost)),
        ("started twice", sum(|outcome| outcome.verdict.duplicate)),
        ("set aside as failed triggers", sum(|outcome| outcome.verdict.set_aside)),
        ("payloads compared, different", sum(|outcome| outcome.verdict.bytes_wrong)),
        ("unknown: started, and nobody was told 200", sum(|outcome| outcome.verdict.unknown)),
    ];
    for (what, count) in rows {
        let _ = writeln!(text, "| {what} | {} |", grouped(count));
    }
    let mut faults: BTreeMap<&str, u64> = BTreeMap::new();
    for (fault, times) in runs.iter().flat_map(|line| &line.run.outcome.faults) {
        *faults.entry(fault).or_default() += times;
    }
    if !faults.is_empty() {
        text.push_str("\n## Faults of the cluster\n\n| fault | times |\n|---|---|\n");
        for (fault, times) in faults {
            let _ = writeln!(text, "| {} | {times} |", fault.replace('-', " "));
        }
    }
    text.push_str("\n## Run by run\n\n| day | run | commit | seed | sent | 200s | kills | lost | twice | set aside | unknown | kept |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    for line in &runs {
        row(&mut text, line);
    }
    text.push_str("\n## Controls\n\nA promise is broken on purpose; the checker must find it.\n\n| day | broken | commit | seed | 200s | kills | lost | twice | found |\n|---|---|---|---|---|---|---|---|---|\n");
    for line in controls {
        let Run { seed, control, found, outcome, .. } = &line.run;
        let verdict = &outcome.verdict;
        let _ = writeln!(
            text,
            "| {} | {} | {} | {seed} | {} | {} | {} | {} | {} |",
            day(line.at),
            control.as_deref().unwrap_or_default(),
            short(&line.commit),
            grouped(verdict.accepted),
            outcome.kills(),
            verdict.lost,
            verdict.duplicate,
            yes(found.unwrap_or(false)),
        );
    }
    text
}

const HEAD: &str = "# Reliability\n\nWritten by `make chaos` from `chaos/results/*.jsonl`, which grows run by run. A sender in another process posts \
unique bodies and keeps what it was told in a ledger of its own, fsynced; afterwards a checker compares the ledger with what the API shows. \
*Kept* is: every 200 is exactly one instance of each connected process, with the bytes that were sent, none set aside. A run that was not kept \
stays in the list.\n\n";

fn row(text: &mut String, line: &Line) {
    let Run { seed, good, outcome, .. } = &line.run;
    let verdict = &outcome.verdict;
    let name = match (line.bar.as_str(), outcome.cases) {
        ("1", _) => "kill -9, embedded".to_owned(),
        ("4", Some(cases)) => format!("crash at every step, {cases} faults"),
        ("cluster", _) => "cluster on Kafka and PostgreSQL".to_owned(),
        ("cluster3", _) => "cluster on three Kafka brokers and PostgreSQL".to_owned(),
        (bar, _) => bar.to_owned(),
    };
    let _ = writeln!(
        text,
        "| {} | {name} | {} | {seed} | {} | {} | {} | {} | {} | {} | {} | {} |",
        day(line.at),
        short(&line.commit),
        grouped(verdict.sent),
        grouped(verdict.accepted),
        outcome.kills(),
        verdict.lost,
        verdict.duplicate,
        verdict.set_aside,
        grouped(verdict.unknown),
        yes(good.unwrap_or(false)),
    );
}

fn yes(kept: bool) -> &'static str {
    if kept { "yes" } else { "**no**" }
}

fn short(commit: &str) -> String {
    let mut short: String = commit.chars().take(7).collect();
    if commit.ends_with('+') {
        short.push('+');
    }
    short
}

fn day(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map_or_else(|_| String::new(), |time| time.strftime("%Y-%m-%d").to_string())
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
