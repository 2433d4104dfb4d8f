//! The feed of a project: revisions that say whether anything of a kind changed, for those who watch.
//!
//! Functions that change something note it on their transaction; the commit raises the revisions, as its last
//! statements and in one order, so that two transactions hold each other up for a moment only and never block
//! each other. Since the row is locked until the commit, revisions become visible in their order: who reads
//! revision 7 sees every change up to 7. A watcher that remembers the revisions it has told misses nothing,
//! whatever ids or times the changed rows have.

use std::collections::{BTreeMap, BTreeSet};

use crate::query::{execute, fetch_all, fetch_optional};
use crate::{Result, Scope, Tx};

/// How many changed ids a feed remembers by name.
const NAMED: usize = 64;

/// What a feed tells of. The order is the order in which the rows are locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Process instances.
    Instances,
    /// Failed triggers.
    FailedTriggers,
    /// Triggers: state, key, limits, links.
    Triggers,
    /// Commits.
    Commits,
    /// The work in progress of branches, and branches.
    Drafts,
    /// The active policy.
    Policy,
    /// Commands and operations.
    Operations,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 7] = [
        Kind::Instances,
        Kind::FailedTriggers,
        Kind::Triggers,
        Kind::Commits,
        Kind::Drafts,
        Kind::Policy,
        Kind::Operations,
    ];

    /// As it stands in the row and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Instances => "instances",
            Kind::FailedTriggers => "failed-triggers",
            Kind::Triggers => "triggers",
            Kind::Commits => "commits",
            Kind::Drafts => "drafts",
            Kind::Policy => "policy",
            Kind::Operations => "operations",
        }
    }

    /// The kind of a text.
    pub fn parse(text: &str) -> Option<Self> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What a transaction has changed so far.
#[derive(Debug, Default)]
pub struct Noted {
    changes: BTreeMap<(String, Kind), Change>,
    erased: BTreeSet<String>,
}

#[derive(Debug, Default)]
struct Change {
    added: i64,
    ids: Vec<String>,
    /// More changed than `ids` names.
    unnamed: bool,
    at: i64,
}

impl Noted {
    fn change(&mut self, project: &str, kind: Kind, at: i64) -> &mut Change {
        let change = self.changes.entry((project.to_owned(), kind)).or_default();
        change.at = change.at.max(at);
        change
    }

    /// Rows were added.
    pub(crate) fn added(&mut self, project: &str, kind: Kind, count: i64, at: i64) {
        self.change(project, kind, at).added += count;
    }

    /// A row changed.
    pub(crate) fn changed(&mut self, project: &str, kind: Kind, id: &str, at: i64) {
        let change = self.change(project, kind, at);
        if change.ids.len() < NAMED {
            if !change.ids.iter().any(|known| known == id) {
                change.ids.push(id.to_owned());
            }
        } else {
            change.unnamed = true;
        }
    }

    /// Something changed that is not named.
    pub(crate) fn changed_somewhere(&mut self, project: &str, kind: Kind, at: i64) {
        self.change(project, kind, at).unnamed = true;
    }

    /// Somebody did something that is written into the audit.
    pub(crate) fn acted(&mut self, project: &str, action: &str, target: &str, at: i64) {
        match kinds_of(action) {
            [kind] if !action.starts_with("branch.") => self.changed(project, *kind, target, at),
            // a commit, a policy or a branch changes more than the thing that it is about
            several => several.iter().for_each(|kind| self.changed_somewhere(project, *kind, at)),
        }
    }

    /// The project is no more: there is nothing to tell.
    pub(crate) fn erased(&mut self, project: &str) {
        self.erased.insert(project.to_owned());
    }
}

/// Notes that an operation, or another thing of several rows, changed. Use it where no function of the store
/// does so itself.
pub fn note(tx: &mut Tx, scope: &Scope, kind: Kind, id: &str, at: i64) {
    tx.noted().changed(&scope.project_text(), kind, id, at);
}

#[derive(sqlx::FromRow)]
struct Raised {
    revision: i64,
    recent: String,
    recent_after: i64,
}

/// Raises the revisions of everything noted. The last statements of a transaction.
pub(crate) async fn raise(tx: &mut Tx, noted: Noted) -> Result<()> {
    for ((project, kind), change) in noted.changes {
        if noted.erased.contains(&project) {
            continue;
        }
        let sql = "INSERT INTO project_feed (project_id, kind, revision, added, recent, recent_after, changed_at) \
                   VALUES ($1, $2, 1, $3, '[]', 0, $4) ON CONFLICT (project_id, kind) DO UPDATE SET \
                   revision = project_feed.revision + 1, added = project_feed.added + excluded.added, \
                   changed_at = excluded.changed_at RETURNING revision, recent, recent_after";
        let raised =
            fetch_optional!(tx, Raised, sql, project.as_str(), kind.as_str(), change.added, change.at)?;
        if let Some(raised) = raised.filter(|_| change.unnamed || !change.ids.is_empty()) {
            let (recent, after) = remember(&raised, &change);
            let sql =
                "UPDATE project_feed SET recent = $1, recent_after = $2 WHERE project_id = $3 AND kind = $4";
            execute!(tx, sql, recent, after, project.as_str(), kind.as_str())?;
        }
    }
    Ok(())
}

/// The remembered ids after a change, the newest last, and from where on they are complete.
fn remember(raised: &Raised, change: &Change) -> (String, i64) {
    if change.unnamed {
        return ("[]".to_owned(), raised.revision);
    }
    let mut recent: Vec<(i64, String)> = serde_json::from_str(&raised.recent).unwrap_or_default();
    let mut after = raised.recent_after;
    recent.retain(|(_, id)| !change.ids.contains(id));
    recent.extend(change.ids.iter().map(|id| (raised.revision, id.clone())));
    let over = recent.len().saturating_sub(NAMED);
    for (revision, _) in recent.drain(..over) {
        after = after.max(revision);
    }
    // numbers and texts are always serialisable
    (serde_json::to_string(&recent).unwrap_or_else(|_| "[]".to_owned()), after)
}

/// How one kind of a project stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Grows with each transaction that changed something.
    pub revision: i64,
    /// How many rows were ever added.
    pub added: i64,
    /// Changed ids with their revisions, the newest last.
    pub recent: Vec<(i64, String)>,
    /// `recent` is complete for revisions above this one.
    pub recent_after: i64,
    /// When it last changed, milliseconds since the epoch.
    pub changed_at: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    kind: String,
    revision: i64,
    added: i64,
    recent: String,
    recent_after: i64,
    changed_at: i64,
}

/// How the kinds of a project stand. Those of which nothing ever changed are missing.
pub async fn read(tx: &mut Tx, scope: &Scope) -> Result<BTreeMap<Kind, Standing>> {
    let sql = "SELECT kind, revision, added, recent, recent_after, changed_at FROM project_feed WHERE project_id = $1";
    let rows = fetch_all!(tx, Row, sql, scope.project_text())?;
    let standings = rows.into_iter().filter_map(|row| {
        let standing = Standing {
            revision: row.revision,
            added: row.added,
            recent: serde_json::from_str(&row.recent).unwrap_or_default(),
            recent_after: row.recent_after,
            changed_at: row.changed_at,
        };
        Some((Kind::parse(&row.kind)?, standing))
    });
    Ok(standings.collect())
}

/// The newest ids of instances or failed triggers, the newest first.
pub async fn newest(tx: &mut Tx, scope: &Scope, kind: Kind, limit: i64) -> Result<Vec<String>> {
    let sql = match kind {
        Kind::Instances => "SELECT id FROM process_instance WHERE project_id = $1 ORDER BY id DESC LIMIT $2",
        Kind::FailedTriggers => {
            "SELECT id FROM failed_trigger WHERE project_id = $1 ORDER BY id DESC LIMIT $2"
        }
        _ => return Ok(Vec::new()),
    };
    let rows = fetch_all!(tx, (String,), sql, scope.project_text(), limit)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// What the actions of people change, by the first word of the action.
fn kinds_of(action: &str) -> &'static [Kind] {
    let (noun, verb) = action.split_once('.').unwrap_or((action, ""));
    match (noun, verb) {
        ("trigger", "reveal-url" | "test-event") => &[],
        ("trigger", _) => &[Kind::Triggers],
        ("commit", _) => &[Kind::Triggers, Kind::Commits, Kind::Drafts, Kind::Policy],
        ("policy", _) => &[Kind::Triggers, Kind::Policy],
        ("process-definition" | "data-source" | "resource" | "draft" | "branch", _) => &[Kind::Drafts],
        ("instance" | "incident", _) => &[Kind::Instances],
        ("failed-trigger", _) => &[Kind::FailedTriggers],
        ("operation", _) => &[Kind::Operations],
        _ => &[],
    }
}
