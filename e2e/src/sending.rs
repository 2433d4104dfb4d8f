//! The load client and the checker as children: processes of their own, which a fault of the server cannot reach.

use std::io;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use crate::api::wait;
use crate::ledger::Counter;
use crate::load::{Load, Summary};
use crate::server::{TOKEN, tool};
use crate::verify::{Check, Verdict};

/// A load client at work.
#[derive(Debug)]
pub struct Sending(Option<Child>);

impl Sending {
    /// Starts to send.
    pub fn start(load: &Load) -> io::Result<Self> {
        let mut command = Command::new(tool("sender")?);
        command.arg("send").arg("--until-stdin-ends");
        command.arg("--address-file").arg(&load.address_file).arg("--ledger").arg(&load.ledger);
        command.args(["--target", &load.target]);
        for (name, value) in [
            ("--connections", load.connections as u64),
            ("--seed", load.seed),
            ("--first", load.first),
            ("--events", load.events),
            ("--rate", load.rate),
        ] {
            command.args([name, &value.to_string()]);
        }
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .map(|child| Self(Some(child)))
    }

    /// Whether it has sent everything, or failed.
    pub fn ended(&mut self) -> bool {
        self.0.as_mut().is_none_or(|child| matches!(child.try_wait(), Ok(Some(_)) | Err(_)))
    }

    /// Waits until so many more requests are answered, in whatever way; `counter` counts in its ledger.
    pub fn reach(&mut self, counter: &mut Counter, more: u64) -> io::Result<()> {
        let until = counter.count()? + more;
        wait(Duration::from_secs(120), "requests were never answered", || {
            if self.ended() {
                return Err(io::Error::other("the sender ended early"));
            }
            Ok(counter.count()? >= until)
        })
    }

    /// Waits until it has sent everything.
    pub fn wait(mut self) -> io::Result<Summary> {
        let mut child = self.0.take().ok_or(io::ErrorKind::NotFound)?;
        // its standard input must stay open while it works: wait_with_output would close it first
        let input = child.stdin.take();
        let output = child.wait_with_output()?;
        drop(input);
        parsed(&output, "sender send")
    }

    /// Tells it to stop, and waits until all answers are in the ledger.
    pub fn stop(mut self) -> io::Result<Summary> {
        let child = self.0.take().ok_or(io::ErrorKind::NotFound)?;
        parsed(&child.wait_with_output()?, "sender send")
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Runs the checker against the server that the address file names.
pub fn verify(address_file: &Path, check: &Check) -> io::Result<Verdict> {
    verify_apart(address_file, address_file, check)
}

/// The same where console and runner are two servers.
pub fn verify_apart(console: &Path, runner: &Path, check: &Check) -> io::Result<Verdict> {
    let mut command = Command::new(tool("sender")?);
    command.arg("verify").arg("--address-file").arg(console).arg("--ledger").arg(&check.ledger);
    command.arg("--runner-address-file").arg(runner);
    command.args(["--token", TOKEN, "--project", &check.project]);
    for definition in &check.definitions {
        command.args(["--definition", definition]);
    }
    command.args(["--seed", &check.seed.to_string(), "--one-in", &check.one_in.to_string()]);
    parsed(&command.stderr(Stdio::piped()).output()?, "sender verify")
}

fn parsed<T: serde::de::DeserializeOwned>(output: &Output, what: &str) -> io::Result<T> {
    serde_json::from_slice(&output.stdout).map_err(|_| {
        let said = String::from_utf8_lossy(&output.stderr);
        io::Error::other(format!("{what} ended with {}: {said}", output.status))
    })
}
