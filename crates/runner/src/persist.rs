//! Storing a batch, whatever it takes: planned anew when another commit runs, waited out when the store does
//! not work, split when the store refuses the rows, until the guilty record stands alone.

use std::sync::Arc;
use std::time::Instant;

use store::refusal::is_refusal;

use crate::apply::{ApplyError, Place};
use crate::core::Core;
use crate::intake::Taken;
use crate::outcome::Fault;
use crate::patience::{Patience, Stopped};
use crate::plan::Plan;
use crate::subscription::Ended;

/// The part of the runner that this is, in logs and metrics.
pub(crate) const PART: &str = "webhooks";

/// Records that go into one transaction, and what is known of them.
struct Share {
    records: Vec<Arc<Taken>>,
    plan: Option<Plan>,
    /// The store refused it even so.
    is_aside: bool,
}

impl Core {
    /// Plans the first steps of these records; waits out what does not work.
    pub(crate) async fn plan_patiently(&self, records: &[Arc<Taken>]) -> Result<Plan, Stopped> {
        let mut patience = Patience::new(self, PART);
        loop {
            match self.plan(records).await {
                Ok(plan) => {
                    patience.succeeded();
                    return Ok(plan);
                }
                Err(trouble) => patience.wait_out(&trouble).await?,
            }
        }
    }

    /// Stores these records, of these partitions, in order and in one transaction if possible. Answers when all of
    /// them are stored; [`Ended::Again`] where the store lost what was stored before them.
    pub(crate) async fn persist(
        &self,
        records: Vec<Arc<Taken>>,
        plan: Plan,
        mut places: Vec<Place>,
    ) -> Result<(), Ended> {
        let mut patience = Patience::new(self, PART);
        let mut shares = vec![Share { records, plan: Some(plan), is_aside: false }];
        while let Some(mut share) = shares.pop() {
            let plan = match share.plan.take() {
                Some(plan) => plan,
                None => self.plan_patiently(&share.records).await?,
            };
            let plan = Arc::new(plan);
            let began = Instant::now();
            match self.apply(Arc::clone(&plan), places.clone()).await {
                Ok(_) => {
                    patience.succeeded();
                    places.iter_mut().for_each(|place| place.stale = None);
                    metrics::histogram!("forebay_batch_seconds").record(began.elapsed().as_secs_f64());
                }
                Err(ApplyError::Outdated) => {
                    self.definitions.forget_running(plan.running.iter().map(|(project, _)| *project));
                    shares.push(share);
                }
                Err(ApplyError::RolledBack(topic, partition)) => {
                    self.note_rollback(topic, partition);
                    return Err(Ended::Again);
                }
                Err(ApplyError::Store(refused)) if is_refusal(&refused) && !share.is_aside => {
                    tracing::warn!(records = share.records.len(), %refused, "the store refuses a batch");
                    self.divide(share, &refused.to_string(), &mut shares).await?;
                }
                Err(ApplyError::Store(trouble)) => {
                    patience.wait_out(&trouble.into()).await?;
                    share.plan = Arc::into_inner(plan);
                    shares.push(share);
                }
            }
        }
        Ok(())
    }

    /// Two halves, each for itself; or, of a record that stands alone, what sets it aside.
    async fn divide(&self, share: Share, why: &str, shares: &mut Vec<Share>) -> Result<(), Stopped> {
        let mut first = share.records;
        if let [alone] = first.as_slice() {
            let text = format!("the database refuses what this event leads to: {why}");
            let plan = self.aside_patiently(alone, &Fault::new("store-refused", text)).await?;
            shares.push(Share { records: first, plan: Some(plan), is_aside: true });
            return Ok(());
        }
        let second = first.split_off(first.len() / 2);
        // the last one pushed is the next one stored: the order of the log is kept
        shares.push(Share { records: second, plan: None, is_aside: false });
        shares.push(Share { records: first, plan: None, is_aside: false });
        Ok(())
    }

    /// Plans to set a record aside; waits out what does not work.
    pub(crate) async fn aside_patiently(&self, taken: &Arc<Taken>, fault: &Fault) -> Result<Plan, Stopped> {
        let mut patience = Patience::new(self, PART);
        loop {
            match self.plan_aside(taken, fault).await {
                Ok(plan) => {
                    patience.succeeded();
                    return Ok(plan);
                }
                Err(trouble) => patience.wait_out(&trouble).await?,
            }
        }
    }
}
