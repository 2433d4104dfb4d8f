//! Removing failed triggers.

use std::sync::Arc;

use store::failed_trigger::{OPEN, RETRIED};
use store::operation::Progress;
use store::view::failed_trigger::Filter;

use super::{Claimed, Next, Selection, advance, hold};
use crate::commands::CommandError;
use crate::core::Core;

/// Which rows: one that is being retried stays.
pub(super) fn filter(selection: &Selection) -> Filter {
    let statuses = match &selection.status {
        Some(status) => vec![status.clone()],
        None => vec![OPEN.to_owned(), RETRIED.to_owned()],
    };
    Filter {
        data_source: selection.data_source_id.clone(),
        process_definition: selection.process_definition_id.clone(),
        stages: selection.stage.iter().cloned().collect(),
        cause: selection.cause_code.clone(),
        event: None,
        statuses,
        span: selection.span(),
    }
}

impl Core {
    pub(super) async fn dismiss_step(
        self: &Arc<Self>,
        claimed: &Claimed,
        next: &Next,
    ) -> Result<Progress, CommandError> {
        let (row, ids, now) = (claimed.row.clone(), next.ids.clone(), self.clock.now());
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    hold(tx, &row, now).await?;
                    let removed = store::failed_trigger::remove(tx, &row.project_id, &ids, now).await?;
                    let progress = Progress {
                        after_id: ids.last().cloned().unwrap_or_default(),
                        done: i64::try_from(removed).unwrap_or(i64::MAX),
                        failed: 0,
                    };
                    advance(tx, &row, &progress, now).await?;
                    Ok(progress)
                })
            })
            .await
    }
}
