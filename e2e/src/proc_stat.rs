//! What the kernel says about a process (Linux `/proc`, proc(5)).

use std::fs;
use std::time::Duration;

/// User and system time that a process has used so far; zero where it is gone.
pub fn cpu(pid: u32) -> Duration {
    let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else { return Duration::ZERO };
    // the name, in parentheses, may hold spaces: count the fields after it
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    // utime and stime are fields 14 and 15; USER_HZ is 100 on every Linux
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

/// Resident memory in bytes; 0 where the process is gone.
pub fn resident(pid: u32) -> u64 {
    status_kib(pid, "VmRSS:") * 1024
}

/// The most resident memory it ever had, in bytes.
pub fn peak_resident(pid: u32) -> u64 {
    status_kib(pid, "VmHWM:") * 1024
}

/// How many files and sockets it has open.
pub fn open_files(pid: u32) -> usize {
    fs::read_dir(format!("/proc/{pid}/fd")).map_or(0, Iterator::count)
}

fn status_kib(pid: u32, field: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    line.and_then(|rest| rest.split_whitespace().next()).and_then(|kib| kib.parse().ok()).unwrap_or(0)
}
