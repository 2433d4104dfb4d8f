//! `forebay up`: all roles in one process, in one data folder; and `forebay run`: some of them, in one of several processes.

mod chores;
mod clock;
mod edge;
mod first_words;
mod hooks;
pub(crate) mod keys;
mod left_events;
mod operations;
mod presence;
mod registrar;
mod shutdown;
mod site;
mod snapshot;
mod wiring;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::net::TcpSocket;
use tokio::runtime::{Builder, Runtime};

use crate::config::{Config, Faults, Role};
use crate::data_folder::{self, DataFolder};
use crate::telemetry;

/// Why Forebay did not start, or ended.
#[derive(Debug, Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Folder(#[from] data_folder::Error),
    #[error("cannot listen on {address}: {source}")]
    Listen { address: String, source: std::io::Error },
    #[error("the threads cannot be started: {0}")]
    Threads(std::io::Error),
    #[error("the metrics cannot be started: {0}")]
    Metrics(#[from] metrics_exporter_prometheus::BuildError),
    #[error("the event log cannot be opened: {0}")]
    EventLog(#[from] eventlog::LogError),
    #[error(
        "{waiting} records wait in {}, an embedded event log, and event_log.kind is \"kafka\" now: nothing would \
         read them, and their processes would never start. Start once more with event_log.kind = \"embedded\" and \
         roles = [\"runner\", \"console\"], until forebay_lag_records is 0; or, to leave them, move the file away",
        .file.display()
    )]
    LeftEvents { file: PathBuf, waiting: u64 },
    #[error("the store: {0}")]
    Store(#[from] store::StoreError),
    #[error("the first start: {0}")]
    FirstStart(#[from] console::StartError),
    #[error("{0}")]
    Url(#[from] console::UrlError),
    #[error("{0}")]
    Apart(Faults),
    #[error("{0}")]
    Ask(String),
    #[error("{0}")]
    NotReady(String),
    #[error("{0}")]
    Transfer(#[from] crate::transfer::Error),
    #[error("{0}")]
    Backup(#[from] crate::backup::Error),
    #[error("the event log failed while running: {0}. Start again: it is read from disk anew")]
    LogFailed(String),
    #[error(
        "another Forebay works on the database now: this one must not start anything from its own event log"
    )]
    StoreLost,
    #[error(
        "some work did not end within {0:?} of the signal to stop; nothing that was answered 200 is lost"
    )]
    Hurried(Duration),
}

impl Error {
    /// sysexits.h where it has a word for it.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Error::Folder(_) | Error::Listen { .. } => 73,
            Error::EventLog(_) | Error::Store(_) | Error::LogFailed(_) | Error::StoreLost => 74,
            Error::Ask(_) | Error::Apart(_) => 64,
            Error::LeftEvents { .. } => 78,
            Error::NotReady(_) => 75,
            Error::Transfer(e) => e.exit_code(),
            Error::Backup(e) => e.exit_code(),
            _ => 70,
        }
    }
}

/// Runs chosen roles, on a log and a store that other processes share.
pub(crate) fn run_apart(mut config: Config, roles: &[Role]) -> Result<(), Error> {
    // in one order, each once
    config.roles =
        [Role::Gateway, Role::Runner, Role::Console].into_iter().filter(|r| roles.contains(r)).collect();
    let faults = config.apart_faults();
    if faults.is_empty() { run(config) } else { Err(Error::Apart(faults)) }
}

/// Brings the store's tables up to this version.
pub(crate) fn migrate(config: &Config) -> Result<(), Error> {
    keys::on_store(config, async |_| Ok(()))
}

/// Runs until a signal says stop, then drains: no accepted request is cut, and the process ends within ten seconds.
pub(crate) fn run(config: Config) -> Result<(), Error> {
    telemetry::start_log(&config.log);
    let metrics = telemetry::start_metrics()?;
    raise_open_files();
    let folder = DataFolder::lock(&config.data)?;
    // The gateway shares no runtime with the others: what they do cannot hold up an answer.
    let edge = runtime("gateway", config.threads.gateway()).map_err(Error::Threads)?;
    let services = runtime("services", config.threads.services()).map_err(Error::Threads)?;
    let ended = services.block_on(serve(&config, &folder, metrics, edge.handle().clone()));
    folder.remove_address();
    edge.shutdown_timeout(Duration::from_millis(200));
    services.shutdown_timeout(Duration::from_millis(200));
    ended
}

async fn serve(
    config: &Config,
    folder: &DataFolder,
    metrics: metrics_exporter_prometheus::PrometheusHandle,
    edge: tokio::runtime::Handle,
) -> Result<(), Error> {
    let listener =
        listen(&config.listen).map_err(|source| Error::Listen { address: config.listen.clone(), source })?;
    let bound = listener.local_addr().map_err(Error::Threads)?;
    let wired = wiring::wire(config, folder, bound).await?;
    // before the first answer: who is told that it is ready may stop it
    let signals = shutdown::Signals::listen()?;
    tokio::spawn(telemetry::keep_up(metrics.clone()));
    let pages = edge::pages(&wired, metrics);
    let stop = shutdown::Stop::new();
    let serving = {
        let (gateway, stop) = (Arc::clone(&wired.gateway), stop.clone());
        let fallback = edge::OnServices::new(pages, tokio::runtime::Handle::current());
        // the listener was bound on this runtime, and must wait for connections on the other
        let listener = listener.into_std().map_err(Error::Threads)?;
        edge.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let drained = gateway::serve(listener, gateway, fallback, async move { stop.wait().await }).await;
            if drained.aborted > 0 {
                tracing::warn!(
                    connections = drained.aborted,
                    "connections were still busy when the time was over"
                );
            }
            Ok::<(), std::io::Error>(())
        })
    };
    folder.write_address(&format!("http://{bound}"))?;
    fail::fail_point!("up::serving");
    first_words::greet(config, folder, &wired, bound)?;
    tracing::info!(address = %bound, version = env!("CARGO_PKG_VERSION"), "listening");
    let cause = shutdown::signal_or_failure(signals, &wired).await;
    shutdown::drain(stop, serving, wired).await?;
    cause
}

/// Connections that may wait to be accepted; the system has a limit of its own (`net.core.somaxconn`, 4,096 by default). By
/// the library's 128 a burst of new senders waits a second each, until their systems ask again.
const BACKLOG: u32 = 4_096;

/// Binds as [`tokio::net::TcpListener::bind`] does, with room for a burst.
fn listen(address: &str) -> std::io::Result<tokio::net::TcpListener> {
    let address: SocketAddr = address.parse().map_err(std::io::Error::other)?;
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

fn runtime(name: &str, threads: usize) -> std::io::Result<Runtime> {
    Builder::new_multi_thread().thread_name(name).worker_threads(threads).enable_all().build()
}

/// Each connection is an open file; the usual soft limit of 1,024 is too few.
fn raise_open_files() {
    if let Err(e) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!("the limit of open files stays as it is: {e}");
    }
}

/// The address that people open: a wildcard address is no place to go to.
pub(crate) fn reachable(bound: SocketAddr) -> String {
    if bound.ip().is_unspecified() {
        format!("http://localhost:{}", bound.port())
    } else {
        format!("http://{bound}")
    }
}
