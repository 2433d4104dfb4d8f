//! The last resort against a script that nothing can end: the process ends, and the next start runs the
//! event alone and, if it happens again, sets it aside.

use std::sync::mpsc;
use std::time::Duration;

use script::Watch;

/// Watches the scripts of every engine thread, until all of them are gone.
pub(super) fn start(watches: mpsc::Receiver<Watch>, stuck_ms: u64) -> std::io::Result<()> {
    if stuck_ms == 0 {
        return Ok(());
    }
    let limit = Duration::from_millis(stuck_ms);
    std::thread::Builder::new().name("engine-watchdog".to_owned()).spawn(move || {
        let mut watched: Vec<Watch> = Vec::new();
        let step = (limit / 4).clamp(Duration::from_millis(10), Duration::from_secs(1));
        loop {
            match watches.recv_timeout(step) {
                Ok(watch) => watched.push(watch),
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
            }
            if let Some(stuck) = watched.iter().filter_map(Watch::running).find(|running| *running > limit) {
                tracing::error!(seconds = stuck.as_secs(), "a script cannot be ended; ending the process");
                std::process::abort();
            }
        }
    })?;
    Ok(())
}
