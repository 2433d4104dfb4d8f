//! `kill -9` under load, again and again, and the count afterwards (RELIABILITY §5, bar 1).

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::api::{Api, Project};
use crate::ledger::Counter;
use crate::load::{Load, Summary};
use crate::processes;
use crate::random::Random;
use crate::sending::{self, Sending};
use crate::server::{Options, Server};
use crate::verify::{Check, Verdict};

/// One run.
pub struct Plan<'a> {
    /// A folder for the data, the log and the ledger.
    pub home: &'a Path,
    /// Variables of every server of the run that choose its store and event log; none: both are files in the data folder.
    pub parts: &'a [(String, String)],
    /// How many events to send.
    pub events: u64,
    /// How often to kill.
    pub kills: u64,
    /// How many connections send.
    pub connections: usize,
    /// Bodies, kill times and everything else follow from it.
    pub seed: u64,
    /// The payload of one instance in so many is compared.
    pub one_in: u64,
    /// Fail points of every server of the run (`FAILPOINTS`).
    pub failpoints: &'a str,
    /// What is done to the data folder after each kill.
    pub between: &'a dyn Fn(&Path) -> io::Result<()>,
}

/// What came of it.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// What the sender saw.
    pub summary: Summary,
    /// What the checker found.
    pub verdict: Verdict,
    /// Kills under load, and kills while the server was starting.
    pub kills: (u64, u64),
    /// Milliseconds from each start to readiness.
    pub ready_ms: Vec<u64>,
    /// Seconds from the last event to the verdict.
    pub settled_seconds: f64,
}

impl Plan<'_> {
    /// Sends, kills and restarts until everything is sent and every kill done, then counts.
    pub fn run(&self) -> io::Result<Outcome> {
        let options = Options::new(&self.home.join("data")).failpoints(self.failpoints).envs(self.parts);
        let mut server = Server::start(&options)?;
        let project = Project::make(&Api::of(&server), "Torture")?;
        let webhook = project.webhook("torture", &[&processes::straight, &processes::branching])?;
        let load = Load {
            address_file: options.address_file(),
            target: webhook.target.clone(),
            connections: self.connections,
            seed: self.seed,
            first: 0,
            events: self.events,
            rate: 0,
            ledger: self.ledger(),
        };
        let mut sending = Sending::start(&load)?;
        let mut kills = (0, 0);
        let mut ready_ms = vec![millis(server.started_in())];
        let mut random = Random::new(self.seed);
        let mut counter = Counter::new(&load.ledger);
        while kills.0 < self.kills {
            self.wait_for_turn(kills.0, &mut counter, &mut sending, &mut random)?;
            server.kill();
            kills.0 += 1;
            (self.between)(&options.data)?;
            if random.below(4) == 0 {
                kill_at_start(&options, Duration::from_millis(random.below(250)))?;
                kills.1 += 1;
            }
            server = Server::start(&options)?;
            ready_ms.push(millis(server.started_in()));
        }
        let summary = sending.wait()?;
        if !self.failpoints.is_empty() {
            // the count is made by a server without faults
            server.kill();
            server = Server::start(&options.clone().failpoints(""))?;
        }
        let begun = Instant::now();
        let check = Check { one_in: self.one_in, ..Check::of(&load, &project, &webhook) };
        let verdict = sending::verify(&options.address_file(), &check)?;
        server.stop()?;
        Ok(Outcome { summary, verdict, kills, ready_ms, settled_seconds: begun.elapsed().as_secs_f64() })
    }

    fn ledger(&self) -> PathBuf {
        self.home.join("ledger")
    }

    /// Waits until as many events are answered as this kill stands at, and a random moment more.
    fn wait_for_turn(
        &self,
        kill: u64,
        counter: &mut Counter,
        sending: &mut Sending,
        random: &mut Random,
    ) -> io::Result<()> {
        let slot = self.events / (self.kills + 1);
        let due = slot * (kill + 1) - slot / 2 + random.below(slot);
        let mut moved = (Instant::now(), 0);
        while counter.count()? < due && !sending.ended() {
            if counter.count()? > moved.1 {
                moved = (Instant::now(), counter.count()?);
            }
            if moved.0.elapsed() > Duration::from_secs(60) {
                return Err(io::Error::other("no event was answered for a minute"));
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        std::thread::sleep(Duration::from_micros(random.below(20_000)));
        Ok(())
    }
}

/// Starts a server and kills it after `life`, wherever its start is by then.
fn kill_at_start(options: &Options, life: Duration) -> io::Result<()> {
    let mut child = options.spawn()?;
    std::thread::sleep(life);
    child.kill()?;
    child.wait()?;
    Ok(())
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
