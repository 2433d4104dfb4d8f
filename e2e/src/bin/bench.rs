//! `make bench` and `make bench-kafka`: print the report, and with `BENCH_WRITE=1` write it to `docs/BENCHMARKS.md`.

use e2e::bench::{Settings, run, run_kafka};

#[allow(clippy::print_stdout, reason = "the report is what this program is for")]
fn main() -> std::io::Result<()> {
    let on_kafka = std::env::args().nth(1).is_some_and(|word| word == "kafka");
    let report = if on_kafka { run_kafka } else { run };
    println!("{}", report(Settings::from_env())?);
    Ok(())
}
