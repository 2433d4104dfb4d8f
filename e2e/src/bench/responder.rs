//! A program that prints its address and answers until it is killed.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// One as a child; killed when dropped.
pub(super) struct Responder {
    child: Child,
    /// Where it answers.
    pub(super) url: String,
}

impl Responder {
    /// Starts it and reads the address.
    pub(super) fn start(program: impl AsRef<OsStr>, words: &[&str]) -> io::Result<Self> {
        let mut child = Command::new(program).args(words).stdout(Stdio::piped()).spawn()?;
        let mut address = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut address)?;
        }
        Ok(Self { child, url: format!("http://{}/webhooks/incoming", address.trim()) })
    }

    /// The process id.
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// As many threads as the gateway's runtime has.
pub(super) fn threads() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    cores.saturating_sub(1).max(1).to_string()
}
