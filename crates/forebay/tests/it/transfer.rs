//! `forebay export` and `forebay import` against a Forebay that runs.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::command_line::{forebay, text};

const TOKEN: &str = "a-token-of-the-tests-0123456789";

/// A Forebay with the sample project, on a folder and a port of its own.
struct Running {
    child: Child,
    folder: tempfile::TempDir,
}

impl Running {
    fn start() -> Running {
        let folder = tempfile::tempdir().unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_forebay"))
            .args(["up", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.path().join("data"))
            .env("FOREBAY_ADMIN_TOKEN", TOKEN)
            .env_remove("FOREBAY_CONFIG")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let running = Running { child, folder };
        let deadline = Instant::now() + Duration::from_secs(60);
        while !running.path("data/address").exists() {
            assert!(Instant::now() < deadline, "it did not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        running
    }

    fn path(&self, rest: &str) -> std::path::PathBuf {
        self.folder.path().join(rest)
    }

    fn address(&self) -> String {
        fs::read_to_string(self.path("data/address")).unwrap().trim().to_owned()
    }

    /// What it said, and whether it was done.
    fn say(&self, arguments: &[&str]) -> (bool, String) {
        let data = self.path("data");
        let mut all = arguments.to_vec();
        if !arguments.contains(&"--server") {
            all.extend(["--data", data.to_str().unwrap()]);
        }
        let out = forebay(&all);
        (out.status.success(), text(&out.stdout) + &text(&out.stderr))
    }

    #[track_caller]
    fn done(&self, arguments: &[&str]) -> String {
        let (done, said) = self.say(arguments);
        assert!(done, "{arguments:?}: {said}");
        said
    }

    #[track_caller]
    fn refused(&self, arguments: &[&str], because: &str) {
        let (done, said) = self.say(arguments);
        assert!(!done && said.contains(because), "{arguments:?}: {said}");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for name in ["forebay.toml", "processes/order-intake.bpmn"] {
        all.push((name.to_owned(), fs::read(folder.join(name)).unwrap()));
    }
    all
}

#[test]
fn a_project_goes_out_and_comes_back() {
    let there = Running::start();
    let git = there.path("git");
    let folder = git.to_str().unwrap();
    there.done(&["export", "Order intake", folder]);
    let first = files(&git);
    // a diagram that is gone there goes here too; what is somebody else's stays
    fs::write(git.join("processes/old.bpmn"), "<old/>").unwrap();
    fs::write(git.join("README.md"), "Mine").unwrap();
    there.done(&["export", "Order intake", folder]);
    assert_eq!(files(&git), first, "the same commit gives the same bytes");
    assert!(!git.join("processes/old.bpmn").exists() && git.join("README.md").exists());
    let file = there.path("project.tar.gz");
    let file = file.to_str().unwrap();
    there.done(&["export", "Order intake", file]);
    there.refused(&["export", "None", file], "there is no project");
    there.refused(&["export", "Order intake", there.folder.path().to_str().unwrap()], "is not empty");

    there.refused(&["import", folder], "name-taken");
    let seen = there.done(&["import", folder, "--name", "Copy", "--dry-run"]);
    assert!(seen.contains("+ added") && seen.contains("Nothing was changed"), "{seen}");
    there.refused(&["export", "Copy", file], "there is no project");
    there.done(&["import", folder, "--name", "Copy"]);
    there.refused(&["export", "Copy", file], "no commit yet");
    let same = there.done(&["import", file, "--project", "Copy"]);
    assert!(same.contains("Nothing differs"), "{same}");

    // an edit by hand, and over HTTP with a token
    let toml = fs::read_to_string(git.join("forebay.toml")).unwrap();
    fs::write(git.join("forebay.toml"), toml.replace("Orders from", "Bestellungen aus")).unwrap();
    let address = there.address();
    let with = |token| {
        ["import", folder, "--project", "Copy", "--server", &address, "--token", token].map(str::to_owned)
    };
    let good = with(TOKEN);
    let changed = there.done(&good.each_ref().map(String::as_str));
    assert!(changed.contains("~ changed"), "{changed}");
    let wrong = with("wrong");
    there.refused(&wrong.each_ref().map(String::as_str), "unauthenticated");
    let nobody = ["import", folder, "--name", "x", "--server", "http://127.0.0.1:1", "--token", "x"];
    there.refused(&nobody, "does not answer");

    std::os::unix::fs::symlink("/etc/hostname", git.join("processes/evil.bpmn")).unwrap();
    there.refused(&["import", folder, "--name", "Evil"], "links are not followed");
    let empty = there.path("empty");
    fs::create_dir(&empty).unwrap();
    there.refused(&["import", empty.to_str().unwrap()], "no forebay.toml");
}

#[test]
fn without_a_running_forebay_it_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let out = forebay(&["export", "x", "y.tar.gz", "--data", data.to_str().unwrap()]);
    assert!(text(&out.stderr).contains("forebay up"), "{}", text(&out.stderr));
    assert!(!data.exists());
    let half = forebay(&["export", "x", "y.tar.gz", "--server", "http://127.0.0.1:1"]);
    assert!(text(&half.stderr).contains("--token"), "{}", text(&half.stderr));
}
