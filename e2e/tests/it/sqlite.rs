//! Bar 26: a backup that is made under load holds all that was acknowledged before it began; a reader that does not
//! end does not let the write-ahead log grow without end.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use e2e::api::{Api, wait};
use e2e::ledger;
use e2e::load::{self, Load};
use e2e::processes;
use e2e::random::seed;
use e2e::sending;
use e2e::server::{Options, Server, forebay};
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
        // with a reader that pins it, the log grows by 10 MB/s; the copy is given up at 256
        rate: 1_500,
        ledger: home.path().join("ledger"),
    };
    // readers that never end, on both files
    let pinned: Vec<Connection> =
        ["store.sqlite", "events.sqlite"].iter().map(|name| pin(&options.data.join(name))).collect();
    let stop = AtomicBool::new(false);
    let backup = home.path().join("backup");
    let restored = Options::new(&home.path().join("restored"));
    std::thread::scope(|scope| {
        let sending = scope.spawn(|| load::run(&load, &stop).unwrap());
        std::thread::sleep(Duration::from_secs(2));
        fs::copy(&load.ledger, home.path().join("ledger-before")).unwrap();
        back_up(&options.data, &backup);
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
    restore(&backup, &restored.data);
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

/// By the command line, while the server is under load.
fn back_up(data: &Path, backup: &Path) {
    command("backup", backup, data);
    let again = run("backup", backup, data);
    assert_eq!(again.status.code(), Some(64), "a backup replaced another: {again:?}");
    let mode = fs::metadata(backup).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o700, "others can read the backup");
}

/// Into a new folder; twice is refused, and so is what is not whole.
fn restore(backup: &Path, data: &Path) {
    command("restore", backup, data);
    let again = run("restore", backup, data);
    assert_eq!(again.status.code(), Some(64), "a restore replaced a folder's data: {again:?}");
    let other = data.with_file_name("other");
    let half = backup.with_file_name("half");
    fs::create_dir(&half).unwrap();
    for name in ["store.sqlite", "events.sqlite", "master.key"] {
        fs::copy(backup.join(name), half.join(name)).unwrap();
    }
    assert_eq!(run("restore", &half, &other).status.code(), Some(64), "half a backup was restored");
    fs::copy(backup.join("backup.toml"), half.join("backup.toml")).unwrap();
    let log = fs::OpenOptions::new().write(true).open(half.join("events.sqlite")).unwrap();
    log.set_len(log.metadata().unwrap().len() - 8192).unwrap();
    assert_eq!(run("restore", &half, &other).status.code(), Some(64), "a cut backup was restored");
    assert!(!other.join("store.sqlite").exists());
}

fn command(verb: &str, backup: &Path, data: &Path) {
    let output = run(verb, backup, data);
    assert!(output.status.success(), "{verb}: {output:?}");
    eprintln!("{}", String::from_utf8_lossy(&output.stdout).trim());
}

fn run(verb: &str, backup: &Path, data: &Path) -> Output {
    Command::new(forebay().unwrap()).arg(verb).arg(backup).arg("--data").arg(data).output().unwrap()
}
