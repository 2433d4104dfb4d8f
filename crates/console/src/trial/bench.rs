//! The threads on which drafts are tried.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use tokio::sync::oneshot;
use uuid::Uuid;

use super::{Attempt, Refused, Trial, walk};

/// Threads that try drafts.
const THREADS: usize = 2;
/// Trials that may wait for a thread.
const WAITING: usize = 8;
/// Trials of one user at a time.
const OF_A_USER: usize = 2;
/// Threads that may be stuck in a script at a time.
const LOST: usize = 4;
/// How long a trial may take once it runs: the limits of steps and scripts end it long before.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long one may wait for its turn.
const TURN: Duration = Duration::from_secs(20);
/// Room for the recursion of a deep process and a script's own stack.
const STACK_BYTES: usize = 8 << 20;

/// Why a trial gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Busy {
    /// The user tries too many at once.
    User,
    /// All threads have enough to do.
    Full,
    /// It ran too long and was left alone.
    Stuck,
    /// It crashed.
    Crashed,
}

type Answer = Result<Trial, Refused>;

struct Job {
    attempt: Attempt,
    answer: oneshot::Sender<Answer>,
    /// Says that it runs.
    begun: oneshot::Sender<()>,
    abandoned: Arc<AtomicBool>,
}

/// The threads; they start with the first trial.
#[derive(Debug)]
pub(crate) struct Trials {
    limits: Arc<(engine::Limits, script::Limits)>,
    queue: Mutex<Option<mpsc::SyncSender<Job>>>,
    jobs: Arc<Mutex<Option<mpsc::Receiver<Job>>>>,
    lost: Arc<AtomicUsize>,
    users: Arc<Mutex<HashMap<Uuid, usize>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A user's share of the trials that run; given back when it is dropped.
struct Share {
    users: Arc<Mutex<HashMap<Uuid, usize>>>,
    user: Uuid,
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut users = lock(&self.users);
        if let Some(own) = users.get_mut(&self.user) {
            *own -= 1;
            if *own == 0 {
                users.remove(&self.user);
            }
        }
    }
}

impl Trials {
    /// With the limits of the runner.
    pub(crate) fn new(engine: engine::Limits, script: script::Limits) -> Self {
        Trials {
            limits: Arc::new((engine, script::Limits { contexts: 1, ..script })),
            queue: Mutex::default(),
            jobs: Arc::default(),
            lost: Arc::default(),
            users: Arc::default(),
        }
    }

    /// Tries something; answers in a bounded time, whatever its scripts do.
    pub(crate) async fn run(&self, user: Uuid, attempt: Attempt) -> Result<Answer, Busy> {
        let _share = self.share(user)?;
        let (answer, answered) = oneshot::channel();
        let (begun, runs) = oneshot::channel();
        let abandoned = Arc::new(AtomicBool::new(false));
        self.queue(Job { attempt, answer, begun, abandoned: Arc::clone(&abandoned) })?;
        let turn = tokio::time::timeout(TURN, runs).await.map_err(|_| Busy::Full)?;
        turn.map_err(|_| Busy::Crashed)?;
        match tokio::time::timeout(PATIENCE, answered).await {
            Ok(answer) => answer.map_err(|_| Busy::Crashed),
            Err(_) => {
                self.replace(&abandoned);
                Err(Busy::Stuck)
            }
        }
    }

    fn share(&self, user: Uuid) -> Result<Share, Busy> {
        let mut users = lock(&self.users);
        let own = users.entry(user).or_default();
        if *own >= OF_A_USER {
            return Err(Busy::User);
        }
        *own += 1;
        Ok(Share { users: Arc::clone(&self.users), user })
    }

    fn queue(&self, job: Job) -> Result<(), Busy> {
        if self.lost.load(Ordering::Relaxed) >= LOST {
            return Err(Busy::Full);
        }
        let mut queue = lock(&self.queue);
        if queue.is_none() {
            let (sender, receiver) = mpsc::sync_channel(WAITING);
            *lock(&self.jobs) = Some(receiver);
            for _ in 0..THREADS {
                self.start().map_err(|_| Busy::Full)?;
            }
            *queue = Some(sender);
        }
        let sender = queue.as_ref().ok_or(Busy::Full)?;
        sender.try_send(job).map_err(|_| Busy::Full)
    }

    /// A thread is lost for now: another one takes its place, unless too many are.
    fn replace(&self, abandoned: &AtomicBool) {
        abandoned.store(true, Ordering::SeqCst);
        let lost = self.lost.fetch_add(1, Ordering::SeqCst) + 1;
        metrics::counter!("forebay_trials_stuck_total").increment(1);
        tracing::warn!(lost, "a draft that is being tried does not end; its thread is left alone");
        if let Err(e) = self.start() {
            tracing::error!("a thread cannot be started: {e}");
        }
    }

    fn start(&self) -> std::io::Result<()> {
        let (jobs, lost, limits) = (Arc::clone(&self.jobs), Arc::clone(&self.lost), Arc::clone(&self.limits));
        let work = move || {
            loop {
                let job = match lock(&jobs).as_ref().map(mpsc::Receiver::recv) {
                    Some(Ok(job)) => job,
                    _ => return,
                };
                // nobody waits for it any more
                if job.begun.send(()).is_err() {
                    continue;
                }
                let tried = catch_unwind(AssertUnwindSafe(|| walk::run(&job.attempt, &limits)));
                if job.abandoned.load(Ordering::SeqCst) {
                    // another thread has this one's place
                    lost.fetch_sub(1, Ordering::SeqCst);
                    return;
                }
                match tried {
                    Ok(tried) => drop(job.answer.send(tried)),
                    Err(_) => tracing::error!("the engine crashed on a draft that was tried"),
                }
            }
        };
        std::thread::Builder::new().name("trial".to_owned()).stack_size(STACK_BYTES).spawn(work)?;
        Ok(())
    }
}
