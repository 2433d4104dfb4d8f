//! A cluster under load while its parts are killed, stopped and restarted one after another, and the count afterwards.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde::Serialize;

use crate::api::{Api, Project, wait};
use crate::cluster::Cluster;
use crate::kafka::Brokers;
use crate::ledger::Counter;
use crate::load::{Load, Summary};
use crate::postgres::Server as Postgres;
use crate::processes;
use crate::random::Random;
use crate::sending::{self, Sending};
use crate::server::Server;
use crate::verify::{Check, Verdict};

/// How long nothing may be answered before the run is given up: a broker and its journal take a while.
const STANDSTILL: Duration = Duration::from_secs(120);

/// One run.
pub struct Siege<'a> {
    /// A folder for the ledgers.
    pub home: &'a Path,
    /// What is besieged.
    pub cluster: &'a Cluster,
    /// The brokers and the database server, which are killed too.
    pub servers: (&'a Brokers, &'a Postgres),
    /// Answered requests at least.
    pub events: u64,
    /// Faults.
    pub faults: u64,
    /// Events a second, over both gateways.
    pub rate: u64,
    /// Bodies, faults and their order follow from it.
    pub seed: u64,
}

/// What came of it.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// What the senders saw, one for each gateway.
    pub summaries: Vec<Summary>,
    /// What the checker found.
    pub verdict: Verdict,
    /// How often each fault was made.
    pub faults: BTreeMap<Fault, u64>,
    /// `kill -9` among them.
    pub kills: u64,
    /// Seconds under load.
    pub seconds: f64,
    /// Seconds from the last event to the verdict.
    pub settled_seconds: f64,
}

/// What is done to the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// `kill -9` of a gateway.
    GatewayKilled,
    /// `kill -9` of a runner.
    RunnerKilled,
    /// `kill -9` of the console.
    ConsoleKilled,
    /// `kill -9` of a broker.
    BrokerKilled,
    /// A broker stopped for 45 s, its connections open, and continued.
    BrokerFrozen,
    /// `kill -9` of every process of the database.
    DatabaseKilled,
    /// The database takes no writes for a while, as after a failover.
    DatabaseReadOnly,
    /// `kill -9` of the database, and a copy takes its place that lacks the last transactions.
    DatabaseFailedOver,
    /// A runner stopped for longer than its session, and continued.
    RunnerFrozen,
    /// SIGTERM and a new start.
    GatewayRestarted,
    /// SIGTERM and a new start.
    RunnerRestarted,
}

impl Fault {
    /// How often, in hundredths.
    const OFTEN: [(Fault, u64); 11] = [
        (Fault::GatewayKilled, 25),
        (Fault::RunnerKilled, 27),
        (Fault::ConsoleKilled, 5),
        (Fault::BrokerKilled, 12),
        (Fault::BrokerFrozen, 1),
        (Fault::DatabaseKilled, 14),
        (Fault::DatabaseReadOnly, 2),
        (Fault::DatabaseFailedOver, 2),
        (Fault::RunnerFrozen, 2),
        (Fault::GatewayRestarted, 5),
        (Fault::RunnerRestarted, 5),
    ];

    fn pick(random: &mut Random) -> Fault {
        let mut drawn = random.below(100);
        for (fault, share) in Self::OFTEN {
            if drawn < share {
                return fault;
            }
            drawn -= share;
        }
        Fault::RunnerKilled
    }

    fn is_kill(self) -> bool {
        use Fault::{ConsoleKilled, GatewayKilled, RunnerKilled};
        matches!(
            self,
            GatewayKilled
                | RunnerKilled
                | ConsoleKilled
                | Fault::BrokerKilled
                | Fault::DatabaseKilled
                | Fault::DatabaseFailedOver
        )
    }
}

/// The processes.
struct Parts {
    console: Option<Server>,
    gateways: [Option<Server>; 2],
    runners: [Option<Server>; 2],
}

impl Siege<'_> {
    /// Sends and makes faults until all are made and enough is answered, then counts.
    pub fn run(&self) -> io::Result<Outcome> {
        let console = self.cluster.start("console", "console")?;
        let api = Api::of(&console);
        let start = |name: &str, roles: &str| self.cluster.start(name, roles).map(Some);
        let mut parts = Parts {
            console: Some(console),
            gateways: [start("gateway-1", "gateway")?, start("gateway-2", "gateway")?],
            runners: [start("runner-1", "runner")?, start("runner-2", "runner")?],
        };
        let project = Project::make(&api, "Siege")?;
        let webhook = project.webhook("siege", &[&processes::straight, &processes::branching])?;
        let loads = [0, 1].map(|n| Load {
            address_file: self.cluster.options(&format!("gateway-{}", n + 1), "").address_file(),
            target: webhook.target.clone(),
            connections: 16,
            seed: self.seed,
            first: n << 40,
            events: u64::MAX >> 24,
            rate: (self.rate / 2).max(1),
            ledger: self.home.join(format!("ledger-{n}")),
        });
        let begun = Instant::now();
        let mut sendings = Vec::new();
        for load in &loads {
            sendings.push(Sending::start(load)?);
        }
        let mut counters = loads.each_ref().map(|load| Counter::new(&load.ledger));
        let mut faults: BTreeMap<Fault, u64> = BTreeMap::new();
        let mut random = Random::new(self.seed);
        for number in 1..=self.faults {
            let due = self.events * number / (self.faults + 1);
            reach(&mut counters, due, &mut sendings)?;
            let fault = Fault::pick(&mut random);
            self.make(fault, &mut parts, &mut random)?;
            *faults.entry(fault).or_default() += 1;
        }
        reach(&mut counters, self.events, &mut sendings)?;
        let summaries = sendings.into_iter().map(Sending::stop).collect::<io::Result<Vec<_>>>()?;
        let seconds = begun.elapsed().as_secs_f64();
        let settling = Instant::now();
        let ledger = self.merged(&loads)?;
        let check = Check { ledger, one_in: 100, ..Check::of(&loads[0], &project, &webhook) };
        let at = |name: &str| self.cluster.options(name, "").address_file();
        let verdict = sending::verify_apart(&at("console"), &at("runner-1"), &check)?;
        let settled_seconds = settling.elapsed().as_secs_f64();
        for server in parts.all() {
            server.stop()?;
        }
        let kills = faults.iter().filter(|(fault, _)| fault.is_kill()).map(|(_, times)| times).sum();
        Ok(Outcome { summaries, verdict, faults, kills, seconds, settled_seconds })
    }

    fn make(&self, fault: Fault, parts: &mut Parts, random: &mut Random) -> io::Result<()> {
        let one = usize::try_from(random.below(2)).unwrap_or(0);
        let away = Duration::from_millis(random.below(1_000));
        let (brokers, postgres) = self.servers;
        let node = 1 + usize::try_from(random.below(brokers.nodes() as u64)).unwrap_or(0);
        match fault {
            Fault::GatewayKilled => killed(&mut parts.gateways[one], away),
            Fault::RunnerKilled => killed(&mut parts.runners[one], away),
            Fault::ConsoleKilled => killed(&mut parts.console, away),
            Fault::GatewayRestarted => restarted(&mut parts.gateways[one]),
            Fault::RunnerRestarted => restarted(&mut parts.runners[one]),
            Fault::BrokerKilled => {
                brokers.kill(node)?;
                std::thread::sleep(away);
                brokers.start_again()
            }
            Fault::BrokerFrozen => {
                brokers.freeze(node, true)?;
                std::thread::sleep(Duration::from_secs(45));
                brokers.freeze(node, false)
            }
            Fault::DatabaseReadOnly => {
                self.cluster.database().set_read_only(true)?;
                std::thread::sleep(Duration::from_secs(5));
                self.cluster.database().set_read_only(false)
            }
            Fault::DatabaseKilled => {
                postgres.kill()?;
                std::thread::sleep(away);
                postgres.start_again()
            }
            Fault::DatabaseFailedOver => {
                postgres.copy()?;
                self.outrun_the_copy()?;
                postgres.fail_over()
            }
            Fault::RunnerFrozen => {
                let Some(runner) = &parts.runners[one] else { return Ok(()) };
                runner.signal(Signal::STOP)?;
                std::thread::sleep(Duration::from_secs(8 + random.below(23)));
                runner.signal(Signal::CONT)
            }
        }
    }

    /// Waits until the runners have committed what a copy that was just made lacks: without it nothing would be lost.
    fn outrun_the_copy(&self) -> io::Result<()> {
        let applied =
            || self.cluster.database().run("SELECT coalesce(sum(next_offset), 0) FROM log_position");
        let copied = applied()?;
        wait(STANDSTILL, "the runners commit nothing", || Ok(applied()? != copied))
    }

    /// One ledger of all.
    fn merged(&self, loads: &[Load]) -> io::Result<PathBuf> {
        let file = self.home.join("ledger");
        let mut whole = Vec::new();
        for load in loads {
            whole.extend(fs::read(&load.ledger)?);
        }
        fs::write(&file, whole)?;
        Ok(file)
    }
}

impl Parts {
    fn all(self) -> impl Iterator<Item = Server> {
        self.gateways.into_iter().chain(self.runners).flatten().chain(self.console)
    }
}

/// `kill -9`, and a new start after a while. A database or a broker that is just coming back may refuse it once.
fn killed(server: &mut Option<Server>, away: Duration) -> io::Result<()> {
    let Some(running) = server.take() else { return Ok(()) };
    let options = running.kill();
    std::thread::sleep(away);
    *server = Some(Server::start(&options).or_else(|_| Server::start(&options))?);
    Ok(())
}

fn restarted(server: &mut Option<Server>) -> io::Result<()> {
    let Some(running) = server.take() else { return Ok(()) };
    let options = running.stop()?;
    *server = Some(Server::start(&options)?);
    Ok(())
}

/// Waits until so many requests are answered in all.
fn reach(counters: &mut [Counter], due: u64, sendings: &mut [Sending]) -> io::Result<()> {
    let mut moved = (Instant::now(), 0);
    loop {
        let mut count = 0;
        for counter in counters.iter_mut() {
            count += counter.count()?;
        }
        if count >= due {
            return Ok(());
        }
        if sendings.iter_mut().any(Sending::ended) {
            return Err(io::Error::other("a sender ended early"));
        }
        if count > moved.1 {
            moved = (Instant::now(), count);
        }
        if moved.0.elapsed() > STANDSTILL {
            return Err(io::Error::other("no request was answered for two minutes"));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
