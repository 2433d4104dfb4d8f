//! The report as Markdown.

use std::fmt::Write;

use super::conditions::Conditions;
use super::gate::{Gate, Idle};
use super::pruning::Pruning;
use super::stored::Stored;
use super::wrk::Measured;

/// What `make bench` has to say.
pub(super) fn markdown(conditions: &Conditions, idle: &Idle, gate: &Gate, stored: &Stored) -> String {
    let mut text = head("On embedded parts", "make bench", conditions);
    gate_table(&mut text, gate);
    let _ = writeln!(
        text,
        "\n*bare*: axum reads the body and answers 200, nothing else. *gateway*: key, JSON check, append, fsync, 200; the \
         runner is off (`roles`). *all*: the same while the runner starts and completes an instance of the sample \
         process for each event, in the same process. Median of the rounds.\n"
    );
    memory_table(&mut text, idle, gate, stored);
    stored_table(&mut text, stored);
    text
}

/// The title, how it was measured, and the conditions.
pub(super) fn head(title: &str, command: &str, conditions: &Conditions) -> String {
    let mut text = format!(
        "# {title}\n\nWritten by `{command} BENCH_WRITE=1`. Everything below was measured in one run, one after the \
         other in turn, on one machine that the load shares with what is measured.\n\n## Conditions\n\n| | |\n|---|---|\n",
    );
    for (name, value) in conditions {
        let _ = writeln!(text, "| {name} | {value} |");
    }
    text
}

fn gate_table(text: &mut String, gate: &Gate) {
    text.push_str(
        "\n## The gate: 1 KB of JSON, durably stored before the 200\n\n| connections | | requests/s | ratio to bare | p50 ms | \
         p99 ms | not 2xx | CPU server | CPU wrk |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    for row in &gate.rows {
        for (name, run) in [("bare", &row.bare), ("gateway", &row.gateway), ("all", &row.whole)] {
            let ratio = run.per_second / row.bare.per_second.max(1.0);
            line(text, row.connections, name, run, ratio);
        }
    }
}

fn line(text: &mut String, connections: usize, name: &str, run: &Measured, ratio: f64) {
    let _ = writeln!(
        text,
        "| {connections} | {name} | {} | {ratio:.2} | {:.2} | {:.2} | {} | {:.2} | {:.2} |",
        thousands(run.per_second),
        run.p50,
        run.p99,
        run.bad,
        run.server_cores,
        run.wrk_cores
    );
}

fn memory_table(text: &mut String, idle: &Idle, gate: &Gate, stored: &Stored) {
    text.push_str("\n## Start and memory\n\n| | |\n|---|---|\n");
    let mib = |bytes: u64| format!("{:.0} MB", bytes as f64 / 1e6);
    for (name, value) in [
        ("first start, the sample is made", format!("{:.0} ms", idle.first_start)),
        ("next start", format!("{:.0} ms", idle.next_start)),
        ("resident when idle", mib(idle.resident)),
        ("most resident, gateway under the load above", mib(gate.gateway_peak)),
        ("most resident, all in one process under the load above", mib(gate.whole_peak)),
        ("resident with the instances below stored, after a start and the lists below", mib(stored.resident)),
        ("both files with them", mib(stored.bytes)),
    ] {
        let _ = writeln!(text, "| {name} | {value} |");
    }
}

fn stored_table(text: &mut String, stored: &Stored) {
    text.push_str(
        "\n## Draining a backlog of the sample process (a condition, a script, an end)\n\n| instances stored before | drained \
         | completed/s | CPU µs each | ready after ms |\n|---|---|---|---|---|\n",
    );
    for window in &stored.windows {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {:.0} | {:.0} |",
            thousands(window.stored as f64),
            thousands(window.instances as f64),
            thousands(window.per_second),
            window.cpu_us,
            window.start_ms
        );
    }
    text.push_str(
        "\n## Lists of the API with all of them stored, 100,000 failed triggers and 100,000 commits\n\nPages of 50: each filter \
         alone and each pair, at the first page, in the middle and at the end; each page is the median of 5.\n\n\
         | list | pages | median ms | slowest ms | which |\n|---|---|---|---|---|\n",
    );
    for list in &stored.lists {
        let (ms, worst) = (list.ms, list.worst_ms);
        let _ =
            writeln!(text, "| {} | {} | {ms:.1} | {worst:.1} | `{}` |", list.what, list.pages, list.worst);
    }
}

/// What pruning costs.
pub(super) fn pruning(all: &[Pruning]) -> String {
    let mut text = String::from(
        "\n## What the removal of old rows costs\n\n| store | old events | | without | while rows are removed | ratio | rows \
         removed/s |\n|---|---|---|---|---|---|---|\n",
    );
    for Pruning { store, old, without, with } in all {
        let old = thousands(*old as f64);
        for (what, without, with, removed) in [
            ("accepted/s", without.accepted, with.accepted, with.removed),
            ("completed/s", without.drained, with.drained, with.removed),
        ] {
            let _ = writeln!(
                text,
                "| {store} | {old} | {what} | {} | {} | {:.2} | {} |",
                thousands(without),
                thousands(with),
                with / without.max(1.0),
                thousands(removed)
            );
        }
    }
    text.push_str(
        "\nEach old event has an instance, its history and a note that it was started, all made forty days ago by a clock that \
         was set back. *accepted/s*: 32 connections while a runner works. *completed/s*: a backlog of 120,000, from the start of \
         the process. Median of three rounds of each, in turn.\n",
    );
    text
}

/// `12,345`.
pub(super) fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
