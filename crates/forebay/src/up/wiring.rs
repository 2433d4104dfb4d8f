//! Puts the parts together: log, store, gateway, runner, console, and what they tell each other.

use std::net::SocketAddr;
use std::sync::Arc;

use console::{Console, FirstStart, FirstStarted, TrustedProxies};
use eventlog::EventLog;
use gateway::Gateway;
use runner::Runner;
use store::{Claim, Db};

use super::Error;
use super::hooks::{self, Hooks, Registrar};
use crate::config::{Config, Role};
use crate::data_folder::DataFolder;

/// Everything that runs.
pub(super) struct Wired {
    pub(super) gateway: Arc<Gateway>,
    pub(super) console: Arc<Console>,
    pub(super) gauges: Arc<Gauges>,
    pub(super) log: Arc<dyn EventLog>,
    pub(super) first: FirstStarted,
    pub(super) sample_url: Option<console::Secret>,
    runner: Option<Runner>,
    db: Db,
    claim: Option<Claim>,
    chores: tokio::task::JoinHandle<()>,
}

/// What is measured when somebody asks for the metrics.
pub(super) struct Gauges {
    db: Db,
    log: Arc<dyn EventLog>,
}

impl Gauges {
    pub(super) fn set(&self) {
        let health = self.log.health();
        metrics::gauge!("forebay_wal_bytes", "file" => "store").set(self.db.wal_bytes() as f64);
        metrics::gauge!("forebay_wal_bytes", "file" => "events").set(health.wal_bytes as f64);
    }
}

/// Opens the files and starts the roles.
pub(super) async fn wire(config: &Config, folder: &DataFolder, bound: SocketAddr) -> Result<Wired, Error> {
    let master = folder.master_key()?;
    let log = open_log(config, folder).await?;
    let (db, claim) = open_store(config, folder).await?;
    let admin_token = std::env::var("FOREBAY_ADMIN_TOKEN").ok().filter(|token| !token.is_empty());
    let wanted = FirstStart { admin_token, sample: config.sample, master_key: master.clone() };
    let first = console::first_start(&db, &wanted).await?;
    let gateway = Arc::new(Gateway::new(Arc::clone(&log), config.gateway.into()));
    let registrar =
        Registrar { db: db.clone(), gateway: Arc::clone(&gateway), turn: tokio::sync::Mutex::default() };
    registrar.load().await?;
    let runner = match config.roles.contains(&Role::Runner) {
        true => Some(start_runner(config, &db, &log)?),
        false => None,
    };
    let public_url = config.public_url(bound);
    let hooks =
        Arc::new(Hooks { registrar, log: Arc::clone(&log), commands: runner.as_ref().map(Runner::waker) });
    // no webhook of this name, or several: then there is no line to print
    let sample_url = console::webhook_url(&db, &master, &public_url, "orders").await.ok();
    let chores = hooks::start_chores(Arc::clone(&hooks));
    let live = console::Live::new(config.runner.engine.clone(), config.runner.script.clone());
    // the configuration was judged when it was read
    let trusted_proxies = TrustedProxies::parse(&config.trusted_proxies).unwrap_or_default();
    let console = Console { db: db.clone(), master_key: master, public_url, trusted_proxies, hooks, live };
    let console = Arc::new(console);
    let gauges = Arc::new(Gauges { db: db.clone(), log: Arc::clone(&log) });
    Ok(Wired { gateway, console, gauges, log, first, sample_url, runner, db, claim, chores })
}

async fn open_log(config: &Config, folder: &DataFolder) -> Result<Arc<dyn EventLog>, Error> {
    Ok(match config.event_log.kafka() {
        Some(options) => Arc::new(eventlog::kafka::open(options).await?),
        None => Arc::new(eventlog::open(&folder.events(), config.event_log.embedded())?),
    })
}

/// An embedded log belongs to one store, and its positions to that log: on PostgreSQL one process claims them.
async fn open_store(config: &Config, folder: &DataFolder) -> Result<(Db, Option<Claim>), Error> {
    let Some(options) = config.store.postgres() else {
        return Ok((Db::sqlite(&folder.store(), store::Options::default()).await?, None));
    };
    let db = Db::postgres(&options).await?;
    let claim = match config.event_log.kafka() {
        Some(_) => None,
        None => Some(Claim::take(&options).await?),
    };
    Ok((db, claim))
}

fn start_runner(config: &Config, db: &Db, log: &Arc<dyn EventLog>) -> Result<Runner, Error> {
    let (log, settings) = (Arc::clone(log), config.runner.clone());
    runner::start(runner::Parts { db: db.clone(), log, settings, clock: runner::Clock::default() })
        .map_err(Error::Threads)
}

impl Wired {
    /// Comes back when another process has taken the database, which happens only after it was away.
    pub(super) async fn store_lost(&self) {
        match &self.claim {
            Some(claim) => claim.lost().await,
            None => std::future::pending().await,
        }
    }

    /// Ends runner, log and store, in this order; the gateway has ended before.
    pub(super) async fn end(self) {
        self.chores.abort();
        if let Some(runner) = self.runner {
            runner.stop().await;
        }
        self.log.close().await;
        self.db.close().await;
    }
}
