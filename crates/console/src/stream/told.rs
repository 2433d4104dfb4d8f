//! What a listener was told: the revisions, which are the id of a message.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use store::feed::{Kind, Standing};
use utoipa::ToSchema;

use super::Standings;

/// What of each kind was told: its revision and how many rows had been added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Told(BTreeMap<Kind, (i64, i64)>);

/// Something changed. What exactly, where it is not named here, the lists say.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct News {
    /// How many were added since the last message of this kind.
    added: i64,
    /// The newest ids, the newest first; of instances and failed triggers, where any was added.
    newest: Vec<String>,
    /// The ids of those that changed since the last message of this kind: instances, failed triggers, triggers,
    /// resources, commands, operations.
    changed: Vec<String>,
    /// Whether `changed` names all that changed. If not, read again whatever you show.
    complete: bool,
    /// When it last changed.
    at: String,
}

impl Told {
    /// What a listener that reads the lists from now on knows.
    pub(super) fn all(kinds: &[Kind], now: &Standings) -> Self {
        let of = |kind: &Kind| now.kinds.get(kind).map_or((0, 0), |s| (s.revision, s.added));
        Told(kinds.iter().map(|kind| (*kind, of(kind))).collect())
    }

    /// The id of a message: `1.instances:12:5300.policy:2:0`. `None` for what is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut told = BTreeMap::new();
        for part in text.strip_prefix("1.")?.split('.') {
            let mut fields = part.split(':');
            let kind = Kind::parse(fields.next()?)?;
            let number = |text: Option<&str>| text?.parse::<i64>().ok().filter(|n| *n >= 0);
            let of = (number(fields.next())?, number(fields.next())?);
            if fields.next().is_some() || told.insert(kind, of).is_some() {
                return None;
            }
        }
        Some(Told(told))
    }

    /// Keeps what is listened to. A kind that was not listened to before is one of which nothing is known.
    pub(super) fn only(&mut self, kinds: &[Kind]) {
        self.0.retain(|kind, _| kinds.contains(kind));
        for kind in kinds {
            // above every revision: the next look tells that everything must be read
            self.0.entry(*kind).or_insert((i64::MAX, 0));
        }
    }

    /// The next kind of which there is news; it counts as told from now on.
    pub(super) fn next(&mut self, now: &Standings) -> Option<(Kind, News)> {
        let nothing = Standing::default();
        for (kind, told) in &mut self.0 {
            let standing = now.kinds.get(kind).unwrap_or(&nothing);
            if standing.revision == told.0 {
                continue;
            }
            let newest = now.newest.get(kind).cloned().unwrap_or_default();
            let news = news(*told, standing, newest);
            *told = (standing.revision, standing.added);
            return Some((*kind, news));
        }
        None
    }
}

fn news((revision, added): (i64, i64), standing: &Standing, newest: Vec<String>) -> News {
    let at = crate::clock::show(standing.changed_at);
    // told more than there is: the store was put back to an earlier day, or the kind is new to the listener
    if revision > standing.revision {
        return News { added: 0, newest, changed: Vec::new(), complete: false, at };
    }
    let added = (standing.added - added).max(0);
    News {
        added,
        newest: if added > 0 { newest } else { Vec::new() },
        changed: standing.recent.iter().filter(|(at, _)| *at > revision).map(|(_, id)| id.clone()).collect(),
        complete: standing.recent_after <= revision,
        at,
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("1")?;
        self.0
            .iter()
            .try_for_each(|(kind, (revision, added))| write!(f, ".{}:{revision}:{added}", kind.as_str()))
    }
}
