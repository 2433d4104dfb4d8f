//! Everything that keeps a file from running, all at once, each with the element it is about.

mod elements;
mod flows;
mod paths;
mod references;
mod scripts;
mod starts;
mod words;

use serde::Serialize;

use crate::executable::{NotExecutable, executable};
use crate::model::{Definitions, Element, Flow, Kind, Process};

/// The most problems that are listed.
pub const MAX_PROBLEMS: usize = 10_000;

/// How much a problem weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The file cannot be committed.
    Error,
    /// It can be committed, but may not do what was meant.
    Warning,
}

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Whether it keeps the file from being committed.
    pub severity: Severity,
    /// What it is, for programs; never renamed. Of the file: `no-process`, `no-executable-process`,
    /// `several-executable-processes`, `duplicate-id`, `missing-id`, `more-problems`. Of elements:
    /// `unsupported-element`, `unknown-element`, `dangling-boundary-event`,
    /// `dangling-event-definition`, `unreachable`, `no-path-to-end`, `flow-into-start`,
    /// `flow-out-of-end`. Of starts: `no-start-event`, `several-none-starts`, `subprocess-start`,
    /// `no-webhook-chosen`, `unsupported-trigger`, `unknown-data-source`, `webhook-used-twice`,
    /// `stray-trigger`. Of flows: `dangling-flow`, `dangling-default`, `flow-crosses-scope`,
    /// `condition-on-parallel`, `condition-without-gateway`, `condition-on-default`,
    /// `missing-condition`, `missing-default`. Of JavaScript: `javascript-syntax`, `empty-script`,
    /// `empty-condition`, `unknown-script-format`, `unknown-expression-language`.
    pub code: &'static str,
    /// The id of the element or flow; `None` where the file as a whole is meant, or the element
    /// has no id.
    pub element_id: Option<String>,
    /// Its name as drawn.
    pub element_name: Option<String>,
    /// What is wrong and what to do, for people.
    pub message: String,
    /// The line in the JavaScript source, from 1; only of `javascript-syntax`.
    pub line: Option<u32>,
    /// The column in that line, from 1.
    pub column: Option<u32>,
}

/// Why JavaScript does not parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What the parser says.
    pub message: String,
    /// The line, from 1.
    pub line: Option<u32>,
    /// The column, from 1.
    pub column: Option<u32>,
}

/// Tells whether JavaScript parses, without running it. The script driver implements it.
pub trait SyntaxCheck {
    /// A condition: one expression.
    fn expression(&self, source: &str) -> Result<(), SyntaxError>;
    /// The source of a script task.
    fn script(&self, source: &str) -> Result<(), SyntaxError>;
}

/// Names every problem of the process that runs; `data_sources` tells whether a
/// `resourceDefinitionId` is one of the project's incoming webhooks. Other processes of the file
/// (the other side of a collaboration) are drawn, not run, and not judged. An empty answer, or one
/// of warnings alone, means that the engine can run the process. Beyond [`MAX_PROBLEMS`] the rest
/// are counted in one last problem, `more-problems`.
pub fn check(
    definitions: &Definitions,
    scripts: &dyn SyntaxCheck,
    data_sources: &dyn Fn(&str) -> bool,
) -> Vec<Problem> {
    let mut report = Report::default();
    if let Err(why) = executable(definitions) {
        report.file(code(&why), sentence(&why));
    }
    references::duplicates(definitions, &mut report);
    references::check(definitions, &mut report);
    for process in definitions.processes.iter().filter(|process| is_judged(definitions, process)) {
        elements::check(process, &mut report);
        starts::check(process, data_sources, &mut report);
        flows::check(process, &mut report);
        paths::check(process, &mut report);
        scripts::check(process, scripts, &mut report);
    }
    report.finish()
}

fn code(why: &NotExecutable) -> &'static str {
    match why {
        NotExecutable::NoProcess => "no-process",
        NotExecutable::NoneMarked { .. } => "no-executable-process",
        NotExecutable::SeveralMarked { .. } => "several-executable-processes",
    }
}

fn sentence(why: &NotExecutable) -> String {
    let text = why.to_string();
    let mut rest = text.chars();
    let first = rest.next().into_iter().flat_map(char::to_uppercase);
    first.chain(rest).chain(['.']).collect()
}

/// Whether a process is the one that runs, or one of several that claim to be.
fn is_judged(definitions: &Definitions, process: &Process) -> bool {
    process.is_executable == Some(true) || definitions.processes.len() == 1
}

/// Of each scope, whether its inside is judged: not where an element around it does not run, since
/// other rules hold in a transaction or an event subprocess, and it has to go anyway.
fn judged(process: &Process) -> Vec<bool> {
    let mut judged: Vec<bool> = Vec::with_capacity(process.scopes.len());
    for scope in &process.scopes {
        // the scope around stands before: scopes are numbered in document order
        let around = scope.parent.and_then(|parent| judged.get(parent.at()));
        let element = scope.element.and_then(|ix| process.elements.get(ix.at()));
        let runs = element.is_none_or(|element| matches!(element.kind, Kind::SubProcess(_)));
        judged.push(runs && around.copied().unwrap_or(true));
    }
    judged
}

/// The problems found so far.
#[derive(Default)]
struct Report {
    problems: Vec<Problem>,
    omitted: u32,
    omitted_severity: Option<Severity>,
}

impl Report {
    fn error(&mut self, code: &'static str, subject: impl Subject, message: String) {
        self.add(Severity::Error, code, subject, message);
    }

    fn warning(&mut self, code: &'static str, subject: impl Subject, message: String) {
        self.add(Severity::Warning, code, subject, message);
    }

    fn syntax(&mut self, subject: impl Subject, message: String, error: &SyntaxError) {
        let mut problem = problem(Severity::Error, "javascript-syntax", subject, message);
        problem.line = error.line;
        problem.column = error.column;
        self.push(problem);
    }

    fn file(&mut self, code: &'static str, message: String) {
        self.error(code, ("", None), message);
    }

    fn add(&mut self, severity: Severity, code: &'static str, subject: impl Subject, message: String) {
        self.push(problem(severity, code, subject, message));
    }

    fn push(&mut self, problem: Problem) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        } else {
            self.omitted += 1;
            // an error weighs more: it stands first in the order of severities
            let weight = self.omitted_severity.unwrap_or(problem.severity);
            self.omitted_severity = Some(weight.min(problem.severity));
        }
    }

    fn finish(mut self) -> Vec<Problem> {
        if let Some(severity) = self.omitted_severity {
            let message = format!("{} more problems are not listed. Mend these first.", self.omitted);
            self.problems.push(problem(severity, "more-problems", ("", None), message));
        }
        self.problems
    }
}

fn problem(severity: Severity, code: &'static str, subject: impl Subject, message: String) -> Problem {
    let (id, name) = subject.id_and_name();
    Problem {
        severity,
        code,
        element_id: (!id.is_empty()).then(|| id.to_owned()),
        element_name: name.map(str::to_owned),
        message,
        line: None,
        column: None,
    }
}

/// What a problem is about.
trait Subject: Copy {
    fn id_and_name(&self) -> (&str, Option<&str>);

    /// How a message calls it: its name as drawn, else its id.
    fn label(&self) -> String {
        let (id, name) = self.id_and_name();
        match name {
            Some(name) => format!("\"{}\"", words::one_line(name)),
            None if id.is_empty() => "an element without id".to_owned(),
            None => words::one_line(id),
        }
    }
}

impl Subject for &Element {
    fn id_and_name(&self) -> (&str, Option<&str>) {
        (&self.id, self.name.as_deref())
    }
}

impl Subject for &Flow {
    fn id_and_name(&self) -> (&str, Option<&str>) {
        (&self.id, self.name.as_deref())
    }
}

impl Subject for &Process {
    fn id_and_name(&self) -> (&str, Option<&str>) {
        (&self.id, self.name.as_deref())
    }
}

impl Subject for (&str, Option<&str>) {
    fn id_and_name(&self) -> (&str, Option<&str>) {
        *self
    }
}
