//! Bar 26: a backup that is made under load holds all that was acknowledged before it began; a reader that does not
//! end does not let the write-ahead log grow without end.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use e2e::api::{Api, wait};
use e2e::ledger;
use e2e::load::{self, Load};
use e2e::processes;
use e2e::random::seed;
use e2e::sending;
use e2e::server::{Options, Server};
use e2e::store_file;
use e2e::verify::Check;
use rusqlite::Connection;

use crate::support::{LONG, heavy, home, project};

#[test]
fn a_backup_under_load_holds_everything_acknowledged_before_it() {
    let _alone = heavy();
    let (home, options) = home();
    let server = Server::start(&options).unwrap();
    let project = project(&Api::of(&server), "Backup");
    let webhook = project.webhook("hook", &[&processes::straight]).unwrap();
    let load = Load {
        address_file: options.address_file(),
        target: webhook.target.clone(),
        connections: 32,
        seed: seed("backup"),
        first: 0,
        events: 1_000_000,
        rate: 4_000,
        ledger: home.path().join("ledger"),
    };
    // readers that never end, on both files
    let pinned: Vec<Connection> =
        ["store.sqlite", "events.sqlite"].iter().map(|name| pin(&options.data.join(name))).collect();
    let stop = AtomicBool::new(false);
    let restored = Options::new(&home.path().join("restored"));
    std::thread::scope(|scope| {
        let sending = scope.spawn(|| load::run(&load, &stop).unwrap());
        std::thread::sleep(Duration::from_secs(2));
        fs::copy(&load.ledger, home.path().join("ledger-before")).unwrap();
        back_up(&options.data, &restored.data);
        std::thread::sleep(Duration::from_secs(1));
        stop.store(true, Ordering::Relaxed);
        let summary = sending.join().unwrap();
        assert!(summary.accepted > 3_000, "{summary:?}");
    });
    // a reader of another process cannot be ended by us; once it is gone the files are cut back by the next writes
    drop(pinned);
    let more = Load { first: 2_000_000, events: 2_000_000, ..load };
    let wal = |name: &str| fs::metadata(options.data.join(name)).map_or(0, |file| file.len());
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let sending = scope.spawn(|| load::run(&more, &stop).unwrap());
        let cut = wait(LONG, "the write-ahead logs stay large", || {
            Ok(["store.sqlite-wal", "events.sqlite-wal"].iter().all(|name| wal(name) <= 128 << 20))
        });
        stop.store(true, Ordering::Relaxed);
        sending.join().unwrap();
        cut.unwrap();
    });
    server.kill();
    let server = Server::start(&restored).unwrap();
    let check = Check {
        project: project.id,
        definitions: webhook.definitions,
        ledger: home.path().join("ledger-before"),
        seed: load.seed,
        one_in: 10,
    };
    let verdict = sending::verify(&restored.address_file(), &check).unwrap();
    eprintln!(
        "sqlite: {} acknowledged before the backup: {verdict:?}",
        ledger::read(&check.ledger).unwrap().len()
    );
    assert!(verdict.accepted > 1_000 && verdict.is_good(), "{verdict:?}");
    server.stop().unwrap();
    for name in ["store.sqlite", "events.sqlite"] {
        assert_eq!(store_file::integrity(&restored.data, name).unwrap(), "ok");
    }
}

/// Begins to read and does not end.
fn pin(file: &Path) -> Connection {
    let reader = Connection::open(file).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema;").unwrap();
    reader
}

/// The backup as the documentation says it: the store first, then the log, so that the log is never behind.
fn back_up(data: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for name in ["store.sqlite", "events.sqlite"] {
        let source = Connection::open(data.join(name)).unwrap();
        source.busy_timeout(Duration::from_secs(10)).unwrap();
        source.execute("VACUUM INTO ?1", [to.join(name).to_str().unwrap()]).unwrap();
    }
    fs::copy(data.join("master.key"), to.join("master.key")).unwrap();
}
