//! Debian's `wrk`, posting 1 KB of JSON on kept connections.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::proc_stat;

/// One measurement.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Measured {
    /// Requests per second that were answered 2xx.
    pub(super) per_second: f64,
    /// Milliseconds.
    pub(super) p50: f64,
    /// Milliseconds.
    pub(super) p99: f64,
    /// Answers that were not 2xx, or none at all.
    pub(super) bad: f64,
    /// CPU that the measured process used, in cores.
    pub(super) server_cores: f64,
    /// CPU that wrk used, in cores.
    pub(super) wrk_cores: f64,
}

/// Whether wrk is there.
pub(super) fn present() -> io::Result<()> {
    let found = Command::new("wrk").arg("-v").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if found { Ok(()) } else { Err(io::Error::other("wrk is missing: apt-get install wrk")) }
}

/// The script: a POST of exactly 1,024 bytes of JSON with an amount that goes the sample's longer way.
pub(super) fn script(home: &Path) -> io::Result<std::path::PathBuf> {
    let begin = r#"{"orderId":"ORD-1","amount":250,"note":""#;
    let body = format!("{begin}{}\"}}", "x".repeat(1024 - begin.len() - 2));
    let file = home.join("post.lua");
    let text = format!(
        "wrk.method = \"POST\"\nwrk.body = [==[{body}]==]\nwrk.headers[\"Content-Type\"] = \"application/json\"\n"
    );
    fs::write(&file, text)?;
    Ok(file)
}

/// The script of a load whose bodies differ: 4,096 of them in turn, 1,024 bytes each, half of it random hexadecimal
/// digits, so that they compress as little as real ones.
pub(super) fn differing(home: &Path) -> io::Result<std::path::PathBuf> {
    let file = home.join("differing.lua");
    let text = r#"wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local requests, at = {}, 0
function init(args)
  math.randomseed(7)
  for i = 1, 4096 do
    local body = string.format('{"orderId":"ORD-%d","amount":250,"note":"', i)
    while #body < 512 do body = body .. string.format("%08x", math.random(0, 2147483647)) end
    while #body < 1022 do body = body .. string.format("item %d; ", #body * i) end
    body = string.sub(body, 1, 1022) .. '"}'
    requests[i] = wrk.format(nil, nil, nil, body)
  end
end
function request()
  at = at % 4096 + 1
  return requests[at]
end
"#;
    fs::write(&file, text)?;
    Ok(file)
}

/// One run against a URL; `pid` is the process that answers.
pub(super) fn run(url: &str, script: &Path, load: (usize, u64), pid: u32) -> io::Result<Measured> {
    let (connections, seconds) = load;
    let child = Command::new("wrk")
        .args(["-t1", "--latency", "--timeout", "10s"])
        .args(["-c", &connections.to_string(), "-d", &format!("{seconds}s"), "-s"])
        .arg(script)
        .arg(url)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (begun, server, wrk) = (Instant::now(), proc_stat::cpu(pid), child.id());
    std::thread::sleep(Duration::from_millis((seconds * 1000).saturating_sub(150)));
    let took = begun.elapsed().as_secs_f64();
    let server_cores = (proc_stat::cpu(pid).saturating_sub(server)).as_secs_f64() / took;
    let wrk_cores = proc_stat::cpu(wrk).as_secs_f64() / took;
    let output = child.wait_with_output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        return Err(io::Error::other(format!("wrk: {text}{}", String::from_utf8_lossy(&output.stderr))));
    }
    let requests = after(&text, "", "requests in");
    let bad = after(&text, "Non-2xx or 3xx responses:", "") + socket_errors(&text);
    let per_second = after(&text, "Requests/sec:", "") * (1.0 - bad / requests.max(1.0));
    Ok(Measured {
        per_second,
        p50: latency(&text, "50%"),
        p99: latency(&text, "99%"),
        bad,
        server_cores,
        wrk_cores,
    })
}

/// The number behind `label` on its line, or, with a `unit`, the first number of the line that has it.
fn after(text: &str, label: &str, unit: &str) -> f64 {
    let line = text
        .lines()
        .find(|line| line.contains(label) && line.contains(unit) && !(label.is_empty() && unit.is_empty()));
    let rest =
        line.map_or("", |line| if label.is_empty() { line } else { line.split(label).nth(1).unwrap_or("") });
    rest.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or(0.0)
}

fn socket_errors(text: &str) -> f64 {
    let line = text.lines().find(|line| line.contains("Socket errors:")).unwrap_or("");
    line.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse::<f64>().ok()).sum()
}

/// A percentile in milliseconds.
fn latency(text: &str, percentile: &str) -> f64 {
    let line = text.lines().find(|line| line.trim_start().starts_with(percentile)).unwrap_or("");
    let value = line.split_whitespace().nth(1).unwrap_or("");
    let split = value.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(value.len());
    let number: f64 = value[..split].parse().unwrap_or(0.0);
    match &value[split..] {
        "us" => number / 1000.0,
        "s" => number * 1000.0,
        "m" => number * 60_000.0,
        _ => number,
    }
}
