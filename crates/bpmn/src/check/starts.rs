//! How a process and its subprocesses begin.

use std::collections::HashMap;

use super::words::{a, kind};
use super::{Report, Subject, judged};
use crate::links::{INCOMING_WEBHOOK, webhook};
use crate::model::{Element, ElementIx, Kind, Process, ProcessTrigger, Scope, StartEvent};

pub(super) fn check(process: &Process, data_sources: &dyn Fn(&str) -> bool, report: &mut Report) {
    let judged = judged(process);
    for (scope, _) in process.scopes.iter().zip(judged).filter(|(_, judged)| *judged) {
        match scope.element.and_then(|ix| process.elements.get(ix.at())) {
            None => root(process, scope, data_sources, report),
            Some(element) => subprocess(process, scope, element, report),
        }
    }
}

fn root(process: &Process, scope: &Scope, data_sources: &dyn Fn(&str) -> bool, report: &mut Report) {
    if scope.starts.is_empty() {
        let message = "The process has no start event. Add a message start event and choose the \
                       webhook that starts it."
            .to_owned();
        report.error("no-start-event", process, message);
    }
    let mut webhooks = HashMap::new();
    for event in elements(process, &scope.starts) {
        if let Kind::StartEvent(StartEvent::Message(trigger)) = &event.kind
            && let Some(id) = chosen(event, trigger.as_ref(), report)
        {
            data_source(event, id, data_sources, report);
            // a UUID in capitals is the same one
            if let Some(first) = webhooks.insert(id.to_ascii_lowercase(), event) {
                let message = format!(
                    "{} waits for the same webhook as {}. Choose another webhook for one of \
                     them: one event starts a process once.",
                    event.label(),
                    first.label()
                );
                report.error("webhook-used-twice", event, message);
                webhooks.insert(id.to_ascii_lowercase(), first);
            }
        }
    }
    several_none(process, scope, report);
}

fn chosen<'p>(event: &Element, trigger: Option<&'p ProcessTrigger>, report: &mut Report) -> Option<&'p str> {
    let label = event.label();
    match trigger {
        Some(trigger) if trigger.trigger_type == INCOMING_WEBHOOK => {
            let id = webhook(trigger);
            if id.is_none() {
                let message = format!("{label} has no webhook yet. Choose the data source.");
                report.error("no-webhook-chosen", event, message);
            }
            return id;
        }
        Some(trigger) if !trigger.trigger_type.is_empty() => {
            let message = format!(
                "{label} has a trigger of type {}, which does not run yet. Choose an incoming \
                 webhook.",
                super::words::one_line(&trigger.trigger_type)
            );
            report.error("unsupported-trigger", event, message);
        }
        _ => {
            let message = format!(
                "{label} does not say what triggers it. Choose an incoming webhook and its data \
                 source."
            );
            report.error("no-webhook-chosen", event, message);
        }
    }
    None
}

fn data_source(event: &Element, id: &str, data_sources: &dyn Fn(&str) -> bool, report: &mut Report) {
    if !data_sources(&id.to_ascii_lowercase()) {
        let message = format!(
            "{} waits for the data source {}, which this project does not have. Choose one that \
             it has.",
            event.label(),
            super::words::one_line(id)
        );
        report.error("unknown-data-source", event, message);
    }
}

fn subprocess(process: &Process, scope: &Scope, element: &Element, report: &mut Report) {
    if scope.starts.is_empty() {
        let message =
            format!("The subprocess {} has no start event. Add a plain start event.", element.label());
        report.error("no-start-event", element, message);
    }
    for event in elements(process, &scope.starts) {
        if !matches!(event.kind, Kind::StartEvent(StartEvent::None)) {
            let message = format!(
                "{} is {} in the subprocess {}, which only a plain start event can begin. Remove \
                 its trigger.",
                event.label(),
                a(&kind(event)),
                element.label()
            );
            report.error("subprocess-start", event, message);
        }
    }
    several_none(process, scope, report);
}

fn several_none(process: &Process, scope: &Scope, report: &mut Report) {
    let plain = elements(process, &scope.starts)
        .filter(|event| matches!(event.kind, Kind::StartEvent(StartEvent::None)));
    for event in plain.skip(1) {
        let message = format!(
            "{} is one plain start event too many: it would not be clear where to begin. Keep \
             one.",
            event.label()
        );
        report.error("several-none-starts", event, message);
    }
}

fn elements<'p>(process: &'p Process, at: &[ElementIx]) -> impl Iterator<Item = &'p Element> {
    at.iter().filter_map(|ix| process.elements.get(ix.at()))
}
