//! Bringing another branch's commit into the work in progress, resource by resource.

mod compare;

use axum::Json;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::branch::Branch;
use store::{Scope, Tx};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::changes::ChangedResource;
use crate::body::{Body, Parameters};
use crate::call::{self, Call};
use crate::commit;
use crate::etag::IfMatch;
use crate::page::List;
use crate::problem::Problem;
use crate::snapshot::Snapshots;
use crate::work::{self, Tagged, Work};
use compare::{Compared, Status};

/// Whose work is to be brought.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct From {
    /// A commit of this project.
    commit_id: Option<Uuid>,
    /// The last commit of this branch.
    from_branch: Option<String>,
}

/// What bringing a commit would mean.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Preview {
    /// The commit, to be named when bringing: it stays the same while its branch goes on.
    commit_id: String,
    /// Every resource of the commit or of the work in progress, by id.
    resources: Vec<Brought>,
}

/// One resource of both sides.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Brought {
    resource_definition_id: String,
    /// `data-source` or `process-definition`.
    kind: String,
    /// Its name in the commit; where the commit lacks it, the name here.
    name: String,
    /// Against what both sides had in common.
    status: Status,
    /// The version here; `null` where it is not here.
    #[schema(required)]
    mine: Option<String>,
    /// The version in the commit; `null` where it is not there.
    #[schema(required)]
    theirs: Option<String>,
    /// Another resource here that has the name: taking theirs needs that one renamed, or replaced too.
    #[schema(required)]
    name_taken_by: Option<String>,
}

/// What to take.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Wish {
    /// The commit that the preview named.
    commit_id: Uuid,
    /// A choice for each conflict, and for what else is to be taken; what is left out stays as it is.
    #[schema(max_items = 1000)]
    choices: Vec<Choice>,
}

/// A choice for one resource.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Choice {
    resource_definition_id: Uuid,
    take: Side,
}

/// Whose version is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Side {
    /// The version of the commit; where the commit removed the resource, it is removed here too.
    Theirs,
    /// The version of the work in progress.
    Mine,
}

/// Shows what bringing a commit into this branch's work in progress would do to each resource. The `ETag` is the
/// branch's, for the `If-Match` of bringing.
#[utoipa::path(get, path = "/projects/{projectId}/branches/{branch}/bring", operation_id = "previewBring", tag = "Versions",
    params(From), responses((status = 200, body = Preview)))]
pub(crate) async fn preview(
    call: Call,
    Parameters(query): Parameters<From>,
) -> Result<Tagged<Preview>, Problem> {
    let (scope, name) = (call.scope, call.text("branch")?);
    call.console
        .db
        .read(move |tx| {
            Box::pin(async move {
                let branch = call::branch(tx, &scope, &name).await?;
                let snapshots = Snapshots::of(tx, &scope, &branch).await?;
                let commit = theirs(tx, &scope, &query).await?;
                let compared = compare::compare(tx, &scope, (&branch, &snapshots), commit).await?;
                let resources = compared.into_iter().map(|c| shown(c, &snapshots)).collect();
                let preview = Preview { commit_id: commit.to_string(), resources };
                Ok((work::tag(&snapshots.tag(&branch)), Json(preview)))
            })
        })
        .await
}

async fn theirs(tx: &mut Tx, scope: &Scope, query: &From) -> Result<Uuid, Problem> {
    match (query.commit_id, &query.from_branch) {
        (Some(id), None) => Ok(id),
        (None, Some(name)) => {
            let unknown = || {
                Problem::field("fromBranch", "unknown", "must be a branch of this project that has a commit")
            };
            let found: Option<Branch> = match super::is_name(name) {
                true => store::branch::by_name(tx, scope, name).await?,
                false => None,
            };
            let head = found.and_then(|branch| branch.head_commit_id).ok_or_else(unknown)?;
            Uuid::parse_str(&head).map_err(|_| Problem::internal("a stored id is not a UUID"))
        }
        _ => Err(Problem::field("commitId", "missing-field", "give commitId or fromBranch, one of them")),
    }
}

fn shown(compared: Compared, snapshots: &Snapshots) -> Brought {
    let Compared { status, mine, theirs } = compared;
    let taken = theirs.as_ref().and_then(|new| {
        let same = |m: &&store::resource::Member| {
            m.id != new.id && m.kind == new.kind && m.name_folded == new.name_folded
        };
        snapshots.draft().find(same).map(|member| member.id.clone())
    });
    let (id, kind, name) = theirs
        .as_ref()
        .or(mine.as_ref())
        .map(|member| (member.id.clone(), member.kind.clone(), member.name.clone()))
        .unwrap_or_default();
    Brought {
        resource_definition_id: id,
        kind,
        name,
        status,
        mine: mine.map(|member| member.version),
        theirs: theirs.map(|member| member.version),
        name_taken_by: taken,
    }
}

/// Brings chosen resources of a commit into the work in progress. Every conflict needs a choice. `If-Match` is the branch's
/// tag as the preview answered it. Answers what is changed against the last commit; nothing is committed.
#[utoipa::path(post, path = "/projects/{projectId}/branches/{branch}/bring", operation_id = "bring", tag = "Versions",
    request_body = Wish, responses((status = 200, body = List<ChangedResource>),
    (status = 409, description = "`name-taken`: two resources in `blocking` would have one name; `in-use`, `trigger-active`: a data source \
    that they removed must not go yet")))]
pub(crate) async fn apply(
    call: Call,
    if_match: IfMatch,
    Body(wish): Body<Wish>,
) -> Result<Tagged<List<ChangedResource>>, Problem> {
    let (act, name) = (call.act(), call.text("branch")?);
    call.console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let work = Work::begin(tx, &act, &name, &if_match).await?;
                commit::members(tx, &act.scope, ("commitId", wish.commit_id)).await?;
                let sides = (&work.branch, &work.snapshots);
                let compared = compare::compare(tx, &act.scope, sides, wish.commit_id).await?;
                let taken = chosen(compared, &wish.choices)?;
                let (mut out, mut put) = (Vec::new(), Vec::new());
                for compared in taken {
                    match (compared.theirs, compared.mine) {
                        (Some(theirs), _) => put.push(theirs),
                        (None, Some(mine)) => out.push(mine.id),
                        (None, None) => {}
                    }
                }
                work.replace(tx, &act, (&out, &put)).await?;
                let brought: Vec<&String> = put.iter().map(|member| &member.id).collect();
                let detail =
                    json!({ "branch": name, "commitId": wish.commit_id, "brought": brought, "removed": out });
                act.audit(tx, "branch.bring", &work.branch.id, detail).await?;
                work.now(tx, &act).await
            })
        })
        .await
}

/// The resources of which theirs is taken.
fn chosen(compared: Vec<Compared>, choices: &[Choice]) -> Result<Vec<Compared>, Problem> {
    let mut wanted = std::collections::HashMap::new();
    for (at, choice) in choices.iter().enumerate() {
        let (id, field) = (choice.resource_definition_id.to_string(), format!("choices/{at}"));
        if !compared.iter().any(|c| c.id() == id) {
            let message = format!("{id} is a resource of neither side");
            return Err(Problem::field(&field, "unknown", message));
        }
        if wanted.insert(id.clone(), choice.take).is_some() {
            return Err(Problem::field(&field, "twice", format!("there are two choices for {id}")));
        }
    }
    let open = compared.iter().find(|c| c.status.is_conflict() && !wanted.contains_key(c.id()));
    if let Some(open) = open {
        let message =
            format!("“{}” ({}) changed on both sides: choose theirs or mine for it", open.name(), open.id());
        return Err(Problem::field("choices", "choice-missing", message));
    }
    let theirs = |c: &Compared| c.status != Status::Same && wanted.get(c.id()) == Some(&Side::Theirs);
    Ok(compared.into_iter().filter(theirs).collect())
}
