//! Faults at named places of the writer, with the feature `failpoints` only. The places are the process's, so each
//! fault is set in a process of its own: this test binary once more.

use std::process::Command;
use std::sync::Arc;

use eventlog::{AppendError, EventLog, LogError};

use crate::embedded::{Embedded, options};
use crate::harness::{Harness, TOPIC, append, earliest, everything, record, within};

const PLACE: &str = "EVENTLOG_FAILPOINT";
const ACTION: &str = "EVENTLOG_FAILPOINT_ACTION";

/// What became of 20 appends.
struct Seen {
    outcomes: Vec<String>,
    /// Records that a later opening found.
    stored: usize,
    fatal: bool,
}

fn with(place: &str, action: &str) -> Seen {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "failpoints::in_a_process", "--ignored", "--nocapture", "--test-threads=1"])
        .env(PLACE, place)
        .env(ACTION, action)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let after =
        |word: &str| text.lines().filter_map(|line| line.strip_prefix(word)).map(str::to_owned).collect();
    let (outcomes, stored, fatal): (Vec<_>, Vec<String>, Vec<String>) =
        (after("outcome "), after("stored "), after("fatal "));
    assert_eq!(outcomes.len(), 20, "{text}");
    Seen { outcomes, stored: stored[0].parse().unwrap(), fatal: fatal[0] == "true" }
}

/// Not a test: what the process does.
#[test]
#[ignore = "the child process of other tests"]
fn in_a_process() {
    let (Ok(place), Ok(action)) = (std::env::var(PLACE), std::env::var(ACTION)) else { return };
    println!();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut harness = Embedded::new();
        let log: Arc<dyn EventLog> = Arc::new(eventlog::open(&harness.path(), options()).unwrap());
        let mut subscription = log.subscribe(TOPIC, earliest()).await.unwrap();
        append(&log, &record("first")).await;
        fail::cfg(&place, &action).unwrap();
        for n in 0..20 {
            let outcome = match within(log.append(TOPIC, record(format!("{n}")))).await {
                Ok(_) => "stored",
                Err(AppendError::Unknown(_)) => "unknown",
                Err(error) => {
                    assert!(error.is_definite());
                    "definite"
                }
            };
            println!("outcome {outcome}");
        }
        println!("fatal {}", log.health().fatal.is_some());
        fail::remove(&place);
        within(log.close()).await;
        // Whoever receives comes to an end as well.
        while within(subscription.receive(10, 1 << 20)).await.is_ok() {}
        assert!(matches!(subscription.receive(10, 1 << 20).await, Err(LogError::Closed)));
        drop(log);
        let log = harness.open().await;
        println!("stored {}", everything(&log).await.len() - 1);
        log.close().await;
    });
}

#[test]
fn refused_before_the_queue() {
    let seen = with("eventlog::before_append", "5*return->off");
    assert_eq!(seen.outcomes[..5], ["definite"; 5]);
    assert_eq!(seen.outcomes[5..], ["stored"; 15]);
    assert_eq!((seen.stored, seen.fatal), (15, false));
}

/// The writer dies in the middle of a transaction: the waiter is told that it is not known, later ones that
/// nothing was done, and nothing of it is stored.
#[test]
fn a_panic_before_the_commit() {
    let seen = with("eventlog::before_commit", "panic");
    assert_eq!(
        (seen.outcomes[0].as_str(), &seen.outcomes[1..]),
        ("unknown", &["definite"; 19].map(str::to_owned)[..])
    );
    assert_eq!((seen.stored, seen.fatal), (0, true));
}

/// The same after the commit: it is stored, which is why the waiter was not told that it is not.
#[test]
fn a_panic_after_the_commit() {
    let seen = with("eventlog::after_commit", "panic");
    assert_eq!(
        (seen.outcomes[0].as_str(), &seen.outcomes[1..]),
        ("unknown", &["definite"; 19].map(str::to_owned)[..])
    );
    assert_eq!((seen.stored, seen.fatal), (1, true));
}

/// A slow disk delays, it does not lose.
#[test]
fn a_slow_commit() {
    let seen = with("eventlog::before_commit", "sleep(20)");
    assert_eq!(seen.outcomes, ["stored"; 20]);
    assert_eq!((seen.stored, seen.fatal), (20, false));
}
