//! The disk fills up: never a 200 that is not durable, and it goes on by itself when there is room again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use e2e::api::{Api, wait};
use e2e::body;
use e2e::ledger::{Entry, Writer};
use e2e::processes;
use e2e::random::seed;
use e2e::sending;
use e2e::server::{Options, Server, readiness};
use e2e::verify::Check;
use e2e::wire::Connection;

use crate::support::{JSON, LONG, heavy, project, skip};

/// A tmpfs of this size; unmounted when dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path, mib: u32) -> Result<Self, String> {
        fs::create_dir_all(at).unwrap();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={mib}m"), "forebay-test"])
            .arg(at)
            .output()
            .map_err(|error| error.to_string())?;
        if mount.status.success() {
            Ok(Self(at.to_owned()))
        } else {
            Err(String::from_utf8_lossy(&mount.stderr).into_owned())
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_gets_no_200_and_heals() {
    let _alone = heavy();
    let home = tempfile::tempdir().unwrap();
    let disk = match SmallDisk::mount(&home.path().join("disk"), 32) {
        Ok(disk) => disk,
        Err(why) => return skip("a_full_disk_gets_no_200_and_heals", &format!("no tmpfs: {why}")),
    };
    let mut options = Options::new(&disk.0.join("data")).config("[event_log]\nmin_free_bytes = 1048576\n");
    options.log = home.path().join("log");
    let server = Server::start(&options).unwrap();
    let api = Api::of(&server);
    let project = project(&api, "Full");
    let webhook = project.webhook("hook", &[&processes::straight]).unwrap();
    let seed = seed("disk full");
    let ledger_path = home.path().join("ledger");
    let mut ledger = Writer::open(&ledger_path).unwrap();
    let mut seq = 0;
    let mut send = |ledger: &mut Writer| {
        let mut connection = Connection::open(server.authority(), LONG).unwrap();
        connection.send(&Connection::request("POST", &webhook.target, JSON, &body::of(seed, seq))).unwrap();
        let answer = connection.answer().unwrap();
        ledger.append(&[Entry { seq, status: answer.status, event_id: answer.event_id() }]).unwrap();
        seq += 1;
        answer.status
    };
    assert_eq!(send(&mut ledger), 200);
    // a ballast leaves 3 MiB; the events take the rest
    let ballast = disk.0.join("ballast");
    fs::write(&ballast, vec![7_u8; free(&disk.0).saturating_sub(3 << 20)]).unwrap();
    let begun = Instant::now();
    while send(&mut ledger) == 200 {
        assert!(begun.elapsed() < Duration::from_secs(60), "the disk does not fill");
    }
    let mut refused = 0;
    for _ in 0..20 {
        let status = send(&mut ledger);
        assert!(matches!(status, 200 | 503), "{status}");
        refused += u32::from(status == 503);
    }
    assert!(refused > 0);
    // to the last byte
    let _ = fs::write(disk.0.join("ballast-2"), vec![7_u8; free(&disk.0)]);
    wait(LONG, "readiness stays green", || Ok(readiness(server.authority())? == 503)).unwrap();
    assert_eq!(send(&mut ledger), 503);
    let cpu = e2e::proc_stat::cpu(server.pid());
    std::thread::sleep(Duration::from_secs(1));
    let busy = e2e::proc_stat::cpu(server.pid()).saturating_sub(cpu);
    assert!(busy < Duration::from_millis(500), "{busy:?} of CPU in a second of nothing: a busy loop");
    // room again: it works without a restart
    fs::remove_file(&ballast).unwrap();
    let _ = fs::remove_file(disk.0.join("ballast-2"));
    wait(LONG, "it does not heal", || Ok(readiness(server.authority())? == 200 && send(&mut ledger) == 200))
        .unwrap();
    let check =
        Check { project: project.id, definitions: webhook.definitions, ledger: ledger_path, seed, one_in: 1 };
    let verdict = sending::verify(&options.address_file(), &check)
        .unwrap_or_else(|error| panic!("{error}\n{}", server.log_tail()));
    eprintln!("disk full: {verdict:?}, {busy:?} of CPU in a second while full");
    assert!(verdict.is_good() && verdict.accepted > 1, "{verdict:?}");
}

fn free(disk: &Path) -> usize {
    let shown = Command::new("df").args(["-B1", "--output=avail"]).arg(disk).output().unwrap();
    let text = String::from_utf8_lossy(&shown.stdout).into_owned();
    text.lines().nth(1).and_then(|line| line.trim().parse().ok()).unwrap()
}
