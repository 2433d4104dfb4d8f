//! JavaScript: scripts and conditions.

use super::{Report, Subject, SyntaxCheck};
use crate::model::{Condition, Flow, Kind, Process, Script, is_javascript};

pub(super) fn check(process: &Process, scripts: &dyn SyntaxCheck, report: &mut Report) {
    for element in &process.elements {
        if let Kind::ScriptTask(script) = &element.kind {
            task(element, script, scripts, report);
        }
    }
    for flow in &process.flows {
        if let Some(condition) = &flow.condition {
            expression(flow, condition, scripts, report);
        }
    }
}

fn task(task: impl Subject, script: &Script, scripts: &dyn SyntaxCheck, report: &mut Report) {
    let label = task.label();
    if let Some(format) = foreign(script.format.as_deref()) {
        let message = format!(
            "The script of {label} is in the format {format}, but only JavaScript runs. Write it \
             in JavaScript and set the format to \"javascript\"."
        );
        report.error("unknown-script-format", task, message);
        return;
    }
    if script.source.trim().is_empty() {
        let message = format!("The script task {label} has no script: it does nothing.");
        report.warning("empty-script", task, message);
        return;
    }
    if let Err(error) = scripts.script(&script.source) {
        let message = format!("The script of {label} is not valid JavaScript: {}", error.message);
        report.syntax(task, message, &error);
    }
}

fn expression(flow: &Flow, condition: &Condition, scripts: &dyn SyntaxCheck, report: &mut Report) {
    let label = flow.label();
    if let Some(language) = foreign(condition.language.as_deref()) {
        let message = format!(
            "The condition of the flow {label} is in the language {language}, but only \
             JavaScript runs. Write it in JavaScript and set the language to \"javascript\"."
        );
        report.error("unknown-expression-language", flow, message);
        return;
    }
    if condition.source.is_empty() {
        let message = format!(
            "The condition of the flow {label} is empty. Write a JavaScript expression that is \
             true or false, or remove the condition."
        );
        report.error("empty-condition", flow, message);
        return;
    }
    if let Err(error) = scripts.expression(&condition.source) {
        let message = format!(
            "The condition of the flow {label} is not a valid JavaScript expression: {}",
            error.message
        );
        report.syntax(flow, message, &error);
    }
}

/// The language, where it is not one that runs.
fn foreign(language: Option<&str>) -> Option<String> {
    language.filter(|name| !is_javascript(Some(name))).map(super::words::one_line)
}
