//! `make cluster`: the script starts everything as plain processes, its printed lines work, and it leaves nothing behind.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use e2e::api::{Api, wait};
use e2e::server::{TOKEN, forebay};
use rustix::process::{Pid, Signal, kill_process};

use crate::support::{heavy, instances_of, own_file, skip};

/// Three JVMs that start on cores with other work.
const LONG: Duration = Duration::from_secs(120);

/// A script that has said that all runs; ended with SIGTERM when dropped.
struct Script {
    child: Child,
    lines: Vec<String>,
}

impl Script {
    /// Starts it on the folder; the error is what it said instead.
    fn start(folder: &Path) -> Result<Self, String> {
        let child = Command::new(own_file("../deploy/cluster/cluster"))
            .arg("start")
            .arg(folder)
            .args(["--port", "0", "--forebay"])
            .arg(forebay().unwrap())
            .env("KAFKA_HEAP", "192m")
            .env("FOREBAY_ADMIN_TOKEN", TOKEN)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut script = Self { child, lines: Vec::new() };
        let mut out = BufReader::new(script.child.stdout.take().unwrap());
        loop {
            let mut line = String::new();
            if out.read_line(&mut line).unwrap() == 0 {
                let mut said = String::new();
                script.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
                script.child.wait().unwrap();
                return Err(said);
            }
            let is_last = line.starts_with("Stop with Ctrl+C");
            script.lines.push(line.trim().to_owned());
            if is_last {
                return Ok(script);
            }
        }
    }

    /// The words behind this heading.
    fn told(&self, heading: &str) -> Vec<&str> {
        let line = self.lines.iter().find_map(|line| line.strip_prefix(heading));
        line.unwrap_or_else(|| panic!("no {heading} in {:?}", self.lines)).split_whitespace().collect()
    }

    /// Runs each printed `curl` line as a shell would; the ids of the projects and events.
    fn post(&self) -> Vec<(String, String)> {
        self.lines.iter().filter(|line| line.starts_with("curl ")).map(|line| posted(line)).collect()
    }

    fn signal(&self) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
    }

    /// SIGTERM; it must end well.
    fn stop(mut self) -> Duration {
        let begun = Instant::now();
        self.signal();
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}");
        begun.elapsed()
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        if self.child.try_wait().ok().flatten().is_none() {
            self.signal();
            let _ = self.child.wait();
        }
    }
}

/// Runs a `curl` line; again where it was answered 503, as brokers that have just started may take longer than a sender waits.
fn posted(line: &str) -> (String, String) {
    let project = line.split('/').nth(8).unwrap_or_else(|| panic!("{line}")).to_owned();
    let mut event = None;
    let mut said = String::new();
    let waited = wait(LONG, "the printed line does not work", || {
        let output =
            Command::new("sh").arg("-c").arg(format!("{line} --silent --show-error")).output().unwrap();
        said =
            [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
        let told: serde_json::Value = serde_json::from_str(&said).unwrap_or_default();
        event = told["eventId"].as_str().map(str::to_owned);
        assert!(event.is_some() || told["status"] == 503, "{line}: {said}");
        Ok(event.is_some())
    });
    waited.unwrap_or_else(|error| panic!("{error}: {line}: {said}"));
    (project, event.unwrap())
}

/// Processes that have the folder on their command line, and that.
fn running(folder: &Path) -> Vec<(i32, String)> {
    let folder = format!("{}/", folder.display());
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let read = |entry: fs::DirEntry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let line = fs::read(entry.path().join("cmdline")).ok()?;
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        line.contains(&folder).then_some((pid, line))
    };
    processes.filter_map(read).collect()
}

/// Waits until so many runners hold all twelve partitions.
fn wait_for_runners(api: &Api, count: usize) {
    let mut told = serde_json::Value::Null;
    let waited = wait(LONG, "the partitions are not spread over the runners", || {
        told = api.get("servers")?;
        let runners = told["items"].as_array().unwrap().iter();
        let mut runners = runners.filter(|item| item["live"] == true && item["roles"][0] == "runner");
        let held = |item: &serde_json::Value| item["partitions"].as_array().map_or(0, Vec::len);
        let all: Vec<usize> = runners.by_ref().map(held).collect();
        Ok(all.len() == count && !all.contains(&0) && all.iter().sum::<usize>() == 12)
    });
    waited.unwrap_or_else(|error| panic!("{error}: {told}"));
}

#[test]
fn a_cluster_of_plain_processes_starts_works_and_leaves_nothing_behind() {
    const NAME: &str = "a_cluster_of_plain_processes_starts_works_and_leaves_nothing_behind";
    let _alone = heavy();
    let home = tempfile::tempdir().unwrap();
    // as root, PostgreSQL runs as a user who must come in
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let folder = home.path().canonicalize().unwrap().join("cluster");
    let begun = Instant::now();
    let script = match Script::start(&folder) {
        Ok(script) => script,
        Err(said) if said.starts_with("cluster: no ") => return skip(NAME, said.trim()),
        Err(said) => panic!("{said}"),
    };
    let started = begun.elapsed();
    let api = Api::at(script.told("console")[0], TOKEN);
    assert!(script.told("sign-in")[0].starts_with(&format!("{}/sign-in#", api.base())), "{:?}", script.lines);
    wait_for_runners(&api, 2);
    let servers = api.get("servers").unwrap();
    assert_eq!((&servers["gateways"], &servers["currentGateways"]), (&2.into(), &2.into()), "{servers}");
    let completed = |(project, event): &(String, String)| {
        let instance = instances_of(&api, project, event, 1).remove(0);
        assert_eq!(instance.status, "completed");
    };
    let events = script.post();
    assert_eq!(events.len(), 2, "{:?}", script.lines);
    events.iter().for_each(completed);
    for name in ["gateway-2", "runner-2", "console"] {
        let asked = Command::new(forebay().unwrap())
            .args(["ready", "--data"])
            .arg(folder.join(name))
            .output()
            .unwrap();
        assert!(asked.status.success(), "{name}: {}", String::from_utf8_lossy(&asked.stderr));
    }
    // a second start beside it is refused and harms nothing
    let refused = Script::start(&folder).err().unwrap();
    assert!(refused.contains("another start is at work"), "{refused}");
    // one runner's partitions go to the other
    let runner = format!("{}/runner-1 ", folder.display());
    let runner = running(&folder).into_iter().find(|(_, line)| line.contains(&runner)).unwrap().0;
    kill_process(Pid::from_raw(runner).unwrap(), Signal::KILL).unwrap();
    let killed = Instant::now();
    wait_for_runners(&api, 1);
    let taken = killed.elapsed();
    script.post().iter().for_each(completed);
    let stopped = script.stop();
    assert_eq!(running(&folder), []);
    eprintln!("cluster script: started in {started:?}, taken over in {taken:?}, stopped in {stopped:?}");
}
