//! Brokers as processes: their start, their crash, their standstill.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::Topics;
use crate::journal;
use crate::proc_stat;

/// One broker, or three with as many replicas of each record.
#[derive(Debug)]
pub struct Brokers {
    folder: PathBuf,
    nodes: usize,
    bootstrap: String,
    /// Whether they end with this.
    own: bool,
}

impl Brokers {
    /// The broker of the folder that `FOREBAY_TEST_KAFKA_DIR` names.
    pub fn of_run() -> Option<Self> {
        let folder = std::env::var_os("FOREBAY_TEST_KAFKA_DIR")?.into();
        Some(Self { folder, nodes: 1, bootstrap: std::env::var("FOREBAY_TEST_KAFKA").ok()?, own: false })
    }

    /// Starts one or three of one's own on free ports; they are killed and their folder is removed when this is dropped.
    pub fn start(folder: &Path, nodes: usize) -> io::Result<Self> {
        let mut brokers = Self { folder: folder.to_owned(), nodes, bootstrap: String::new(), own: true };
        let said = brokers.start_at(free_ports(2 * u16::try_from(nodes).unwrap_or(1))?)?;
        said.lines().last().unwrap_or_default().clone_into(&mut brokers.bootstrap);
        Ok(brokers)
    }

    /// How many there are.
    pub fn nodes(&self) -> usize {
        self.nodes
    }

    /// Their addresses.
    pub fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    /// Topics on them that nobody else uses.
    pub fn topics(&self, name: &str) -> Topics {
        Topics::on(&self.bootstrap, name, self.nodes)
    }

    /// `kill -9` of one, counted from 1; of all where 0 is given.
    pub fn kill(&self, node: usize) -> io::Result<()> {
        let node = if node == 0 { String::new() } else { node.to_string() };
        script(&["kill", &self.folder.to_string_lossy(), &node]).map(drop)
    }

    /// Starts those again that are down, on their old ports, with all that they had stored; comes back when they serve.
    pub fn start_again(&self) -> io::Result<()> {
        let first = self.bootstrap.split(',').next().unwrap_or_default();
        let port = first.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        self.start_at(port.ok_or_else(|| io::Error::other("no port"))?).map(drop)
    }

    /// Stops one, counted from 1, without ending it, or lets it go on.
    pub fn freeze(&self, node: usize, frozen: bool) -> io::Result<()> {
        let pid = self.pid(node).and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?));
        let signal = if frozen { Signal::STOP } else { Signal::CONT };
        kill_process(pid.ok_or_else(|| io::Error::other("no broker"))?, signal).map_err(io::Error::from)
    }

    /// CPU that all of them have used.
    pub fn cpu(&self) -> Duration {
        self.pids().map(proc_stat::cpu).sum()
    }

    /// Resident memory of all of them, in bytes.
    pub fn resident(&self) -> u64 {
        self.pids().map(proc_stat::resident).sum()
    }

    fn start_at(&self, port: u16) -> io::Result<String> {
        let verb = if self.nodes == 1 { "start" } else { "start-cluster" };
        script(&[verb, &self.folder.to_string_lossy(), &port.to_string()])
    }

    fn pids(&self) -> impl Iterator<Item = u32> {
        (1..=self.nodes).filter_map(|node| self.pid(node))
    }

    fn pid(&self, node: usize) -> Option<u32> {
        let file = self.folder.join(format!("node{node}/pid"));
        fs::read_to_string(file).ok()?.trim().parse().ok()
    }
}

impl Drop for Brokers {
    fn drop(&mut self) {
        if self.own {
            let _ = self.kill(0);
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn script(words: &[&str]) -> io::Result<String> {
    let script = journal::root().join("deploy/kafka-local/kafka-local");
    let mut command = Command::new("bash");
    command.arg(script).args(words).env("KAFKA_HEAP", "384m");
    let output = command.output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(io::Error::other(format!("kafka-local {words:?}: {}", String::from_utf8_lossy(&output.stderr))))
}

/// The first of so many free ports in a row, below those that the kernel gives out.
fn free_ports(count: u16) -> io::Result<u16> {
    let begin = 20_000 + u16::try_from(std::process::id() % 1_000).unwrap_or(0) * 10;
    let is_free = |port| std::net::TcpListener::bind(("127.0.0.1", port)).is_ok();
    let found = (0..100).map(|at| begin + at * 10).find(|first| (0..count).all(|at| is_free(first + at)));
    found.ok_or_else(|| io::Error::other("no free ports"))
}
