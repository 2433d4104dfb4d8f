//! Bar 13: a runner that gets a tenth of the CPU falls behind, says so, keeps its partitions, and catches up.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use e2e::api::{Api, Project};
use e2e::cluster::Cluster;
use e2e::load::Load;
use e2e::metrics;
use e2e::processes;
use e2e::random::seed;
use e2e::sending::{self, Sending};
use e2e::server::Server;
use e2e::verify::Check;
use rustix::process::Signal;

use crate::support::{heavy, skip};

const EVENTS: u64 = 40_000;
/// The fault: how long it runs and how long it stands still, again and again.
const PULSE: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(90));
/// Looks at the metrics while it is throttled: together they are the length of the fault.
const LOOKS: usize = 40;
const LOOK_EACH: Duration = Duration::from_millis(250);
/// The runner measures its lag each second of its own time; a throttled one is late with it.
const OLD_NEWS: f64 = 15.0;

#[test]
fn a_throttled_runner_keeps_its_partitions_and_tells_how_late_it_is() {
    let _alone = heavy();
    let home = tempfile::tempdir().unwrap();
    let Some(cluster) = Cluster::new(home.path(), "throttled").unwrap() else {
        return skip("throttled", "FOREBAY_TEST_KAFKA and FOREBAY_TEST_POSTGRES are not set");
    };
    let front = cluster.start("front", "console,gateway").unwrap();
    let runner = cluster.start("runner", "runner").unwrap();
    let project = Project::make(&Api::of(&front), "Throttled").unwrap();
    let webhook = project.webhook("hook", &[&processes::branching]).unwrap();
    let load = Load {
        address_file: front.options().address_file(),
        target: webhook.target.clone(),
        connections: 32,
        seed: seed("throttled"),
        first: 0,
        events: EVENTS,
        rate: 0,
        ledger: home.path().join("ledger"),
    };
    let figures = |name: &str| {
        let text = Api::of(&runner).plain("/metrics").unwrap().text();
        metrics::sum(&text, name).unwrap_or(0.0)
    };
    let rebalances = figures(REBALANCES);
    assert!(rebalances > 0.0, "nothing was assigned");
    let throttled = AtomicBool::new(true);
    std::thread::scope(|scope| {
        scope.spawn(|| pulse(&runner, &throttled));
        // whatever fails in here, the other thread has to end
        let _over = Over(&throttled);
        let begun = Instant::now();
        let summary = Sending::start(&load).unwrap().wait().unwrap();
        let sent = Instant::now();
        assert_eq!(summary.accepted, EVENTS, "{summary:?}");
        let mut late = Vec::new();
        while late.len() < LOOKS {
            std::thread::sleep(LOOK_EACH);
            let (most, least) = (begun.elapsed(), sent.elapsed());
            let (lag, age) = (figures("forebay_lag_records"), figures(AGE));
            // every event was accepted between the two moments, so whichever is the oldest is as old as this
            assert!(age <= most.as_secs_f64() + 1.0, "{age} s, first sent {most:?} ago");
            if lag > 0.0 {
                assert!(age >= least.as_secs_f64() - OLD_NEWS, "{age} s, last sent {least:?} ago");
            }
            late.push((lag, age));
        }
        eprintln!("throttled: lag and age {:?} … {:?}", late[0], late[LOOKS - 1]);
        assert!(late.iter().any(|(lag, age)| *lag > 1_000.0 && *age > 2.0), "never behind: {late:?}");
    });
    assert_eq!(figures(REBALANCES), rebalances, "partitions wandered\n{}", runner.log_tail());
    let begun = Instant::now();
    let left = EVENTS as f64 - figures(STARTED);
    let check = Check::of(&load, &project, &webhook);
    let api = Api::of(&runner);
    api.wait_drained(Duration::from_secs(120)).unwrap();
    eprintln!("throttled: {left} left, {:.0}/s at full speed", left / begun.elapsed().as_secs_f64());
    assert!(left > 0.0, "there was nothing to catch up with");
    let verdict =
        sending::verify_apart(&front.options().address_file(), &runner.options().address_file(), &check)
            .unwrap();
    eprintln!("throttled: {verdict:?}");
    assert!(verdict.is_good(), "{verdict:?}\n{}", runner.log_tail());
    assert_eq!(figures(REBALANCES), rebalances, "partitions wandered\n{}", runner.log_tail());
    runner.stop().unwrap();
    front.stop().unwrap();
}

/// The control: one that stands still for longer than its session loses them, and the figure says so.
#[test]
fn a_runner_that_stands_still_too_long_loses_its_partitions() {
    let _alone = heavy();
    let home = tempfile::tempdir().unwrap();
    let Some(cluster) = Cluster::new(home.path(), "stood_still").unwrap() else {
        return skip("stood_still", "FOREBAY_TEST_KAFKA and FOREBAY_TEST_POSTGRES are not set");
    };
    let runners = ["first", "second"].map(|name| cluster.start(name, "runner").unwrap());
    // of one group: the other topic's has rebalances of its own, at its own time
    let figure = |of: &Server| {
        let text = Api::of(of).plain("/metrics").unwrap().text();
        metrics::sum_where(&text, REBALANCES, "topic=\"forebay.webhook-events\"").unwrap_or(0.0)
    };
    let [first, second] = &runners;
    let waits = |what: &str, of: &Server, before: f64| {
        e2e::api::wait(Duration::from_secs(60), what, || Ok(figure(of) > before)).unwrap();
    };
    waits("the second runner has no partitions", second, 0.0);
    let before = runners.each_ref().map(figure);
    first.signal(Signal::STOP).unwrap();
    waits("its partitions were not given away", second, before[1]);
    first.signal(Signal::CONT).unwrap();
    waits("it was not told", first, before[0]);
    for runner in runners {
        runner.stop().unwrap();
    }
}

const REBALANCES: &str = "forebay_log_rebalances_total";
const AGE: &str = "forebay_oldest_unstarted_event_seconds";
const STARTED: &str = "forebay_instances_started_total";

/// Lets the process run for a tenth of the time.
fn pulse(runner: &Server, throttled: &AtomicBool) {
    while throttled.load(Ordering::Relaxed) {
        runner.signal(Signal::STOP).unwrap();
        std::thread::sleep(PULSE.1);
        runner.signal(Signal::CONT).unwrap();
        std::thread::sleep(PULSE.0);
    }
}

/// Ends the pulses when dropped.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}
