//! The process ends, panics or fails at every step of the walk. Needs the feature `failpoints`.

#[cfg(not(feature = "failpoints"))]
#[test]
fn crashes_are_tested_with_fail_points() {
    println!("skipped: crashes at every step (cargo test -p runner --features failpoints)");
}

#[cfg(feature = "failpoints")]
mod points {
    use std::path::Path;
    use std::process::Command;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use eventlog::{EventLog, Topic};
    use fail::FailScenario;
    use runner::{Clock, Parts, Settings};
    use store::command::CommandKind;

    use crate::processes;
    use crate::world::{Process, World, open_log, open_store, settings, until};

    const POINTS: [&str; 5] = [
        "runner::before_batch",
        "runner::in_step",
        "runner::before_store",
        "runner::before_commit",
        "runner::after_commit",
    ];

    fn crash_settings() -> Settings {
        Settings { batch_events: 25, command_lease_ms: 1_000, ..settings() }
    }

    /// Not a test of its own: the process that is ended. It works until nothing is left to do.
    #[test]
    fn child() {
        let (Ok(folder), Ok(at)) =
            (std::env::var("FOREBAY_TEST_FOLDER"), std::env::var("FOREBAY_TEST_ABORT"))
        else {
            return;
        };
        if let Some((point, hit)) = at.split_once('=') {
            let hit: u32 = hit.parse().unwrap();
            let hits = AtomicU32::new(0);
            fail::cfg_callback(point, move || {
                if hits.fetch_add(1, Ordering::SeqCst) + 1 >= hit {
                    std::process::abort();
                }
            })
            .unwrap();
        }
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let folder = Path::new(&folder);
            let (db, log) = (open_store(folder).await, open_log(folder));
            let parts = Parts {
                db: db.clone(),
                log: Arc::clone(&log) as Arc<dyn EventLog>,
                settings: crash_settings(),
                clock: Clock::system(),
            };
            let runner = runner::start(parts).unwrap();
            let topic = Topic::WebhookEvents;
            until("nothing is left to do", async || {
                let (next, waits) = db
                    .read::<_, store::StoreError, _>(move |tx| {
                        Box::pin(async move {
                            let positions = store::position::all(tx, topic.name()).await?;
                            let next = positions.first().map_or(0, |(_, position)| position.next_offset);
                            Ok((next, store::command::any_waiting(tx, i64::MAX).await?))
                        })
                    })
                    .await
                    .unwrap();
                !waits && log.lag(topic, &[(0, next)]).await.unwrap().records == 0
            })
            .await;
            runner.stop().await;
            log.close().await;
        });
    }

    /// Runs the child; `true` if it got to the end.
    fn run_child(folder: &Path, abort: &str) -> bool {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::points::child", "--nocapture"])
            .env("FOREBAY_TEST_FOLDER", folder)
            .env("FOREBAY_TEST_ABORT", abort)
            .env("RUST_BACKTRACE", "0")
            .output()
            .unwrap();
        let aborted = std::os::unix::process::ExitStatusExt::signal(&output.status).is_some();
        assert!(
            aborted || output.status.success(),
            "the child failed: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        !aborted
    }

    /// Appends events and closes the log, so that the child can have it.
    async fn feed(world: &mut World, bodies: Vec<String>) -> Vec<String> {
        world.log = open_log(world.folder.path());
        let events = world.post_many(bodies).await;
        world.log.close().await;
        events
    }

    /// Bar 4: an end of the process at every step of the walk, at its first, second and fourth time.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_process_that_ends_anywhere_loses_and_repeats_nothing() {
        let mut world = World::new().await;
        world.log.close().await;
        let processes = [
            Process::new(processes::straight(world.source)),
            Process::new(processes::decision(world.source)),
        ];
        world.commit(&processes).await;
        let mut events = Vec::new();
        let mut aborts = 0;
        for hit in [1, 2, 4] {
            for point in POINTS {
                let bodies = (0..110).map(|n| format!(r#"{{"amount":{n}}}"#)).collect();
                events.extend(feed(&mut world, bodies).await);
                aborts += u32::from(!run_child(world.folder.path(), &format!("{point}={hit}")));
                // not twice in a row: the event that runs alone then would count as fatal
                assert!(run_child(world.folder.path(), ""));
            }
        }
        println!("{} events, {aborts} ends", events.len());
        assert_eq!(aborts, 15);
        world.assert_exactly_once(&events, 2).await;
        assert!(world.failed().await.is_empty());
        assert_eq!(world.marker().await, None, "a clean stop leaves no marker");
        let counts = world.counts().await;
        assert_eq!((counts["accepted"], counts["started"]), (1_650, 3_300));
    }

    /// Ends in a row, also while events run alone: an event that was alone at three of them is set aside, visibly
    /// and with its payload; every other one is started once.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn ends_in_a_row_set_at_most_their_event_aside() {
        let mut world = World::new().await;
        world.log.close().await;
        world.commit(&[Process::new(processes::straight(world.source))]).await;
        let mut events = feed(&mut world, (0..110).map(|n| n.to_string()).collect()).await;
        for point in POINTS {
            assert!(!run_child(world.folder.path(), &format!("{point}=1")));
        }
        assert!(run_child(world.folder.path(), ""));
        let failed = world.failed().await;
        assert!(failed.len() <= 2, "{failed:#?}");
        for failed in &failed {
            assert_eq!(failed.cause_code, "engine-crash");
            events.retain(|event| *event != failed.event_id);
        }
        world.assert_exactly_once(&events, 1).await;
    }

    /// An event on which the process ends every time: in a batch, then in a small group, then alone three times; then it
    /// is set aside, and everything else is started.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn an_event_that_is_fatal_again_and_again_is_set_aside() {
        let mut world = World::new().await;
        world.log.close().await;
        world.commit(&[Process::new(processes::straight(world.source))]).await;
        let bodies = (0..100).map(|n| match n {
            37 => r#"{"poison":"engine"}"#.to_owned(),
            n => n.to_string(),
        });
        let mut events = feed(&mut world, bodies.collect()).await;
        let mut ends = 0;
        while !run_child(world.folder.path(), "runner::in_poison=1") {
            ends += 1;
            assert!(ends < 10, "the poison is never set aside");
        }
        assert_eq!(ends, 5);
        let failed = world.failed().await;
        assert_eq!(failed.len(), 1);
        assert_eq!((failed[0].stage.as_str(), failed[0].cause_code.as_str()), ("start", "engine-crash"));
        assert_eq!(failed[0].event_id, events.remove(37));
        assert_eq!(failed[0].instance_id, None);
        world.assert_exactly_once(&events, 1).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_command_is_done_once_although_the_process_ends_in_it() {
        let mut world = World::new().await;
        let mut process = Process::new(processes::script(world.source, "throw 1"));
        world.commit(std::slice::from_ref(&process)).await;
        world.log.close().await;
        feed(&mut world, vec!["{}".to_owned()]).await;
        assert!(run_child(world.folder.path(), ""));
        let failed = world.failed().await.remove(0);
        process.bpmn = processes::straight(world.source);
        world.commit(&[process]).await;
        let id = world.enqueue(CommandKind::RetryFailedTrigger, &failed.id, "{}").await;
        for _ in 0..2 {
            assert!(!run_child(world.folder.path(), "runner::in_command=1"));
            assert_eq!(world.instances().await.len(), 1);
        }
        assert!(run_child(world.folder.path(), ""));
        let command = world.find_command(&id).await;
        assert_eq!((command.state.as_str(), command.attempts), ("done", 3));
        let statuses: Vec<String> = world.instances().await.into_iter().map(|i| i.status).collect();
        assert_eq!(statuses, ["completed", "cancelled"]);

        // one on which it ends every time is given up
        let process = Process::new(processes::script(world.source, "throw 2"));
        world.commit(&[process]).await;
        feed(&mut world, vec!["{}".to_owned()]).await;
        assert!(run_child(world.folder.path(), ""));
        let failed = world.failed().await.remove(0);
        let id = world.enqueue(CommandKind::RetryFailedTrigger, &failed.id, "{}").await;
        for _ in 0..3 {
            assert!(!run_child(world.folder.path(), "runner::in_command=1"));
        }
        assert!(run_child(world.folder.path(), "runner::in_command=1"));
        let command = world.find_command(&id).await;
        assert_eq!(command.state, "failed");
        assert!(command.result.unwrap().contains("engine-crash"));
        assert_eq!(world.failed().await[0].status, "open");
    }

    /// A panic in a step is the event's own fault: the others of its batch go on.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "run by each_in_a_process_of_its_own"]
    async fn a_panic_in_a_step_sets_its_event_aside() {
        let scenario = FailScenario::setup();
        fail::cfg("runner::in_poison", "panic(the engine has a fault)").unwrap();
        let world = World::new().await;
        world.commit(&[Process::new(processes::straight(world.source))]).await;
        let runner = world.start();
        let bodies = (0..300).map(|n| match n % 100 {
            50 => format!(r#"{{"poison":"engine","n":{n}}}"#),
            _ => n.to_string(),
        });
        world.post_many(bodies).await;
        world.drained().await;
        let failed = world.failed().await;
        assert_eq!(failed.len(), 3);
        for failed in &failed {
            assert_eq!((failed.stage.as_str(), failed.cause_code.as_str()), ("start", "engine-crash"));
            assert!(failed.cause.contains("the engine has a fault"), "{}", failed.cause);
        }
        assert_eq!(world.instances().await.len(), 297);
        // a Retry that crashes again keeps it open; one that does not starts it
        let retry =
            async || world.command(&runner, CommandKind::RetryFailedTrigger, &failed[0].id, "{}").await.state;
        assert_eq!(retry().await, "done");
        assert_eq!(world.failed().await[0].status, "open");
        assert_eq!(world.instances().await.len(), 297);
        fail::remove("runner::in_poison");
        assert_eq!(retry().await, "done");
        assert_eq!(world.failed().await[0].status, "retried");
        assert_eq!(world.instances().await.len(), 298);
        runner.stop().await;
        scenario.teardown();
    }

    /// The store fails before and after the commit, for a while: nothing is skipped, nothing twice, and the
    /// runner says what does not work until it does.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "run by each_in_a_process_of_its_own"]
    async fn a_store_that_fails_is_waited_out() {
        let scenario = FailScenario::setup();
        let mut world = World::new().await;
        world.settings.batch_events = 10;
        world.commit(&[Process::new(processes::straight(world.source))]).await;
        fail::cfg("runner::before_commit", "return").unwrap();
        let runner = world.start();
        let events = world.post_many((0..200).map(|n| n.to_string())).await;
        until("the runner says so", async || !runner.status().ready).await;
        assert!(runner.status().troubles.contains_key("webhooks"), "{:?}", runner.status());
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(world.instances().await.is_empty());
        // more often, and some row of failures in a hundred runs waits for longer than the deadline of this test
        fail::cfg("runner::after_commit", "20%return").unwrap();
        fail::cfg("runner::before_commit", "20%return").unwrap();
        world.drained().await;
        world.assert_exactly_once(&events, 1).await;
        assert_eq!(world.counts().await["started"], 200);
        fail::remove("runner::after_commit");
        fail::remove("runner::before_commit");
        until("it works again", async || runner.status().ready).await;
        runner.stop().await;
        scenario.teardown();
    }

    /// Fail points are the process's: a test that sets them while others run would be theirs too.
    #[test]
    fn each_in_a_process_of_its_own() {
        for test in ["a_panic_in_a_step_sets_its_event_aside", "a_store_that_fails_is_waited_out"] {
            let name = format!("crash::points::{test}");
            let output = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", &name, "--ignored", "--nocapture"])
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(
                output.status.success() && said.contains("1 passed"),
                "{name}: {said}{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
    }
}
