//! `make bench`: prints the report, and with `BENCH_WRITE=1` writes it to `docs/BENCHMARKS.md`.

use e2e::bench::{Settings, run};

#[allow(clippy::print_stdout, reason = "the report is what this program is for")]
fn main() -> std::io::Result<()> {
    println!("{}", run(Settings::from_env())?);
    Ok(())
}
