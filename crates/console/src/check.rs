//! Checking processes: every problem at once, each with the process and the element it is about.

pub(crate) mod branch;

use std::collections::HashSet;
use std::sync::Arc;

use serde::Serialize;
use store::commit::LinkRow;
use store::resource::{Kind, Member};
use store::{Scope, StoreError};
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use crate::Console;
use crate::problem::{FieldError, Problem};

/// One thing that is wrong with a process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CheckProblem {
    /// `error` keeps the process from being committed, `warning` does not.
    severity: &'static str,
    /// What it is, for programs, in kebab-case.
    code: &'static str,
    /// The process; `null` for a draft that is no resource yet.
    #[schema(required)]
    resource_definition_id: Option<String>,
    /// The process's name.
    #[schema(required)]
    resource_name: Option<String>,
    /// The BPMN element; `null` where the file as a whole is meant.
    #[schema(required)]
    element_id: Option<String>,
    /// The element's name as drawn.
    #[schema(required)]
    element_name: Option<String>,
    /// What is wrong and what to do, for people.
    message: String,
    /// Line in the JavaScript source or the XML, from 1.
    #[schema(required)]
    line: Option<u32>,
    /// Column in that line, from 1.
    #[schema(required)]
    column: Option<u32>,
}

impl CheckProblem {
    pub(crate) fn is_error(&self) -> bool {
        self.severity == "error"
    }

    /// The same as an entry of `errors`: `resources/{id}#{element}`.
    pub(crate) fn to_field_error(&self) -> FieldError {
        let mut field = "resources".to_owned();
        if let Some(id) = &self.resource_definition_id {
            field = format!("{field}/{id}");
        }
        if let Some(id) = &self.element_id {
            field = format!("{field}#{id}");
        }
        FieldError { field, code: self.code, message: self.message.clone() }
    }

    /// Two resources of a snapshot have one name.
    pub(crate) fn same_name(one: &Member, other: &Member) -> Self {
        CheckProblem {
            severity: "error",
            code: "name-taken",
            resource_definition_id: Some(other.id.clone()),
            resource_name: Some(other.name.clone()),
            element_id: None,
            element_name: None,
            message: format!(
                "The commit would have two resources named “{}” (the other is {}). Commit both changes, or rename one.",
                other.name, one.id
            ),
            line: None,
            column: None,
        }
    }
}

/// What is checked: a process and what it is called.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subject {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
}

/// What a check found: problems, and the links of the process where it can be read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) problems: Vec<CheckProblem>,
    /// Element and data source of each message start event on a webhook.
    pub(crate) links: Vec<(String, String)>,
}

/// How many files are checked at once: each may take a parser's heap and a moment of a processor.
static CHECKS: Semaphore = Semaphore::const_new(4);

/// Checks one process file against the data sources that its snapshot has. Runs beside the async threads.
pub(crate) async fn process(
    subject: Subject,
    xml: Vec<u8>,
    data_sources: Arc<HashSet<String>>,
) -> Result<Found, Problem> {
    let _turn = CHECKS.acquire().await.map_err(|e| Problem::internal(e.to_string()))?;
    tokio::task::spawn_blocking(move || judge(&subject, &xml, &data_sources))
        .await
        .map_err(|e| Problem::internal(format!("the check ended early: {e}")))
}

fn judge(subject: &Subject, xml: &[u8], data_sources: &HashSet<String>) -> Found {
    let problem = |code, message: String| CheckProblem {
        severity: "error",
        code,
        resource_definition_id: subject.id.clone(),
        resource_name: subject.name.clone(),
        element_id: None,
        element_name: None,
        message,
        line: None,
        column: None,
    };
    let definitions = match bpmn::read(xml) {
        Ok(definitions) => definitions,
        Err(e) => {
            let (line, column) = e.position().unzip();
            let unreadable = CheckProblem { line, column, ..problem("unreadable", e.to_string()) };
            return Found { problems: vec![unreadable], links: Vec::new() };
        }
    };
    let found = bpmn::check(&definitions, &script::Syntax, &|id| data_sources.contains(id));
    let problems = found.into_iter().map(|p| CheckProblem {
        severity: if p.severity == bpmn::Severity::Error { "error" } else { "warning" },
        element_id: p.element_id,
        element_name: p.element_name,
        line: p.line,
        column: p.column,
        ..problem(p.code, p.message)
    });
    let links = bpmn::executable(&definitions)
        .map(|process| bpmn::links(process).into_iter().map(|l| (l.element_id, l.data_source)).collect());
    Found { problems: problems.collect(), links: links.unwrap_or_default() }
}

/// What the check of a whole snapshot found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) problems: Vec<CheckProblem>,
    pub(crate) links: Vec<LinkRow>,
}

impl Report {
    /// Whether something keeps the snapshot from being committed.
    pub(crate) fn has_errors(&self) -> bool {
        self.problems.iter().any(CheckProblem::is_error)
    }
}

/// A check of a snapshot in progress: processes are added one after the other, so that only one file need be in
/// memory.
pub(crate) struct Checking {
    report: Report,
    data_sources: Arc<HashSet<String>>,
}

impl Checking {
    /// Begins with what can be told without reading a process.
    pub(crate) fn of(members: &[Member]) -> Self {
        let taken = crate::snapshot::same_names(members);
        let problems = taken.into_iter().map(|(one, other)| CheckProblem::same_name(one, other)).collect();
        let data_sources = members.iter().filter(|m| m.kind == Kind::DataSource.as_str());
        Checking {
            report: Report { problems, links: Vec::new() },
            data_sources: Arc::new(data_sources.map(|m| m.id.clone()).collect()),
        }
    }

    /// Checks a process of the snapshot.
    pub(crate) async fn add(&mut self, member: &Member, xml: Vec<u8>) -> Result<(), Problem> {
        let subject = Subject { id: Some(member.id.clone()), name: Some(member.name.clone()) };
        let found = process(subject, xml, Arc::clone(&self.data_sources)).await?;
        self.report.problems.extend(found.problems);
        for (element_id, data_source_id) in found.links {
            self.report.links.push(LinkRow {
                data_source_id,
                process_definition_id: member.id.clone(),
                resource_version_id: member.version.clone(),
                element_id,
            });
        }
        Ok(())
    }

    /// What was found.
    pub(crate) fn finish(self) -> Report {
        self.report
    }
}

/// The processes of a snapshot.
pub(crate) fn processes(members: &[Member]) -> impl Iterator<Item = &Member> {
    members.iter().filter(|member| member.kind == Kind::ProcessDefinition.as_str())
}

/// How often a check begins anew because the work in progress changed meanwhile.
pub(crate) const ATTEMPTS: usize = 5;

/// Checks every process of a snapshot. Versions never change, so the answer stays true as long as the snapshot
/// has the same members. `None` if a version is gone: somebody saved or discarded, and the snapshot is to be read again.
pub(crate) async fn snapshot(
    console: &Console,
    scope: Scope,
    members: &[Member],
) -> Result<Option<Report>, Problem> {
    let mut checking = Checking::of(members);
    for member in processes(members) {
        let version = member.version.clone();
        let content = console
            .db
            .read(move |tx| Box::pin(async move { store::resource::content(tx, &scope, &version).await }))
            .await;
        match content {
            Ok(content) => checking.add(member, content.bpmn.unwrap_or_default()).await?,
            Err(StoreError::NotFound) => return Ok(None),
            Err(e) => return Err(e.into()),
        }
    }
    Ok(Some(checking.finish()))
}

/// The work in progress changed each time while it was looked at.
pub(crate) fn busy() -> Problem {
    Problem::conflict(
        "busy",
        "The work in progress changed each time while it was checked. Try again when nobody saves.",
    )
}
