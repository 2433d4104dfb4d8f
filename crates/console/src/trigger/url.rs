//! A webhook's URL: the address, the host of the setting `public_url`, and the key.

use store::{Db, Scope, StoreError, Tx};
use uuid::Uuid;
use webhook::{Address, ApiKey, MasterKey};

use super::WebhookUrl;
use crate::Console;
use crate::problem::Problem;
use crate::secret::Secret;

/// The URL of a trigger with this key.
pub(super) fn show(public_url: &str, address: &Address, key: &ApiKey) -> WebhookUrl {
    WebhookUrl {
        url: address.url(public_url, key).reveal().to_owned(),
        url_without_key: format!("{}{}", public_url.trim_end_matches('/'), address.path()),
        api_key: key.reveal().to_owned(),
    }
}

/// The address of a trigger.
pub(super) fn address(scope: &Scope, data_source: &str) -> Option<Address> {
    Some(Address {
        organization: scope.organization,
        workspace: scope.workspace,
        project: scope.project,
        data_source: Uuid::parse_str(data_source).ok()?,
    })
}

/// The stored key of a trigger, decrypted.
pub(super) async fn stored_key(
    tx: &mut Tx,
    scope: &Scope,
    id: Uuid,
    console: &Console,
) -> Result<ApiKey, Problem> {
    let sealed = store::trigger::key(tx, scope, id).await?;
    let sealed = sealed.ok_or_else(|| Problem::internal("a trigger has no key"))?;
    ApiKey::open(&sealed, &console.master_key, id).map_err(|_| {
        Problem::conflict(
            "sealed-otherwise",
            "The key was sealed with another master key than this server has, so its URL cannot be shown. Put the right \
             key file back and start again, or reset the API key.",
        )
    })
}

/// Why the command line cannot show a webhook's URL.
#[derive(Debug, thiserror::Error)]
pub enum UrlError {
    /// There is none of that name.
    #[error("there is no connected webhook named {0:?}; known are: {1}")]
    Unknown(String, String),
    /// Several projects have one.
    #[error("several projects have a webhook named {0:?}; say which, as project/name: {1}")]
    Several(String, String),
    /// The stored key does not open.
    #[error("{0}")]
    Key(#[from] webhook::api_key::SealError),
    /// A trigger without a key.
    #[error("the webhook has no key; reset its API key")]
    NoKey,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The URL of a connected webhook, with its key. `name` is its name, or `project/name`; upper and lower case are
/// the same. Leaves an audit entry. For the command line, on the machine that holds the master key.
pub async fn webhook_url(
    db: &Db,
    master: &MasterKey,
    public_url: &str,
    name: &str,
) -> Result<Secret, UrlError> {
    let (name, master, public_url) = (name.to_owned(), master.clone(), public_url.to_owned());
    db.write(move |tx| {
        Box::pin(async move {
            let (scope, trigger) = find(tx, &name).await?;
            let id = Uuid::parse_str(&trigger.id).map_err(|_| UrlError::NoKey)?;
            let sealed = store::trigger::key(tx, &scope, id).await?.ok_or(UrlError::NoKey)?;
            let key = ApiKey::open(&sealed, &master, id)?;
            let address = address(&scope, &trigger.data_source_id).ok_or(UrlError::NoKey)?;
            let entry = store::audit::NewEntry {
                project: Some(scope.project),
                stamp: store::user::Stamp { user: None, at: crate::clock::now() },
                token: None,
                session: None,
                action: "trigger.reveal-url",
                target: &trigger.id,
                detail: "{\"by\":\"command line\"}",
                source_address: None,
                request_id: None,
            };
            store::audit::append(tx, &entry).await?;
            Ok(Secret::new(address.url(&public_url, &key).reveal().to_owned()))
        })
    })
    .await
}

/// The one connected trigger of this name in all projects.
async fn find(tx: &mut Tx, name: &str) -> Result<(Scope, store::trigger::Trigger), UrlError> {
    let mut found = Vec::new();
    let mut known = Vec::new();
    for (scope, project, trigger) in connected(tx).await? {
        let short = trigger.name.clone().unwrap_or_default();
        let long = format!("{project}/{short}");
        let same = |text: &str| text.to_lowercase() == name.to_lowercase();
        if same(&short) || same(&long) {
            found.push((long.clone(), scope, trigger));
        }
        known.push(long);
    }
    match found.len() {
        0 if known.is_empty() => Err(UrlError::Unknown(name.to_owned(), "none".to_owned())),
        0 => Err(UrlError::Unknown(name.to_owned(), known.join(", "))),
        1 => {
            let one = found.pop().map(|(_, scope, trigger)| (scope, trigger));
            one.ok_or(UrlError::NoKey)
        }
        _ => {
            let names: Vec<String> = found.into_iter().map(|(long, _, _)| long).collect();
            Err(UrlError::Several(name.to_owned(), names.join(", ")))
        }
    }
}

async fn connected(tx: &mut Tx) -> Result<Vec<(Scope, String, store::trigger::Trigger)>, StoreError> {
    let mut all = Vec::new();
    let mut after = String::new();
    loop {
        let projects = store::project::all(tx, &after, 200).await?;
        let Some(last) = projects.last() else { return Ok(all) };
        after.clone_from(&last.id);
        for project in projects {
            let id = Uuid::parse_str(&project.id).map_err(|e| StoreError::Corrupt(e.to_string()))?;
            let Some(scope) = store::project::scope_of(tx, id).await? else { continue };
            let triggers = store::trigger::all(tx, &scope).await?;
            let linked = triggers.into_iter().filter(|trigger| trigger.linked != 0);
            all.extend(linked.map(|trigger| (scope, project.name.clone(), trigger)));
        }
    }
}
