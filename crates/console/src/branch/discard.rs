//! Going back to the last commit.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::changes::ChangedResource;
use crate::body::Body;
use crate::call::Call;
use crate::etag::IfMatch;
use crate::page::List;
use crate::problem::Problem;
use crate::snapshot::Change;
use crate::work::{Tagged, Work};

/// Which changes to discard.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Discarded {
    /// `resourceDefinitionId`s of changed resources; left out, all changes.
    #[schema(max_items = 1000)]
    resources: Option<Vec<Uuid>>,
}

/// Puts resources of the work in progress back to the branch's last commit: what was added goes, what was removed comes
/// back. `If-Match` is the branch's tag, so that nothing goes that the caller has not seen. Answers what is still changed.
#[utoipa::path(post, path = "/projects/{projectId}/branches/{branch}/discard", operation_id = "discardChanges", tag = "Versions",
    request_body = Discarded, responses((status = 200, body = List<ChangedResource>),
    (status = 409, description = "`nothing-to-discard`; `name-taken`: two resources in `blocking` would have one name; `in-use`: processes in \
    `blocking` select a data source that would go; `trigger-active`")))]
pub(crate) async fn discard(
    call: Call,
    if_match: IfMatch,
    Body(wish): Body<Discarded>,
) -> Result<Tagged<List<ChangedResource>>, Problem> {
    let (act, name) = (call.act(), call.text("branch")?);
    call.console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let work = Work::begin(tx, &act, &name, &if_match).await?;
                let chosen = chosen(&work, wish.resources.as_deref())?;
                let (mut out, mut put) = (Vec::new(), Vec::new());
                for (change, member) in work.snapshots.changes() {
                    if chosen.as_ref().is_some_and(|ids| !ids.contains(&member.id)) {
                        continue;
                    }
                    match change {
                        Change::Added => out.push(member.id.clone()),
                        Change::Changed | Change::Removed => {
                            put.extend(work.snapshots.committed(&member.id).cloned());
                        }
                    }
                }
                if out.is_empty() && put.is_empty() {
                    let detail = "Nothing of these changed since the last commit of this branch.";
                    return Err(Problem::conflict("nothing-to-discard", detail));
                }
                work.replace(tx, &act, (&out, &put)).await?;
                let restored: Vec<&String> = put.iter().map(|member| &member.id).collect();
                let detail = json!({ "branch": name, "removed": out, "restored": restored });
                act.audit(tx, "branch.discard", &work.branch.id, detail).await?;
                work.now(tx, &act).await
            })
        })
        .await
}

fn chosen(work: &Work, ids: Option<&[Uuid]>) -> Result<Option<HashSet<String>>, Problem> {
    let Some(ids) = ids else { return Ok(None) };
    let mut chosen = HashSet::new();
    for (at, id) in ids.iter().enumerate() {
        let id = id.to_string();
        if !work.snapshots.knows(&id) {
            let message = format!("{id} is no resource of this branch");
            return Err(Problem::field(&format!("resources/{at}"), "unknown", message));
        }
        chosen.insert(id);
    }
    Ok(Some(chosen))
}
