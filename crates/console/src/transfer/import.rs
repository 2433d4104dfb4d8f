//! An archive into a new project, or into the work in progress of a branch.

use std::sync::Arc;

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::resource::Member;
use store::{Scope, Tx};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use webhook::ProjectName;

use super::incoming::{self, IncomingProject};
use super::matching::{self, Effect, Matched};
use super::{Gzip, ProjectArchive};
use crate::access::Right;
use crate::body::Parameters;
use crate::call::{Act, Call, Site};
use crate::clock;
use crate::etag::IfMatch;
use crate::problem::{Fields, Problem};
use crate::project::create::{self, MAIN};
use crate::snapshot::Snapshots;
use crate::work::{self, Tagged, Work};

/// Where a new project goes.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct NewProjectQuery {
    /// Its name; left out, the name in the archive.
    pub(super) name: Option<String>,
    /// The workspace; may be left out where there is only one.
    pub(super) workspace_id: Option<Uuid>,
}

/// What happens to resources that the archive does not have.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct BranchQuery {
    /// Whether resources of the branch that the archive does not have stay; left out, they are removed.
    #[serde(default)]
    pub(super) keep_others: bool,
}

/// What an import did, or would do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Imported {
    /// The project; `null` where it would be made.
    #[schema(required)]
    pub(super) project_id: Option<String>,
    /// Its name here.
    pub(super) name: String,
    /// The branch whose work in progress it is.
    pub(super) branch: String,
    /// Every resource of the archive, in its order; then those that are removed.
    pub(super) resources: Vec<ImportedResource>,
}

/// What an import does to one resource.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportedResource {
    /// Its id here; `null` where it would be made.
    #[schema(required)]
    resource_definition_id: Option<String>,
    /// Its id in the archive; `null` of one that is removed.
    #[schema(required)]
    imported_id: Option<String>,
    /// `data-source` or `process-definition`.
    kind: String,
    name: String,
    /// `added`, `changed`, `unchanged` or `removed`.
    change: &'static str,
}

/// What an import is about to do.
pub(super) struct Plan {
    matched: Vec<(Matched, Effect)>,
    removed: Vec<Member>,
}

impl Plan {
    /// Compares an archive with the work in progress of a branch.
    pub(super) async fn of(
        tx: &mut Tx,
        scope: &Scope,
        snapshots: &Snapshots,
        (project, keep_others): (IncomingProject, bool),
    ) -> Result<Self, Problem> {
        let mut found = matching::find(tx, scope, snapshots, project.resources).await?;
        matching::relink(&mut found)?;
        let mut matched = Vec::with_capacity(found.len());
        for one in found {
            let id = one.id.to_string();
            let effect = matching::effect(tx, scope, snapshots, (&id, &one.incoming.content)).await?;
            matched.push((one, effect));
        }
        let stays = |member: &&Member| matched.iter().any(|(one, _)| one.id.to_string() == member.id);
        let removed = match keep_others {
            true => Vec::new(),
            false => snapshots.draft().filter(|member| !stays(member)).cloned().collect(),
        };
        Ok(Plan { matched, removed })
    }

    /// Everything of an archive is new in a new project.
    pub(super) fn new_project(project: IncomingProject) -> Self {
        let new = |incoming| (Matched { id: Uuid::new_v4(), new: true, incoming }, Effect::Added);
        Plan { matched: project.resources.into_iter().map(new).collect(), removed: Vec::new() }
    }

    /// The plan as it is answered; ids of resources that are not there yet only when they were made.
    pub(super) fn shown(&self, made: bool) -> Vec<ImportedResource> {
        let brought = self.matched.iter().map(|(one, effect)| ImportedResource {
            resource_definition_id: (made || !one.new).then(|| one.id.to_string()),
            imported_id: Some(one.incoming.id.to_string()),
            kind: one.incoming.kind.as_str().to_owned(),
            name: one.incoming.content.name.clone(),
            change: match effect {
                Effect::Added => "added",
                Effect::Changed => "changed",
                Effect::Unchanged => "unchanged",
            },
        });
        let removed = self.removed.iter().map(|member| ImportedResource {
            resource_definition_id: Some(member.id.clone()),
            imported_id: None,
            kind: member.kind.clone(),
            name: member.name.clone(),
            change: "removed",
        });
        brought.chain(removed).collect()
    }

    /// Puts it into the work in progress, and remembers which resource came from where.
    async fn apply(&self, tx: &mut Tx, act: &Act, work: &Work) -> Result<(), Problem> {
        let head = work.branch.head_commit_id.as_deref();
        let mut put = Vec::new();
        for (one, effect) in &self.matched {
            let (id, kind) = (one.id, one.incoming.kind);
            if one.new {
                store::resource::define(tx, &act.scope, (id, kind), &act.stamp()).await?;
            }
            if one.incoming.id != id {
                let ids = (one.incoming.id.to_string(), id.to_string());
                store::origin::keep(tx, &act.scope, (&ids.0, &ids.1)).await?;
            }
            if *effect == Effect::Unchanged {
                continue;
            }
            let content = &one.incoming.content;
            let version =
                store::resource::version_with(tx, &act.scope, id, (content, head), &act.stamp()).await?;
            put.push(Member {
                id: id.to_string(),
                version,
                kind: kind.as_str().to_owned(),
                name: content.name.clone(),
                name_folded: content.name_folded.clone(),
            });
        }
        let out: Vec<String> = self.removed.iter().map(|member| member.id.clone()).collect();
        work.replace(tx, act, (&out, &put)).await
    }

    /// For the audit: how many of each.
    fn counts(&self) -> serde_json::Value {
        let count = |wanted| self.matched.iter().filter(|(_, effect)| *effect == wanted).count();
        json!({
            "added": count(Effect::Added),
            "changed": count(Effect::Changed),
            "unchanged": count(Effect::Unchanged),
            "removed": self.removed.len(),
        })
    }
}

/// Unpacks and checks an archive beside the async threads.
pub(super) async fn unpacked(gzip: Gzip) -> Result<IncomingProject, Problem> {
    tokio::task::spawn_blocking(move || incoming::read(&gzip.bytes))
        .await
        .map_err(|e| Problem::internal(format!("reading an archive ended early: {e}")))?
}

/// The name that a new project gets.
pub(super) fn named(query: &NewProjectQuery, project: &IncomingProject) -> Result<ProjectName, Problem> {
    let Some(text) = &query.name else { return Ok(project.name.clone()) };
    let mut fields = Fields::default();
    let name = fields.name("name", ProjectName::parse(text));
    fields.finish(name)
}

/// Makes a project of an archive, with new ids; links between processes and webhooks keep working under them. Everything
/// is work in progress of its branch `main`: nothing is committed and nothing runs.
#[utoipa::path(post, path = "/projects/import", operation_id = "importProject", tag = "Projects", params(NewProjectQuery),
    request_body(content = inline(ProjectArchive), content_type = "application/gzip"),
    responses((status = 201, body = Imported), (status = 409, description = "`name-taken`: choose another with `name`"),
    (status = 413, description = "The archive is larger than 32 MiB, or unpacks to too much."),
    (status = 422, description = "`unreadable-archive`: no archive, or one with links, paths that lead out of it, or a file twice; \
    `invalid-fields`: `errors` names each fault in `forebay.toml` and the diagrams.")))]
pub(crate) async fn project(
    site: Site,
    Parameters(query): Parameters<NewProjectQuery>,
    gzip: Gzip,
) -> Result<(StatusCode, Tagged<Imported>), Problem> {
    let project = unpacked(gzip).await?;
    let name = named(&query, &project)?;
    let (caller, console) = (site.caller, Arc::clone(&site.console));
    let made = console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let (organization, workspace) =
                    create::workspace(tx, &caller, query.workspace_id, Right::ProjectManage).await?;
                let scope = Scope { organization, workspace, project: Uuid::new_v4() };
                let act = Act { scope, caller, at: clock::now() };
                create::make(tx, &scope, &name, &act.stamp())
                    .await
                    .map_err(Problem::name_taken("project"))?;
                let work = Work::begin(tx, &act, MAIN, &IfMatch::Any).await?;
                let plan = Plan::of(tx, &scope, &work.snapshots, (project, false)).await?;
                plan.apply(tx, &act, &work).await?;
                let detail = json!({ "name": name.as_str(), "imported": plan.counts() });
                act.audit(tx, "project.create", &scope.project_text(), detail).await?;
                answer(tx, &act, &work, (&plan, name.as_str())).await
            })
        })
        .await?;
    Ok((StatusCode::CREATED, made))
}

/// Puts an archive into the work in progress of a branch. A resource is found by its id, else by the id under which it was
/// imported before, else by kind and name, else it is new; what the archive does not have is removed, unless `keepOthers`.
/// `If-Match` is the branch's tag. The same import again changes nothing. Nothing is committed; the policy stays.
#[utoipa::path(post, path = "/projects/{projectId}/branches/{branch}/import", operation_id = "importIntoBranch", tag = "Versions",
    params(BranchQuery), request_body(content = inline(ProjectArchive), content_type = "application/gzip"),
    responses((status = 200, body = Imported),
    (status = 409, description = "`name-taken`: two resources in `blocking` would have one name; `in-use`, `trigger-active`: a data source \
    that the archive lacks must not go yet"), (status = 413, description = "The archive is larger than 32 MiB, or unpacks to too much."),
    (status = 422, description = "`unreadable-archive`: no archive, or one with links, paths that lead out of it, or a file twice; \
    `invalid-fields`: `errors` names each fault in `forebay.toml` and the diagrams.")))]
pub(crate) async fn branch(
    call: Call,
    if_match: IfMatch,
    Parameters(query): Parameters<BranchQuery>,
    gzip: Gzip,
) -> Result<Tagged<Imported>, Problem> {
    let project = unpacked(gzip).await?;
    let (act, name) = (call.act(), call.text("branch")?);
    call.console
        .db
        .write(move |tx| {
            Box::pin(async move {
                let work = Work::begin(tx, &act, &name, &if_match).await?;
                let plan = Plan::of(tx, &act.scope, &work.snapshots, (project, query.keep_others)).await?;
                plan.apply(tx, &act, &work).await?;
                let detail = json!({ "branch": name, "imported": plan.counts() });
                act.audit(tx, "branch.import", &work.branch.id, detail).await?;
                let name = store::project::read(tx, &act.scope).await?.name;
                answer(tx, &act, &work, (&plan, &name)).await
            })
        })
        .await
}

async fn answer(
    tx: &mut Tx,
    act: &Act,
    work: &Work,
    (plan, name): (&Plan, &str),
) -> Result<Tagged<Imported>, Problem> {
    let tag = Snapshots::of(tx, &act.scope, &work.branch).await?.tag(&work.branch);
    let imported = Imported {
        project_id: Some(act.scope.project_text()),
        name: name.to_owned(),
        branch: work.branch.name.clone(),
        resources: plan.shown(true),
    };
    Ok((work::tag(&tag), Json(imported)))
}
