//! How fast it is: `cargo test --release -p eventlog -- speed --ignored --nocapture`. Prints, judges nothing
//! but that all was stored.

use std::sync::Arc;
use std::time::{Duration, Instant};

use eventlog::{EventLog, Options};

use crate::embedded::Embedded;
use crate::harness::{TOPIC, append, earliest, record};

/// Each waiter appends 1 KB, waits for the acknowledgement, and again, for so long.
const TIME: Duration = Duration::from_secs(4);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures"]
async fn appends() {
    for waiters in [1, 8, 64, 512] {
        let harness = Embedded::new();
        let log: Arc<dyn EventLog> = Arc::new(eventlog::open(&harness.path(), Options::default()).unwrap());
        let begun = Instant::now();
        let tasks = (0..waiters).map(|_| {
            let log = Arc::clone(&log);
            tokio::spawn(async move {
                let mut times = Vec::new();
                while begun.elapsed() < TIME {
                    let at = Instant::now();
                    append(&log, &record(vec![b'x'; 1024])).await;
                    times.push(at.elapsed());
                }
                times
            })
        });
        let mut times: Vec<_> =
            futures::future::join_all(tasks).await.into_iter().flat_map(Result::unwrap).collect();
        let rate = times.len() as f64 / begun.elapsed().as_secs_f64();
        times.sort_unstable();
        let at = |share: f64| times[(times.len() as f64 * share) as usize];
        println!(
            "{waiters} waiters: {rate:.0}/s, p50 {:?}, p99 {:?}, p99.9 {:?}, max {:?}, wal {} MiB",
            at(0.5),
            at(0.99),
            at(0.999),
            times.last().unwrap(),
            log.health().wal_bytes >> 20
        );
        assert_eq!(log.lag(TOPIC, &[]).await.unwrap().records, times.len() as u64);
        let begun = Instant::now();
        let mut subscription = log.subscribe(TOPIC, earliest()).await.unwrap();
        let mut received = 0;
        while received < times.len() {
            received += subscription.receive(500, 4 << 20).await.unwrap().records.len();
        }
        println!("  received {:.0}/s", received as f64 / begun.elapsed().as_secs_f64());
        let begun = Instant::now();
        log.close().await;
        println!("  closed in {:?}", begun.elapsed());
        let begun = Instant::now();
        let log = eventlog::open(&harness.path(), Options::default()).unwrap();
        println!("  opened in {:?}", begun.elapsed());
        drop(log);
    }
}
