//! Engine steps on threads of their own: each has a script engine, none is a worker of the async runtime.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

use tokio::sync::oneshot;

use crate::engines::bench::{Bench, Limits};

pub(crate) mod bench;
mod watchdog;

/// Room for the recursion of a deep process and a script's own stack.
const STACK_BYTES: usize = 8 << 20;

/// Fewer jobs than this are not worth the way to a second thread.
const SMALL: usize = 16;

/// The engine threads are gone: the process ends, or one of them was lost.
#[derive(Debug, thiserror::Error)]
#[error("an engine thread is gone")]
pub(crate) struct Gone;

/// Work for an engine thread: it gets the thread's bench and says what it found.
type Task = Box<dyn FnOnce(&mut Bench) + Send>;

/// The threads.
#[derive(Debug)]
pub(crate) struct Engines {
    queues: Vec<mpsc::Sender<Task>>,
    next: AtomicUsize,
}

impl Engines {
    /// Starts `threads` threads. They end when this is dropped and their work is done.
    pub(crate) fn start(threads: usize, limits: Limits) -> std::io::Result<Self> {
        let limits = Arc::new(limits);
        let mut queues = Vec::with_capacity(threads);
        let (seen, watches) = mpsc::channel();
        for number in 0..threads.max(1) {
            let (queue, tasks) = mpsc::channel::<Task>();
            let (limits, seen) = (Arc::clone(&limits), seen.clone());
            std::thread::Builder::new().name(format!("engine-{number}")).stack_size(STACK_BYTES).spawn(
                move || {
                    let mut bench = Bench::new(limits);
                    // the watchdog is there as long as an engine thread is
                    let _ = seen.send(bench.watch());
                    while let Ok(task) = tasks.recv() {
                        task(&mut bench);
                    }
                },
            )?;
            queues.push(queue);
        }
        drop(seen);
        watchdog::start(watches, limits.script_stuck_ms)?;
        Ok(Self { queues, next: AtomicUsize::new(0) })
    }

    /// Runs `work` on every job, in the order of the jobs. A panic in `work` is the job's own: it becomes an
    /// `Err` with its text, the thread's script contexts are thrown away, the other jobs go on.
    pub(crate) async fn run<J, R>(
        &self,
        jobs: Vec<J>,
        work: fn(&mut Bench, &J) -> R,
    ) -> Result<Vec<Result<R, String>>, Gone>
    where
        J: Send + 'static,
        R: Send + 'static,
    {
        let parts = if jobs.len() < SMALL { 1 } else { self.queues.len() };
        let size = jobs.len().div_ceil(parts).max(1);
        let mut answers = Vec::with_capacity(parts);
        let mut jobs = jobs.into_iter();
        loop {
            let part: Vec<J> = jobs.by_ref().take(size).collect();
            if part.is_empty() {
                break;
            }
            let (answer, answered) = oneshot::channel();
            let task: Task = Box::new(move |bench| {
                let results = part.iter().map(|job| guarded(bench, job, work)).collect::<Vec<_>>();
                // nobody waits any more when the runner was dropped
                let _ = answer.send(results);
            });
            let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.queues.len();
            self.queues.get(turn).ok_or(Gone)?.send(task).map_err(|_| Gone)?;
            answers.push(answered);
        }
        let mut results = Vec::new();
        for answered in answers {
            results.append(&mut answered.await.map_err(|_| Gone)?);
        }
        Ok(results)
    }
}

fn guarded<J, R>(bench: &mut Bench, job: &J, work: fn(&mut Bench, &J) -> R) -> Result<R, String> {
    let result = catch_unwind(AssertUnwindSafe(|| work(bench, job)));
    result.map_err(|panic| {
        // whatever the panic left half-done lives in here; should dropping it panic too, that is the end of it
        let _ = catch_unwind(AssertUnwindSafe(|| bench.renew()));
        text_of(panic.as_ref())
    })
}

fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no text".to_owned());
    text.chars().take(500).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
