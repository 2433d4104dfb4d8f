//! The configuration: `config.default.toml`, then a file, then variables named `FOREBAY_…`.
//!
//! It is read and judged whole at start; all faults come in one message.

mod event_log;
mod faults;
mod gateway;
mod layers;
mod store;

use std::path::{Path, PathBuf};

use serde::Deserialize;

pub(crate) use faults::Faults;

/// Everything that can be set. The meaning of each setting stands in `config.default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) listen: String,
    pub(crate) public_url: String,
    pub(crate) trusted_proxies: Vec<String>,
    pub(crate) data: PathBuf,
    pub(crate) master_key_file: PathBuf,
    pub(crate) sample: bool,
    pub(crate) roles: Vec<Role>,
    pub(crate) log: LogSettings,
    pub(crate) threads: Threads,
    pub(crate) event_log: event_log::EventLogSettings,
    pub(crate) store: store::StoreSettings,
    pub(crate) gateway: gateway::GatewaySettings,
    pub(crate) runner: runner::Settings,
}

/// What a process does.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    /// Accepts webhooks.
    Gateway,
    /// Starts processes.
    Runner,
    /// Answers people.
    Console,
}

impl Role {
    /// As it is written.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Role::Gateway => "gateway",
            Role::Runner => "runner",
            Role::Console => "console",
        }
    }
}

/// `[log]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogSettings {
    pub(crate) format: LogFormat,
    pub(crate) level: String,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// Text on a terminal, JSON otherwise.
    Auto,
    Text,
    Json,
}

/// `[threads]`; 0 means: as the machine's cores suggest.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Threads {
    pub(crate) gateway: usize,
    pub(crate) services: usize,
}

impl Threads {
    /// Worker threads of the gateway's runtime: one core is left to the log and the engine.
    pub(crate) fn gateway(&self) -> usize {
        if self.gateway > 0 { self.gateway } else { cores().saturating_sub(1).max(1) }
    }

    /// Worker threads of the runtime of console and runner.
    pub(crate) fn services(&self) -> usize {
        if self.services > 0 { self.services } else { cores().clamp(1, 4) }
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

impl Config {
    /// Whether this process has the role.
    pub(crate) fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// What keeps this from being one process of several.
    pub(crate) fn apart_faults(&self) -> Faults {
        let mut faults = Faults::default();
        if self.event_log.kafka().is_none() {
            faults.add("event_log.kind", "must be kafka: the processes share the event log");
        }
        if self.store.postgres().is_none() {
            faults.add("store.url", "must name a PostgreSQL database: the processes share the store");
        }
        if self.has(Role::Console) && self.master_key_file.as_os_str().is_empty() {
            faults.add(
                "master_key_file",
                "must name a file of 32 random bytes (head -c 32 /dev/urandom), the same for every console",
            );
        }
        faults
    }

    /// The URL that external systems reach: the setting, or the address we listen on.
    pub(crate) fn public_url(&self, bound: std::net::SocketAddr) -> String {
        if self.public_url.is_empty() { format!("http://{bound}") } else { self.public_url.clone() }
    }
}

/// Far more than help on any machine.
const MOST_THREADS: usize = 1_024;

/// Reads and judges the configuration.
pub(crate) fn load(file: Option<&Path>) -> Result<Config, Faults> {
    let read = layers::read(file)?;
    let mut faults = Faults::default();
    layers::judge_variables(&mut faults);
    let Some(config) = layers::extract(&read, &mut faults) else { return Err(faults) };
    judge(&config, &mut faults);
    let preset = std::env::var("FOREBAY_ADMIN_TOKEN").unwrap_or_default();
    if let Err(weak) = console::judge_preset_token(&preset)
        && !preset.is_empty()
    {
        faults.add("", &weak.to_string());
    }
    if faults.is_empty() { Ok(config) } else { Err(faults) }
}

/// Rules that types cannot say.
fn judge(config: &Config, faults: &mut Faults) {
    if config.listen.parse::<std::net::SocketAddr>().is_err() {
        faults
            .add("listen", &format!("{:?} is no address: write 127.0.0.1:8080 or [::]:8080", config.listen));
    }
    let url = &config.public_url;
    if !url.is_empty() {
        let known = url.starts_with("http://") || url.starts_with("https://");
        let rest = url.split_once("://").map_or("", |(_, rest)| rest);
        if !known || rest.is_empty() || url.ends_with('/') || rest.contains(['?', '#', '@', ' ']) {
            faults.add("public_url", "must be http://host or https://host, with a port or path if need be, without a slash at the end");
        }
    }
    if config.data.as_os_str().is_empty() {
        faults.add("data", "must name a folder");
    }
    for (name, threads) in [("gateway", config.threads.gateway), ("services", config.threads.services)] {
        if threads > MOST_THREADS {
            faults.add(&format!("threads.{name}"), &format!("must be 0 to {MOST_THREADS}"));
        }
    }
    if config.roles.is_empty() {
        faults.add("roles", "must name one at least: gateway, runner, console");
    }
    for fault in console::TrustedProxies::parse(&config.trusted_proxies).err().unwrap_or_default() {
        faults.add("trusted_proxies", &fault);
    }
    if config.log.level.is_empty() || tracing_subscriber::EnvFilter::try_new(&config.log.level).is_err() {
        faults.add(
            "log.level",
            "must be error, warn, info, debug or trace, or a list such as info,gateway=debug",
        );
    }
    for (name, fault) in config.event_log.faults() {
        faults.add(&format!("event_log.{name}"), &fault);
    }
    if let Some(kafka) = config.event_log.kafka()
        && kafka.message_timeout >= config.gateway.acknowledge_timeout()
    {
        faults.add(
            "event_log.kafka.message_timeout_ms",
            "must be less than gateway.acknowledge_timeout_ms, or what was answered 503 is stored all the same",
        );
    }
    for (name, fault) in config.store.faults() {
        faults.add(&format!("store.{name}"), &fault);
    }
    for (name, fault) in config.gateway.faults() {
        faults.add(&format!("gateway.{name}"), &fault);
    }
    for fault in config.runner.faults() {
        faults.add("runner", &fault);
    }
}
