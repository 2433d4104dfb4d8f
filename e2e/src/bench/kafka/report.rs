//! The part of the report that is about Kafka.

use std::fmt::Write;

use super::super::conditions::Conditions;
use super::super::report::{head, thousands};
use super::drain::Drain;
use super::gate::Gate;
use super::latency::{Delay, RATE, WARM_UP};

/// The title and the conditions.
pub(super) fn conditions(conditions: &Conditions) -> String {
    let mut text = head("On Kafka and PostgreSQL", "make bench-kafka", conditions);
    text.push_str(
        "| brokers | Apache Kafka 4.4.0, on the same cores; `acks=all`, flush defaults of Kafka |\n\
         | topics | 12 partitions; with three brokers 3 replicas, 2 in sync |\n\
         | bodies | 4,096 different ones in turn, half of each random |\n",
    );
    text
}

/// Who was measured.
pub(super) const WHO: &str = "\nThe gateway checks the key and the JSON and stores the whole record with its headers, compressed (lz4, its \
     default). The others store the body alone, as it is: *FutureProducer* is axum with rdkafka, one send for each \
     request, by librdkafka's default linger and without; *Go* is net/http with franz-go's `ProduceSync`. The responder \
     reads the body and answers. Median of the rounds, the programs in turn.\n";

/// From the request to the commit.
pub(super) fn delay(delay: &Delay) -> String {
    let (middle, late, longest) = delay.ms;
    format!(
        "\n## From the request to the stored instance\n\nOne gateway, one runner, one broker, PostgreSQL, {} events/s wanted \
         ({} answered 200): {} instances after {WARM_UP} s that do not count. From the millisecond in which a request \
         was accepted, before its append, to PostgreSQL's commit of the instance: p50 {middle:.1} ms, p99 {late:.1} \
         ms, longest {longest:.0} ms.\n",
        thousands(RATE as f64),
        thousands(delay.per_second),
        thousands(delay.instances as f64)
    )
}

/// One table for so many brokers.
pub(super) fn gate(gate: &Gate) -> String {
    let mut text = String::new();
    let brokers =
        if gate.brokers == 1 { "one broker".to_owned() } else { format!("{} brokers", gate.brokers) };
    let _ = writeln!(
        text,
        "\n## The gate with {brokers}\n\n| connections | | requests/s | to the best other | p50 ms | p99 ms | not 2xx | CPU \
         program | CPU brokers | CPU wrk |\n|---|---|---|---|---|---|---|---|---|---|"
    );
    for (at, connections) in super::super::gate::CONNECTIONS.iter().enumerate() {
        // the last one stores nothing, so it is nobody's rival
        let rivals = &gate.programs[1..gate.programs.len() - 1];
        let best = rivals.iter().map(|program| program.rows[at].1.per_second).fold(1.0, f64::max);
        for program in &gate.programs {
            let (_, run, brokers) = &program.rows[at];
            let _ = writeln!(
                text,
                "| {connections} | {} | {} | {:.2} | {:.2} | {:.2} | {} | {:.2} | {brokers:.2} | {:.2} |",
                program.name,
                thousands(run.per_second),
                run.per_second / best,
                run.p50,
                run.p99,
                run.bad,
                run.server_cores,
                run.wrk_cores
            );
        }
    }
    let peaks: Vec<String> = gate
        .programs
        .iter()
        .map(|program| format!("{} {:.0} MB", program.name, program.peak as f64 / 1e6))
        .collect();
    let _ = writeln!(
        text,
        "\nMost resident memory: {}; brokers in all at the end {:.0} MB.",
        peaks.join(", "),
        gate.brokers_resident as f64 / 1e6
    );
    text
}

/// The backlogs.
pub(super) fn drains(drains: &[Drain]) -> String {
    let mut text = String::from(
        "\n## Draining a backlog of the sample process from Kafka (a condition, a script, an end)\n\n| into | records | \
         completed/s | slowest and fastest tenth | CPU µs each | resident after a tenth, most |\n|---|---|---|---|---|---|\n",
    );
    for drain in drains {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} – {} | {:.0} | {:.0} MB, {:.0} MB |",
            drain.store,
            thousands(drain.records as f64),
            thousands(drain.per_second),
            thousands(drain.tenths.0),
            thousands(drain.tenths.1),
            drain.cpu_us,
            drain.resident.0 as f64 / 1e6,
            drain.resident.1 as f64 / 1e6
        );
    }
    text.push_str("\n*CPU* and memory are the runners' alone, of two together; PostgreSQL, the broker and the runners share the cores.\n");
    text
}
