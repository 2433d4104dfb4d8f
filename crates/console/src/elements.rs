//! What the elements of a process are called: incidents know only their ids, and people only what they have drawn.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use store::{Db, Scope, StoreError};

use crate::call::Call;
use crate::problem::Problem;

/// Versions whose elements are kept. They never change, and one more is a file to be read.
const KEPT: usize = 64;

/// An element as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Drawn {
    pub(crate) name: Option<String>,
    /// `scriptTask`, …
    pub(crate) tag: String,
}

/// The elements of a version, by id.
type ById = Arc<HashMap<String, Drawn>>;

/// The elements of the versions that were asked for last.
#[derive(Debug, Default)]
pub(crate) struct Elements {
    kept: Mutex<HashMap<String, ById>>,
}

/// The elements of some versions.
#[derive(Debug, Default)]
pub(crate) struct Named(HashMap<String, ById>);

impl Named {
    /// The elements at these places, each a version and an element of it, in the project that is asked about. A place that
    /// names not both asks for nothing.
    pub(crate) async fn of(
        call: &Call,
        places: impl Iterator<Item = (Option<&str>, Option<&str>)>,
    ) -> Result<Self, Problem> {
        let versions = places.filter_map(|(version, element)| element.and(version)).collect();
        call.console.live.elements.of(&call.console.db, call.scope, versions).await
    }

    /// An element; `None` where nobody knows it, or its version is gone.
    pub(crate) fn find(&self, version: Option<&str>, element: Option<&str>) -> Option<&Drawn> {
        self.0.get(version?)?.get(element?)
    }
}

impl Elements {
    /// The elements of these versions of a project. One that is gone, or that is no process, has none.
    async fn of(&self, db: &Db, scope: Scope, versions: BTreeSet<&str>) -> Result<Named, Problem> {
        let mut named = Named::default();
        for version in versions {
            let known = self.kept().get(version).cloned();
            let elements = match known {
                Some(elements) => elements,
                None => self.keep(version, read(db, scope, version.to_owned()).await?),
            };
            named.0.insert(version.to_owned(), elements);
        }
        Ok(named)
    }

    fn keep(&self, version: &str, elements: HashMap<String, Drawn>) -> ById {
        let elements = Arc::new(elements);
        let mut kept = self.kept();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(version.to_owned(), Arc::clone(&elements));
        elements
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<String, ById>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn read(db: &Db, scope: Scope, version: String) -> Result<HashMap<String, Drawn>, Problem> {
    let found = db
        .read(move |tx| Box::pin(async move { store::resource::content(tx, &scope, &version).await }))
        .await;
    let xml = match found {
        Ok(content) => content.bpmn.unwrap_or_default(),
        Err(StoreError::NotFound) => return Ok(HashMap::new()),
        Err(error) => return Err(error.into()),
    };
    tokio::task::spawn_blocking(move || drawn(&xml))
        .await
        .map_err(|e| Problem::internal(format!("the reading of a process ended early: {e}")))
}

fn drawn(xml: &[u8]) -> HashMap<String, Drawn> {
    // what runs was read before; were it not, its elements would have no names
    let Ok(definitions) = bpmn::read(xml) else { return HashMap::new() };
    let all = definitions.processes.into_iter().flat_map(|process| process.elements);
    let one = |element: bpmn::model::Element| {
        let tag = bpmn::tag(&element.kind).to_owned();
        (element.id, Drawn { name: element.name, tag })
    };
    all.map(one).collect()
}
