//! The load client: many keep-alive connections that post unique bodies and write down what they were told.
//!
//! A number is sent once and never again. Where no answer came after the request was written, nobody but the server
//! knows whether it was accepted; the ledger says so.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::body;
use crate::ledger::{Entry, Writer};
use crate::server::authority;
use crate::wire::Connection;

/// How long a connection waits for an answer: longer than every deadline of the gateway.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long the server may be away before the run is given up.
const AWAY: Duration = Duration::from_secs(60);

/// What to send, and where.
#[derive(Clone, Debug)]
pub struct Load {
    /// The file that names the server; read again at every reconnect, since a restarted server may have moved.
    pub address_file: PathBuf,
    /// Path and query of the webhook.
    pub target: String,
    /// How many connections at once.
    pub connections: usize,
    /// Bodies follow from this and their number.
    pub seed: u64,
    /// Number of the first event.
    pub first: u64,
    /// How many events at most.
    pub events: u64,
    /// Events per second at most, over all connections; 0 for as fast as it goes.
    pub rate: u64,
    /// Where the answers are written down.
    pub ledger: PathBuf,
}

/// What came of a load.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Summary {
    /// Requests that were written, at least in part.
    pub sent: u64,
    /// 200s.
    pub accepted: u64,
    /// Requests without an answer.
    pub unanswered: u64,
    /// Answers of another status.
    pub other: BTreeMap<u16, u64>,
    /// Wall-clock seconds.
    pub seconds: f64,
}

struct Shared<'a> {
    load: &'a Load,
    next: AtomicU64,
    stop: &'a AtomicBool,
    begun: Instant,
}

/// Sends until all events are sent or `stop` is set, and returns when every answer is in the ledger on the disk.
pub fn run(load: &Load, stop: &AtomicBool) -> io::Result<Summary> {
    let writer = Writer::open(&load.ledger)?;
    let shared = Shared { load, next: AtomicU64::new(load.first), stop, begun: Instant::now() };
    let (entries, written) = channel();
    let mut summary = std::thread::scope(|scope| {
        let ledger = scope.spawn(move || keep(writer, &written));
        let workers: Vec<_> = (0..load.connections)
            .map(|_| {
                let (shared, entries) = (&shared, entries.clone());
                scope.spawn(move || work(shared, &entries))
            })
            .collect();
        drop(entries);
        let mut outcome = Ok(());
        for worker in workers {
            let ended =
                worker.join().unwrap_or_else(|_| Err(io::Error::other("a connection's thread panicked")));
            outcome = outcome.and(ended);
        }
        let summary =
            ledger.join().unwrap_or_else(|_| Err(io::Error::other("the ledger's thread panicked")))?;
        outcome.map(|()| summary)
    })?;
    summary.seconds = shared.begun.elapsed().as_secs_f64();
    Ok(summary)
}

/// Writes entries in batches; an answer counts from the moment its line is on the disk.
fn keep(mut writer: Writer, entries: &Receiver<Entry>) -> io::Result<Summary> {
    let mut summary = Summary::default();
    while let Ok(first) = entries.recv() {
        let mut batch = vec![first];
        batch.extend(entries.try_iter().take(4096));
        writer.append(&batch)?;
        for entry in batch {
            summary.sent += 1;
            match entry.status {
                200 => summary.accepted += 1,
                0 => summary.unanswered += 1,
                status => *summary.other.entry(status).or_default() += 1,
            }
        }
    }
    Ok(summary)
}

fn work(shared: &Shared<'_>, entries: &Sender<Entry>) -> io::Result<()> {
    let mut kept: Option<Connection> = None;
    while !shared.stop.load(Ordering::Relaxed) {
        let mut connection = match kept.take() {
            Some(connection) => connection,
            None => match connect(shared)? {
                Some(connection) => connection,
                None => return Ok(()),
            },
        };
        let Some(seq) = next(shared) else { return Ok(()) };
        let body = body::of(shared.load.seed, seq);
        let entry = match exchange(&mut connection, &shared.load.target, &body) {
            Ok(answer) => {
                if !answer.closes() {
                    kept = Some(connection);
                }
                if answer.status != 200 {
                    std::thread::sleep(Duration::from_millis(5));
                }
                Entry { seq, status: answer.status, event_id: answer.event_id() }
            }
            Err(_) => Entry { seq, status: 0, event_id: None },
        };
        if entries.send(entry).is_err() {
            return Err(io::Error::other("the ledger cannot be written"));
        }
    }
    Ok(())
}

fn exchange(connection: &mut Connection, target: &str, body: &[u8]) -> io::Result<crate::wire::Answer> {
    connection.send(&Connection::request("POST", target, "content-type: application/json\r\n", body))?;
    connection.answer()
}

/// The next number, when its time has come.
fn next(shared: &Shared<'_>) -> Option<u64> {
    let seq = shared.next.fetch_add(1, Ordering::Relaxed);
    let done = seq - shared.load.first;
    if done >= shared.load.events {
        return None;
    }
    if let Some(due) = done.saturating_mul(1_000_000).checked_div(shared.load.rate) {
        let due = Duration::from_micros(due);
        while shared.begun.elapsed() < due {
            if shared.stop.load(Ordering::Relaxed) {
                return None;
            }
            std::thread::sleep((due - shared.begun.elapsed().min(due)).min(Duration::from_millis(50)));
        }
    }
    Some(seq)
}

fn connect(shared: &Shared<'_>) -> io::Result<Option<Connection>> {
    let begun = Instant::now();
    loop {
        let all_sent = shared.next.load(Ordering::Relaxed) - shared.load.first >= shared.load.events;
        if all_sent || shared.stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        if let Some(authority) = authority(&shared.load.address_file)
            && let Ok(connection) = Connection::open(&authority, PATIENCE)
        {
            return Ok(Some(connection));
        }
        if begun.elapsed() > AWAY {
            return Err(io::Error::other("the server did not come back"));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}
