//! Puts the parts together: log, store, gateway, runner, console, and what they tell each other.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use console::{Console, FirstStart, FirstStarted, TrustedProxies};
use eventlog::EventLog;
use gateway::Gateway;
use runner::Runner;
use store::{Claim, Db, PgOptions};
use webhook::ApiKey;

use super::Error;
use super::chores::{self, Chores, Running};
use super::hooks::Hooks;
use super::left_events;
use super::presence::Presence;
use super::registrar::Registrar;
use crate::config::{Config, Role};
use crate::data_folder::{self, DataFolder};

/// How long a gateway alone waits for its store before it begins with the triggers of its file.
const STORE: Duration = Duration::from_secs(3);
/// How often it tries again.
const AGAIN: Duration = Duration::from_secs(1);

/// Everything that runs.
pub(super) struct Wired {
    pub(super) gateway: Arc<Gateway>,
    pub(super) console: Option<People>,
    pub(super) gauges: Arc<Gauges>,
    pub(super) log: Arc<dyn EventLog>,
    runner: Option<Runner>,
    registrar: Arc<Registrar>,
    presence: Arc<Presence>,
    claim: Option<Claim>,
    tasks: Running,
}

/// What people see.
pub(super) struct People {
    pub(super) console: Arc<Console>,
    pub(super) first: FirstStarted,
    pub(super) sample_url: Option<console::Secret>,
}

/// What is measured when somebody asks for the metrics.
pub(super) struct Gauges {
    registrar: Arc<Registrar>,
    log: Arc<dyn EventLog>,
}

impl Gauges {
    pub(super) fn set(&self) {
        let health = self.log.health();
        let store = self.registrar.store().map_or(0, Db::wal_bytes);
        metrics::gauge!("forebay_wal_bytes", "file" => "store").set(store as f64);
        metrics::gauge!("forebay_wal_bytes", "file" => "events").set(health.wal_bytes as f64);
    }
}

/// Opens log and store and starts the roles.
pub(super) async fn wire(config: &Config, folder: &DataFolder, bound: SocketAddr) -> Result<Wired, Error> {
    let log = open_log(config, folder).await?;
    let gateway = Arc::new(Gateway::new(Arc::clone(&log), config.gateway.into()));
    let mut tasks = Running::default();
    let is_alone = config.roles == [Role::Gateway];
    let file = is_alone.then(|| folder.triggers());
    let registrar = Arc::new(Registrar::new(Arc::clone(&gateway), file));
    let mut claim = None;
    match config.store.postgres().filter(|_| is_alone && config.event_log.kafka().is_some()) {
        Some(options) => reach(&registrar, options, &mut tasks).await,
        None => {
            let (db, claimed) = open_store(config, folder).await?;
            registrar.use_store(db);
            claim = claimed;
        }
    }
    // not the public URL, which all of them have in common
    let address = format!("http://{bound}");
    let presence = Arc::new(Presence::new(config, Arc::clone(&registrar), Arc::clone(&log), address));
    let mut runner = None;
    let mut people = None;
    if let Some(db) = registrar.store() {
        if config.has(Role::Runner) {
            let started = start_runner(config, db, &log)?;
            presence.observe(started.observer());
            runner = Some(started);
        }
        let hooks = Hooks {
            db: db.clone(),
            log: Arc::clone(&log),
            registrar: config.has(Role::Gateway).then(|| Arc::clone(&registrar)),
            presence: Arc::clone(&presence),
            commands: runner.as_ref().map(Runner::waker),
        };
        if config.has(Role::Console) {
            people = Some(open_console(config, db, hooks, bound).await?);
        }
        if config.has(Role::Gateway) && registrar.revision() == 0 {
            registrar.load().await?;
        }
    }
    if !config.has(Role::Gateway) {
        // no webhook has its address here: 404, at any time
        gateway.registry().replace(Vec::new(), i64::MAX);
    }
    let chores = Chores {
        registrar: Arc::clone(&registrar),
        presence: Arc::clone(&presence),
        commands: runner.as_ref().map(Runner::waker),
        gateway: config.has(Role::Gateway),
    };
    chores::start(Arc::new(chores), config, &mut tasks);
    let gauges = Arc::new(Gauges { registrar: Arc::clone(&registrar), log: Arc::clone(&log) });
    Ok(Wired { gateway, console: people, gauges, log, runner, registrar, presence, claim, tasks })
}

async fn open_log(config: &Config, folder: &DataFolder) -> Result<Arc<dyn EventLog>, Error> {
    Ok(match config.event_log.kafka() {
        Some(options) => {
            let options = eventlog::kafka::Options { appends: config.has(Role::Gateway), ..options };
            Arc::new(eventlog::kafka::open(options).await?)
        }
        None => Arc::new(eventlog::open(&folder.events(), config.event_log.embedded())?),
    })
}

/// An embedded log belongs to one store, and its positions to that log: on PostgreSQL one process claims them.
async fn open_store(config: &Config, folder: &DataFolder) -> Result<(Db, Option<Claim>), Error> {
    let on_brokers = config.event_log.kafka().is_some();
    let (db, claim) = match config.store.postgres() {
        None => (Db::sqlite(&folder.store(), store::Options::default()).await?, None),
        Some(options) if on_brokers => (Db::postgres(&options).await?, None),
        Some(options) => (Db::postgres(&options).await?, Some(Claim::take(&options).await?)),
    };
    if on_brokers {
        left_events::refuse(&folder.events(), config.event_log.embedded(), &db).await?;
    }
    Ok((db, claim))
}

/// A gateway alone needs its store only to hear of changes: it starts with what it knew last, and goes on trying.
async fn reach(registrar: &Arc<Registrar>, options: PgOptions, tasks: &mut Running) {
    let (tell, reached) = tokio::sync::oneshot::channel();
    let mine = Arc::clone(registrar);
    tasks.add(tokio::spawn(async move {
        let db = loop {
            match Db::postgres(&options).await {
                Ok(db) => break db,
                Err(e) => tracing::warn!("the store is away: {e}"),
            }
            tokio::time::sleep(AGAIN).await;
        };
        mine.use_store(db);
        if let Err(e) = mine.load().await {
            tracing::warn!("the registry of triggers was not read: {e}");
        }
        // nobody waits any more after a while
        let _ = tell.send(());
    }));
    if tokio::time::timeout(STORE, reached).await.is_err() {
        registrar.load_file();
    }
}

async fn open_console(config: &Config, db: &Db, hooks: Hooks, bound: SocketAddr) -> Result<People, Error> {
    let sealed = db.read(|tx| Box::pin(async move { store::trigger::any_key(tx).await })).await?;
    let master = data_folder::master_key(config, sealed.is_some())?;
    if sealed.is_some_and(|(trigger, sealed)| ApiKey::open(&sealed, &master, trigger).is_err()) {
        tracing::error!(
            "the API keys in the store were sealed with another master key: webhooks work, but their URLs cannot be \
             shown. Put the right key file back and start again, or reset the API keys"
        );
    }
    let admin_token = std::env::var("FOREBAY_ADMIN_TOKEN").ok().filter(|token| !token.is_empty());
    let wanted = FirstStart { admin_token, sample: config.sample, master_key: master.clone() };
    let first = console::first_start(db, &wanted).await?;
    let public_url = config.public_url(bound);
    // no webhook of this name, or several: then there is no line to print
    let sample_url = console::webhook_url(db, &master, &public_url, "orders").await.ok();
    let live = console::Live::new(config.runner.engine.clone(), config.runner.script.clone());
    // the configuration was judged when it was read
    let trusted_proxies = TrustedProxies::parse(&config.trusted_proxies).unwrap_or_default();
    let hooks = Arc::new(hooks);
    let console = Console { db: db.clone(), master_key: master, public_url, trusted_proxies, hooks, live };
    Ok(People { console: Arc::new(console), first, sample_url })
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
        drop(self.tasks);
        if let Some(runner) = self.runner {
            runner.stop().await;
        }
        self.log.close().await;
        self.presence.leave().await;
        if let Some(db) = self.registrar.store() {
            db.close().await;
        }
    }
}
