//! Where it was measured.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::server::forebay;

/// Pairs of name and value, in the order of the report.
pub(super) type Conditions = Vec<(&'static str, String)>;

/// Reads and measures the conditions; `folder` is on the disk that the data will be on.
pub(super) fn read(folder: &Path) -> io::Result<Conditions> {
    let (p50, p99) = fsync(folder)?;
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    Ok(vec![
        ("commit", crate::journal::commit()),
        ("forebay", said(forebay()?.as_os_str().to_str().unwrap_or("forebay"), &["--version"])),
        ("processor", field("/proc/cpuinfo", "model name")),
        ("cores, for everything: gateway, runner, load", cores.to_string()),
        ("memory", field("/proc/meminfo", "MemTotal")),
        ("kernel", said("uname", &["-sr"])),
        ("disk: 4 KiB write + fdatasync", format!("p50 {p50:.0} µs, p99 {p99:.0} µs")),
        ("compiler", said("rustc", &["--version"])),
        ("load", said("wrk", &["-v"]).split(" Copyright").next().unwrap_or("wrk").trim().to_owned()),
        ("body", "1,024 bytes of JSON, keep-alive, one wrk thread".to_owned()),
    ])
}

/// Microseconds of a small durable write: the middle one and the hundredth worst.
fn fsync(folder: &Path) -> io::Result<(f64, f64)> {
    let mut file = File::create(folder.join("fsync"))?;
    let mut times = Vec::new();
    for _ in 0..500 {
        let begun = Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        times.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    Ok((times[250], times[495]))
}

fn field(file: &str, name: &str) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(name)).unwrap_or("");
    line.split(':').nth(1).unwrap_or("unknown").trim().to_owned()
}

/// The first line that a program says; wrk says its version with a bad exit code.
fn said(program: &str, arguments: &[&str]) -> String {
    let Ok(output) = Command::new(program).args(arguments).output() else { return "unknown".to_owned() };
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    text.lines().next().unwrap_or("unknown").trim().to_owned()
}
