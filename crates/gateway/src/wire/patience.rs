//! A deadline that moves with nearly every request and is nearly never reached.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::time::{Instant, Sleep, sleep_until};

/// A timer that is not re-armed when its deadline moves further away, but only when it fires too early: the
/// usual request costs no work in the timer wheel.
#[derive(Default)]
pub(super) struct Patience {
    timer: Option<Pin<Box<Sleep>>>,
}

impl Patience {
    /// Ready once the deadline is over; otherwise the task is woken by then.
    pub(super) fn poll_over(&mut self, cx: &mut Context<'_>, deadline: Instant) -> Poll<()> {
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if timer.deadline() > deadline {
            timer.as_mut().reset(deadline);
        }
        while timer.as_mut().poll(cx).is_ready() {
            if Instant::now() >= deadline {
                return Poll::Ready(());
            }
            timer.as_mut().reset(deadline);
        }
        Poll::Pending
    }
}
